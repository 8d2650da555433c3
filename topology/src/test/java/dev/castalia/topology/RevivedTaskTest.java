package dev.castalia.topology;

import static dev.castalia.topology.Mesh.START;
import static dev.castalia.topology.Mesh.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.Aggregation;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Direction;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.Finding;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.ScoreReported;
import dev.castalia.events.SweepProgress;
import dev.castalia.schemas.Keys;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/**
 * After an aborted transaction Kafka Streams initialises the same processors once more: what they
 * have in memory must be what their stores hold, and nothing on top of it.
 */
class RevivedTaskTest {

  private static final MetricSpec ACC =
      new MetricSpec("acc", Aggregation.MEAN, Direction.HIGHER, null, 0.25);

  /** What stands at the end, times left out. */
  private record End(
      Map<String, SpecificRecord> tables, List<String> requested, int pendingFindings) {}

  @Test
  void everyProcessorEndsWhereItWouldHaveEnded() {
    End undisturbed = end(mesh -> {});

    assertThat(undisturbed.tables().values())
        .extracting(it -> it.getSchema().getName())
        .contains("Scorecard", "Leaderboard", "Trajectory", "Finding", "SweepProgress");
    assertThat(undisturbed.tables().get("younger"))
        .extracting("planned", "done")
        .containsExactly(2, 2);
    assertThat(undisturbed.pendingFindings()).isZero();
    assertThat(end(Mesh::revive)).isEqualTo(undisturbed);
  }

  private static End end(Consumer<Mesh> afterEachStep) {
    try (Mesh mesh = new Mesh()) {
      Map<String, SpecificRecord> tables = new TreeMap<>();
      List<String> requested = new ArrayList<>();
      for (SpecificRecord event : events(mesh)) {
        mesh.put(event);
        afterEachStep.accept(mesh);
      }
      mesh.tick();
      for (EvaluationRequested request : mesh.requests()) {
        Mesh.units(request)
            .forEach(
                unit -> {
                  requested.add(Keys.of(unit));
                  String weights = request.getCheckpoint().getContentHash();
                  mesh.put(mesh.score(unit, request.getRequest(), 0.8, weights));
                  afterEachStep.accept(mesh);
                });
        mesh.tick();
      }
      for (int i = 0; i < 20; i++) {
        mesh.pass(Duration.ofMillis(500));
        afterEachStep.accept(mesh);
      }
      tables.putAll(mesh.scorecards());
      tables.putAll(mesh.leaderboards());
      tables.putAll(mesh.trajectories());
      mesh.progress()
          .forEach(
              (key, it) ->
                  tables.put(key, SweepProgress.newBuilder(it).setUpdatedAt(START).build()));
      mesh.findings()
          .forEach(
              (key, it) ->
                  tables.put(key, Finding.newBuilder(it).setComputedAt(Instant.EPOCH).build()));
      mesh.requests().forEach(it -> Mesh.units(it).forEach(unit -> requested.add(Keys.of(unit))));
      return new End(tables, requested, mesh.pendingFindings());
    }
  }

  /** For twins, counterparts, a missing task, what others reported: all that is kept track of. */
  private static List<SpecificRecord> events(Mesh mesh) {
    List<SpecificRecord> events = new ArrayList<>();
    events.add(task("sum", 10, 5));
    events.add(checkpoint("a", 1, "standard", "one"));
    events.add(checkpoint("a", 2, "standard", "two"));
    events.add(checkpoint("b", 1, "standard", "one"));
    events.add(checkpoint("a-deduped", 1, "deduped", "three"));
    events.add(mesh.sweep("all", "*", "sum", "absent"));
    events.add(mesh.sweep("younger", "b", "sum"));
    for (String model : List.of("c", "d", "e")) {
      for (long step : new long[] {1, 2, 4, 8}) {
        if (!model.equals("d") || step != 4) {
          events.add(reported(model, step));
        }
      }
    }
    return events;
  }

  private static CheckpointPublished checkpoint(
      String model, long step, String variant, String weights) {
    return CheckpointPublished.newBuilder(Mesh.checkpoint(model, step))
        .setVariant(variant)
        .setContentHash(weights)
        .build();
  }

  private static ScoreReported reported(String model, long step) {
    return ScoreReported.newBuilder()
        .setCheckpoint(Mesh.checkpoint(model, step))
        .setTask("sum")
        .setShots(0)
        .setMetric(ACC)
        .setValue(0.25 + step / 20.0)
        .setStderr(0.01)
        .setDocuments(100)
        .setSource("paper")
        .setReportedAt(START)
        .build();
  }
}
