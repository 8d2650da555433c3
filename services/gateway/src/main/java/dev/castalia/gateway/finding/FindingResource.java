package dev.castalia.gateway.finding;

import dev.castalia.events.Finding;
import dev.castalia.gateway.api.Page;
import dev.castalia.gateway.api.Parameters;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.Views;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What the scores support. */
@Path("/api/v1/findings")
@Tag(name = "Results")
@RunOnVirtualThread
public class FindingResource {

  private final Views views;

  FindingResource(Views views) {
    this.views = views;
  }

  @Schema(name = "Findings", description = "A page of findings, in the order of ids.")
  public record Findings(List<FindingForm> findings, int page, int pageSize, int total) {}

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
      @BeanParam Page page) {
    Predicate<String> tasks = Parameters.glob(task);
    Predicate<String> models = Parameters.glob(model);
    List<Finding> found =
        views.findings().rows().stream()
            .map(Row::value)
            .filter(it -> kind == null || kind.equals(it.getKind()))
            .filter(it -> verdict == null || verdict.equals(it.getVerdict()))
            .filter(it -> task == null || it.getTask() != null && tasks.test(it.getTask()))
            .filter(it -> model == null || it.getModels().stream().anyMatch(models))
            .toList();
    return new Findings(
        page.of(found).stream().map(FindingForm::of).toList(),
        page.number(),
        page.size(),
        found.size());
  }
}
