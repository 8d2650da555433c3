package dev.castalia.gateway.finding;

import dev.castalia.events.Finding;
import dev.castalia.gateway.api.Page;
import dev.castalia.gateway.api.Parameters;
import dev.castalia.gateway.cluster.ClusterClients;
import dev.castalia.gateway.cluster.Coalesced;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Glob;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/** What the scores support. */
@Path("/api/v1/findings")
@Tag(name = "Results")
@RunOnVirtualThread
public class FindingResource {

  private static final Logger LOG = Logger.getLogger(FindingResource.class);
  private static final String NOT_ENOUGH_DATA = "not-enough-data";

  private final Views views;
  private final Coalesced<ClusterClients.Unread> unread;

  FindingResource(Views views, ClusterClients clients) {
    this.views = views;
    this.unread = new Coalesced<>(clients::unread);
  }

  @Schema(name = "Findings", description = "A page of findings.")
  public record Findings(
      List<FindingForm> findings,
      @Schema(description = "The kinds of all findings there are.") Set<String> kinds,
      @Schema(description = "The verdicts of all findings there are.") Set<String> verdicts,
      int page,
      int pageSize,
      int total) {}

  @Schema(name = "FindingsPending", description = "What the findings do not hold yet.")
  public record Pending(
      @Schema(description = "Score events that the aggregator has not read.") long scores,
      @Schema(description = "Events on their way within the aggregator.") long events,
      @Schema(description = "Series and tests that changed and were not computed from.")
          int changes,
      @Schema(description = "Whether the findings are of all scores there are.")
          boolean complete) {}

  @GET
  @Path("pending")
  @Operation(
      operationId = "pendingFindings",
      summary = "How far findings are behind",
      description = "What was scored, and the findings do not hold yet.")
  public Pending pending() {
    long read = views.findings().position()[0];
    int changes = views.pendingFindings();
    ClusterClients.Unread unread = unread();
    boolean settled = unread.scores() == 0 && unread.others() == 0 && changes == 0;
    // What was written meanwhile, or is about to be committed, could say otherwise.
    return new Pending(
        unread.scores(), unread.others(), changes, settled && read >= unread.findings());
  }

  private ClusterClients.Unread unread() {
    try {
      return unread.get();
    } catch (KafkaException e) {
      LOG.warnf(e, "How far the aggregator is could not be asked");
      throw ProblemException.unavailable(
          "Kafka does not say how far the aggregator has read: try again.");
    }
  }

  @GET
  @Operation(
      operationId = "listFindings",
      summary = "List findings",
      description =
          "What the scores so far support, with effect, uncertainty, evidence and method. Newer"
              + " evidence takes a finding's place.")
  public Findings list(
      @Parameter(description = "Only of this kind.", example = "deduplication") @QueryParam("kind")
          String kind,
      @Parameter(description = "Only with this verdict.", example = "helps") @QueryParam("verdict")
          String verdict,
      @Parameter(description = "Only of tasks that match, with * and ?.") @QueryParam("task")
          String task,
      @Parameter(description = "Only about models that match, with * and ?.") @QueryParam("model")
          String model,
      @Parameter(description = "Only those whose subject holds this text.") @QueryParam("about")
          String about,
      @Parameter(description = "Only those for which there are enough data.")
          @QueryParam("conclusive")
          String conclusive,
      @Parameter(description = "id, or latest for the latest first.")
          @QueryParam("order")
          @DefaultValue("id")
          String order,
      @Parameter(
              description = Page.AFTER,
              example = "acquisition|nano-74k|nano_agreement|acc|0|float32")
          @QueryParam("after")
          String after,
      @BeanParam Page page) {
    Predicate<String> tasks = Glob.anyOf(task);
    Predicate<String> models = Glob.anyOf(model);
    boolean conclusiveOnly = Parameters.flag("conclusive", conclusive);
    List<Finding> found =
        views.findings().rowsAfter(after).stream()
            .map(Row::value)
            .filter(it -> kind == null || kind.equals(it.getKind()))
            .filter(it -> verdict == null || verdict.equals(it.getVerdict()))
            .filter(it -> task == null || it.getTask() != null && tasks.test(it.getTask()))
            .filter(it -> model == null || it.getModels().stream().anyMatch(models))
            .filter(it -> !conclusiveOnly || !it.getVerdict().equals(NOT_ENOUGH_DATA))
            .filter(it -> about == null || it.getSubject().contains(about))
            .sorted(order(order))
            .toList();
    return new Findings(
        page.of(found).stream().map(FindingForm::of).toList(),
        all(Finding::getKind),
        all(Finding::getVerdict),
        page.number(),
        page.size(),
        found.size());
  }

  /** Rows come by id, and those of one time keep that order. */
  private static Comparator<Finding> order(String name) {
    return switch (name) {
      case "id" -> (a, b) -> 0;
      case "latest" -> Comparator.comparing(Finding::getComputedAt).reversed();
      default ->
          throw ProblemException.badRequest("order is \"%s\": give id or latest.".formatted(name));
    };
  }

  private Set<String> all(Function<Finding, String> field) {
    return views.findings().rows().stream()
        .map(row -> field.apply(row.value()))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
