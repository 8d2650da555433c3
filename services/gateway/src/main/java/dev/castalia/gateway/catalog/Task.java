package dev.castalia.gateway.catalog;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.castalia.events.TaskRegistered;
import dev.castalia.gateway.api.Fields;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A task, as it is published and as it is given. */
@Schema(name = "Task", description = "A version of a task that checkpoints can be evaluated on.")
public record Task(
    @Schema(description = "Name as in its definition.", examples = "nano_agreement") String task,
    @Schema(description = "Hash of definition and data.", examples = "5f1c7a90b2d44e61")
        String version,
    @Schema(description = "BCP 47 tag of the task's text.", examples = "en") String language,
    @Schema(description = "Documents that are scored, at least 1.", examples = "300")
        Integer documents,
    @Schema(description = "Documents in a slice, at least 1.", examples = "100")
        Integer sliceDocuments,
    @Schema(description = "Mean tokens a document costs.", examples = "24.5") Double meanTokens,
    @Schema(
            description = "What the model is asked for.",
            enumeration = {
              "multiple_choice",
              "loglikelihood",
              "loglikelihood_rolling",
              "memorization"
            })
        String outputType,
    @Schema(description = "Few-shot examples where a sweep does not say.", examples = "0")
        Integer shots,
    @Schema(description = "The first is the task's main metric.") List<Metric> metrics,
    @Schema(description = "Tags and groups; may be left out.", examples = "[\"nano\"]")
        List<String> tags,
    @Schema(description = "Where a scorer finds the definition: path or file URI.") String location,
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
        @Schema(readOnly = true, description = "When this version was first registered.")
        Instant registeredAt) {

  private static final List<String> OUTPUT_TYPES =
      List.of("multiple_choice", "loglikelihood", "loglikelihood_rolling", "memorization");

  public static Task of(TaskRegistered event) {
    return new Task(
        event.getTask(),
        event.getVersion(),
        event.getLanguage(),
        event.getDocuments(),
        event.getSliceDocuments(),
        event.getMeanTokens(),
        event.getOutputType(),
        event.getShots(),
        event.getMetrics().stream().map(Metric::of).toList(),
        event.getTags(),
        event.getLocation(),
        event.getRegisteredAt());
  }

  TaskRegistered toEvent(Instant now) {
    Fields fields = new Fields("task " + task);
    return TaskRegistered.newBuilder()
        .setTask(fields.name("task", task))
        .setVersion(fields.name("version", version))
        .setLanguage(fields.text("language", language))
        .setDocuments((int) fields.atLeast("documents", documents, 1))
        .setSliceDocuments((int) fields.atLeast("sliceDocuments", sliceDocuments, 1))
        .setMeanTokens(fields.positive("meanTokens", meanTokens))
        .setOutputType(fields.oneOf("outputType", outputType, OUTPUT_TYPES))
        .setShots((int) fields.atLeast("shots", shots, 0))
        .setMetrics(
            fields.notEmpty("metrics", metrics).stream()
                .map(metric -> metric.toEvent(fields))
                .toList())
        .setTags(fields.names("tags", tags))
        .setLocation(fields.text("location", location))
        .setRegisteredAt(now)
        .build();
  }
}
