package dev.castalia.gateway.catalog;

import dev.castalia.events.TaskRegistered;
import dev.castalia.gateway.api.Page;
import dev.castalia.gateway.problem.NearMisses;
import dev.castalia.gateway.problem.Problem;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.View;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Glob;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The tasks that checkpoints can be evaluated on. */
@Path("/api/v1/tasks")
@Tag(name = "Catalog", description = "What there is to evaluate, and on what.")
@RunOnVirtualThread
public class TaskResource {

  private final View<TaskRegistered> tasks;
  private final Publisher publisher;

  TaskResource(Views views, Publisher publisher) {
    this.tasks = views.tasks();
    this.publisher = publisher;
  }

  @Schema(name = "Tasks", description = "A page of tasks, in the order of names.")
  public record Tasks(List<Task> tasks, int page, int pageSize, int total) {}

  @POST
  @Operation(
      operationId = "registerTasks",
      summary = "Register tasks",
      description =
          "One task or an array of them. A task that is known as it is, is left alone; a new"
              + " version takes the old one's place. Answers when the tasks can be read back.")
  @APIResponse(
      responseCode = "201",
      description = "At least one was new.",
      content = @Content(schema = @Schema(implementation = Published.class)))
  @APIResponse(
      responseCode = "200",
      description = "All were known.",
      content = @Content(schema = @Schema(implementation = Published.class)))
  @APIResponse(
      responseCode = "422",
      description = "One is invalid; none was registered.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Response register(List<Task> body) {
    Published published =
        publisher.publish(
            tasks,
            Bodies.items(body),
            task -> task::toEvent,
            TaskRegistered::getTask,
            TaskResource::asKnown);
    return Bodies.created(published);
  }

  /** One version is cut into slices once: what is scored of it is scored by those. */
  private static TaskRegistered asKnown(TaskRegistered known, TaskRegistered wanted) {
    return known.getVersion().equals(wanted.getVersion())
        ? TaskRegistered.newBuilder(wanted)
            .setDocuments(known.getDocuments())
            .setSliceDocuments(known.getSliceDocuments())
            .setRegisteredAt(known.getRegisteredAt())
            .build()
        : wanted;
  }

  @GET
  @Operation(
      operationId = "listTasks",
      summary = "List tasks",
      description = "The latest version of every task, in the order of names.")
  public Tasks list(
      @Parameter(description = "Only tasks whose name matches, with * and ?.", example = "nano_*")
          @QueryParam("task")
          String task,
      @Parameter(description = "Only tasks with this tag.", example = "nano") @QueryParam("tag")
          String tag,
      @Parameter(description = Page.AFTER, example = "nano_agreement") @QueryParam("after")
          String after,
      @BeanParam Page page) {
    Predicate<String> named = Glob.anyOf(task);
    List<TaskRegistered> found =
        tasks.rowsAfter(after).stream()
            .map(Row::value)
            .filter(event -> named.test(event.getTask()))
            .filter(event -> tag == null || event.getTags().contains(tag))
            .toList();
    return new Tasks(
        page.of(found).stream().map(Task::of).toList(), page.number(), page.size(), found.size());
  }

  @GET
  @Path("/{task: .+}")
  @Operation(
      operationId = "getTask",
      summary = "Read a task",
      description = "The latest version of one task.")
  @APIResponse(
      responseCode = "404",
      description = "No such task.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  @APIResponse(
      responseCode = "200",
      description = "The task.",
      content = @Content(schema = @Schema(implementation = Task.class)))
  public Task get(@Parameter(description = "Name of the task.") @PathParam("task") String task) {
    return tasks.get(task).map(Task::of).orElseThrow(() -> unknown(task));
  }

  private ProblemException unknown(String task) {
    return ProblemException.notFound(
        "task", task, NearMisses.of(task, tasks.rows().stream().map(Row::key).toList()));
  }
}
