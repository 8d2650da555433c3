package dev.castalia.topology.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.Mesh;
import dev.castalia.topology.ledger.LedgerOutput.Counted;
import dev.castalia.topology.state.Twins;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

/** What planning costs when there are many sweeps. */
class PlannerTest {

  private static final int ROWS = Planner.ROWS_PER_TICK;
  private static final int TASKS = 20;
  private static final int SWEEPS = 30;

  private final LoneLedger ledger = new LoneLedger();

  /** By sweep, then by checkpoint: units planned, of which each row has one. */
  private final Map<String, Map<String, Integer>> planned = new TreeMap<>();

  @Test
  void aTickPlansNoMoreHoweverManySweepsThereAre() {
    askForAll(SWEEPS);

    tick();

    assertThat(
            planned.values().stream().flatMap(it -> it.values().stream()).mapToInt(it -> it).sum())
        .isBetween(ROWS, ROWS + TASKS);
  }

  @Test
  void everySweepIsPlannedInItsTurn() {
    askForAll(SWEEPS);

    for (int i = 0; i < SWEEPS; i += Math.ceilDiv(ROWS, TASKS)) {
      tick();
    }

    assertThat(planned).hasSize(SWEEPS).allSatisfy((sweep, it) -> assertThat(it).hasSize(1));
  }

  @Test
  void aCheckpointIsNotHeldAgainstTheSweepsThatWereOverBeforeIt() {
    assertThat(callsForANewCheckpoint(1000)).isEqualTo(callsForANewCheckpoint(10));
  }

  private void askForAll(int sweeps) {
    List<String> tasks = IntStream.range(0, TASKS).mapToObj(it -> "task" + it).toList();
    tasks.forEach(it -> ledger.take(Mesh.task(it, 10, 10)));
    for (int i = 0; i < 10; i++) {
      ledger.take(Mesh.checkpoint("m", i));
    }
    for (int i = 0; i < sweeps; i++) {
      ledger.take(sweep("s" + i, tasks));
    }
  }

  private void tick() {
    for (Record<String, LedgerOutput> said : ledger.tick()) {
      if (said.value() instanceof Counted(var counts)) {
        planned
            .computeIfAbsent(said.key(), it -> new TreeMap<>())
            .put(counts.getCheckpoint(), counts.getPlanned());
      }
    }
  }

  /** How often the store is asked about a checkpoint that is published after so many sweeps. */
  private static int callsForANewCheckpoint(int sweeps) {
    LoneLedger ledger = new LoneLedger();
    ledger.take(Mesh.task("sum", 10, 10));
    for (int i = 0; i < sweeps; i++) {
      ledger.take(sweep("s" + i, List.of("sum")));
    }
    ledger.tick();
    CheckpointPublished checkpoint =
        CheckpointPublished.newBuilder(Mesh.checkpoint("m", 1))
            .setPublishedAt(LoneLedger.NOW.plusSeconds(1))
            .setContentHash("weights")
            .build();
    int before = ledger.storeCalls();
    ledger.take(checkpoint);
    ledger.take(new Twins(Keys.of(checkpoint), "weights", null, List.of()));
    return ledger.storeCalls() - before;
  }

  private static SweepRequested sweep(String id, List<String> tasks) {
    return SweepRequested.newBuilder()
        .setSweep(id)
        .setRequestedBy("test")
        .setRequestedAt(LoneLedger.NOW)
        .setModels(List.of("m"))
        .setTasks(tasks.stream().map(it -> new SweepTask(it, "v1", null)).toList())
        .build();
  }
}
