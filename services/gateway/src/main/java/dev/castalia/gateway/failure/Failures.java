package dev.castalia.gateway.failure;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.gateway.api.Page;
import dev.castalia.gateway.view.Row;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

@Schema(name = "Failures", description = "A page of failures, in the order that was asked for.")
public record Failures(List<Failure> failures, int page, int pageSize, int total) {

  /** The wanted page of these. */
  public static Failures of(List<Row<EvaluationFailed>> found, Page page) {
    return new Failures(
        page.of(found).stream().map(Failure::of).toList(),
        page.number(),
        page.size(),
        found.size());
  }
}
