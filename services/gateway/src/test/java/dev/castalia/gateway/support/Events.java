package dev.castalia.gateway.support;

import dev.castalia.events.AcquisitionCurve;
import dev.castalia.events.Aggregation;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Direction;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.FailureKind;
import dev.castalia.events.Finding;
import dev.castalia.events.MetricScore;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.ModelProgress;
import dev.castalia.events.ScoreReported;
import dev.castalia.events.Scorecard;
import dev.castalia.events.StepEstimate;
import dev.castalia.events.SweepProgress;
import dev.castalia.events.TaskRegistered;
import dev.castalia.events.Trajectory;
import dev.castalia.events.TrajectoryPoint;
import dev.castalia.events.UnitId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Events as the mesh writes them, with what a test does not care about filled in. */
public final class Events {

  public static final Instant EARLIER = Instant.parse("2026-01-02T03:04:05Z");
  public static final MetricSpec ACC =
      new MetricSpec("acc", Aggregation.MEAN, Direction.HIGHER, null, 0.5);
  public static final MetricSpec BIAS =
      new MetricSpec("pct_stereotype", Aggregation.MEAN, Direction.NEAREST, 0.5, null);

  private Events() {}

  public static Finding finding(String model, String task) {
    return Finding.newBuilder()
        .setFinding("acquisition|" + model + "|" + task + "|acc|0|float32")
        .setKind("acquisition")
        .setSubject(model + "|" + task + "|acc|0|float32")
        .setVerdict("sudden")
        .setTask(task)
        .setMetric("acc")
        .setModels(List.of(model))
        .setEvidence(List.of(model + "@step1", model + "@step512"))
        .setExpected(3)
        .setMethod("isotonic-half-way")
        .setComputedAt(EARLIER)
        .setDetails(
            new AcquisitionCurve(0.5, 0.9, new StepEstimate(512L, 500L, 600L), 1.0, 0.5, 1.5))
        .build();
  }

  public static CheckpointPublished checkpoint(String model, long step) {
    return CheckpointPublished.newBuilder()
        .setModel(model)
        .setRevision("step" + step)
        .setStep(step)
        .setTokensSeen(step * 4096)
        .setParameters(model.contains("197k") ? 198_400 : 74_368)
        .setVariant(model.contains("deduped") ? "deduped" : "standard")
        .setSeed(1234L)
        .setTokenizer("/suite/tokenizer.json")
        .setLocation("/suite/" + model + "/step" + step)
        .setPublishedAt(EARLIER)
        .build();
  }

  public static TaskRegistered task(String task, String version, MetricSpec... metrics) {
    return TaskRegistered.newBuilder()
        .setTask(task)
        .setVersion(version)
        .setLanguage("en")
        .setDocuments(300)
        .setSliceDocuments(128)
        .setMeanTokens(24.5)
        .setOutputType("multiple_choice")
        .setShots(0)
        .setMetrics(metrics.length == 0 ? List.of(ACC) : Arrays.asList(metrics))
        .setTags(List.of("nano"))
        .setLocation("/suite/tasks/" + task + ".yaml")
        .setRegisteredAt(EARLIER)
        .build();
  }

  public static Scorecard scorecard(
      CheckpointPublished checkpoint, String task, MetricSpec metric, double value) {
    return scorecard(checkpoint, task, "v1", 0, metric, value);
  }

  public static Scorecard scorecard(
      CheckpointPublished checkpoint,
      String task,
      String version,
      int shots,
      MetricSpec metric,
      double value) {
    return Scorecard.newBuilder()
        .setCheckpoint(checkpoint)
        .setTask(task)
        .setVersion(version)
        .setLanguage("en")
        .setTags(List.of("nano"))
        .setShots(shots)
        .setDtype("float32")
        .setDocuments(300)
        .setOfDocuments(300)
        .setMetrics(List.of(new MetricScore(metric, value, 0.01)))
        .setFingerprint("abc")
        .setTaskRegisteredAt(EARLIER.plusSeconds(version.equals("v1") ? 0 : 60))
        .setUpdatedAt(EARLIER.plusSeconds(1))
        .build();
  }

  /** The same as if somebody else had measured it. */
  public static Scorecard from(String source, Scorecard card) {
    return Scorecard.newBuilder(card).setDtype("").setFingerprint(null).setSource(source).build();
  }

  /** What the aggregator makes of a report. */
  public static Scorecard reported(ScoreReported report) {
    return Scorecard.newBuilder()
        .setCheckpoint(report.getCheckpoint())
        .setTask(report.getTask())
        .setVersion(report.getVersion())
        .setLanguage(report.getLanguage())
        .setTags(report.getTags())
        .setShots(report.getShots())
        .setDtype("")
        .setDocuments(report.getDocuments())
        .setOfDocuments(Objects.requireNonNullElse(report.getOfDocuments(), report.getDocuments()))
        .setMetrics(
            List.of(new MetricScore(report.getMetric(), report.getValue(), report.getStderr())))
        .setTaskRegisteredAt(Instant.EPOCH)
        .setUpdatedAt(report.getReportedAt())
        .setSource(report.getSource())
        .build();
  }

  public static Trajectory trajectory(String model, String task, TrajectoryPoint... points) {
    return new Trajectory(
        model, task, "v1", ACC, 0, "float32", Arrays.asList(points), EARLIER.plusSeconds(1), null);
  }

  public static TrajectoryPoint point(long step, double value) {
    return new TrajectoryPoint("step" + step, step, step * 4096, value, 0.01, 300, 300);
  }

  public static SweepProgress progress(
      String sweep, boolean planning, int checkpoints, int planned, int done, int failed) {
    return new SweepProgress(
        sweep,
        planning,
        false,
        checkpoints,
        planned,
        done,
        failed,
        List.of(new ModelProgress("nano-74k", planned, done, failed)),
        EARLIER.plusSeconds(2));
  }

  public static EvaluationFailed failure(String checkpoint, String task, String version) {
    return EvaluationFailed.newBuilder()
        .setUnit(new UnitId(checkpoint, task, version, 0, "float32", 0, 128))
        .setKind(FailureKind.PERMANENT)
        .setReason("model.safetensors ends after 100 of 200 bytes")
        .setRemedy("copy the file again, then publish the checkpoint")
        .setAttempts(1)
        .setFailedAt(EARLIER.plusSeconds(3))
        .build();
  }
}
