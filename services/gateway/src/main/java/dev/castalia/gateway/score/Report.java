package dev.castalia.gateway.score;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.ScoreReported;
import dev.castalia.gateway.api.Fields;
import dev.castalia.gateway.catalog.Checkpoint;
import dev.castalia.gateway.catalog.Metric;
import dev.castalia.topology.Bounds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What somebody else measured of one checkpoint. */
@Schema(name = "Report", description = "What somebody else measured of one checkpoint.")
public record Report(
    @Schema(
            description =
                "Who reported it where: a collection of files, a paper, a URL; castalia is Castalia"
                    + " itself and cannot be given. The scores of one source make one trajectory a"
                    + " run.",
            examples = "pythia-evals")
        String source,
    @Schema(description = "The checkpoint; tokenizer and location need not be given.")
        Checkpoint checkpoint,
    @Schema(description = "What was measured, by task.") List<TaskReport> tasks) {

  private static final Map<String, Double> NOT_FINITE =
      Map.of(
          "NaN",
          Double.NaN,
          "Infinity",
          Double.POSITIVE_INFINITY,
          "-Infinity",
          Double.NEGATIVE_INFINITY);

  @Schema(name = "TaskReport", description = "What somebody else measured on one task.")
  public record TaskReport(
      @Schema(description = "Name of the task as the source gives it.") String task,
      @Schema(description = "Its version as the source gives it.", nullable = true) String version,
      @Schema(description = "BCP 47 tag of its text; en unless given.", nullable = true)
          String language,
      @Schema(description = "Groups the task belongs to.", nullable = true) List<String> tags,
      @Schema(description = "Few-shot examples.", examples = "0") Integer shots,
      @Schema(description = "Documents scored, if known.", nullable = true) Integer documents,
      @Schema(
              description =
                  "Documents the task has, if known; as many as were scored unless given.",
              nullable = true)
          Integer ofDocuments,
      @Schema(description = "One score a metric.") List<MetricReport> metrics) {}

  @Schema(name = "MetricReport", description = "One score.")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record MetricReport(
      @Schema(
              description =
                  "The metric; aggregation and direction are UNKNOWN where a source does not say.")
          Metric metric,
      @Schema(description = "The value; null where it is not finite.", nullable = true)
          Double value,
      @Schema(description = "NaN, Infinity or -Infinity, where value is null.", nullable = true)
          String notFinite,
      @Schema(description = "Standard error, if it is known.", nullable = true) Double stderr) {

    double number(Fields fields) {
      if (value != null) {
        return value;
      }
      Double named = notFinite == null ? null : NOT_FINITE.get(notFinite);
      if (named == null) {
        throw fields.invalid(
            "value of " + metric.metric(),
            "is missing: give a number, or NaN, Infinity or -Infinity as notFinite");
      }
      return named;
    }
  }

  /** One event a score. */
  List<ScoreReported> events(Instant now) {
    Fields fields = new Fields("the report of " + source);
    fields.name("source", source);
    CheckpointPublished facts = fields.required("checkpoint", checkpoint).toReportedEvent(now);
    List<ScoreReported> events = new ArrayList<>();
    for (TaskReport task : fields.notEmpty("tasks", tasks)) {
      fields.name("task", task.task());
      for (MetricReport score :
          fields.notEmpty("metrics of " + task.task(), task.metrics(), Bounds.METRICS)) {
        events.add(event(fields, facts, task, score, now));
      }
    }
    return events;
  }

  private static Integer ofDocuments(Fields fields, TaskReport task) {
    if (task.ofDocuments() == null) {
      return null;
    }
    long scored = fields.atLeast("documents", task.documents(), 1);
    return (int) fields.atLeast("ofDocuments", task.ofDocuments(), scored);
  }

  private ScoreReported event(
      Fields fields, CheckpointPublished facts, TaskReport task, MetricReport score, Instant now) {
    return new ScoreReported(
        facts,
        task.task(),
        task.version() == null ? "" : task.version(),
        task.language() == null ? "en" : fields.text("language", task.language()),
        fields.names("tags", task.tags()),
        (int) fields.atLeast("shots", task.shots(), 0),
        fields.required("metric", score.metric()).toReportedEvent(fields),
        score.number(fields),
        score.stderr(),
        task.documents() == null ? null : (int) fields.atLeast("documents", task.documents(), 1),
        ofDocuments(fields, task),
        source,
        now);
  }
}
