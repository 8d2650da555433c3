package dev.castalia.gateway.failure;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.gateway.api.Page;
import dev.castalia.gateway.api.Parameters;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.View;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.Comparator;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** How failures are listed, and from where on. */
public class FailureOrder {

  @Parameter(description = "Only what failed then or later.", example = "2026-07-13T10:15:30Z")
  @QueryParam("since")
  String since;

  @Parameter(description = "key, or latest for the latest first.")
  @QueryParam("order")
  @DefaultValue("key")
  String order;

  @Parameter(description = Page.AFTER + " By key alone: not with order=latest.")
  @QueryParam("after")
  String after;

  /**
   * What is wanted of these, in the order that is wanted.
   *
   * @throws ProblemException if a parameter means nothing
   */
  public Stream<Row<EvaluationFailed>> list(View<EvaluationFailed> failures) {
    Instant from = Parameters.timeOrNull("since", since);
    if (after != null && !order.equals("key")) {
      throw ProblemException.badRequest(
          "after goes by key: leave it out and give a page, or leave out order.");
    }
    return failures.rowsAfter(after).stream()
        .filter(row -> from == null || !row.value().getFailedAt().isBefore(from))
        .sorted(comparator());
  }

  /** Rows come by key, and those of one time keep that order. */
  private Comparator<Row<EvaluationFailed>> comparator() {
    return switch (order) {
      case "key" -> (a, b) -> 0;
      case "latest" ->
          Comparator.comparing((Row<EvaluationFailed> row) -> row.value().getFailedAt()).reversed();
      default ->
          throw ProblemException.badRequest(
              "order is \"%s\": give key or latest.".formatted(order));
    };
  }
}
