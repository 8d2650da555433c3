package dev.castalia.topology.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.events.RequestedTask;
import dev.castalia.events.Slice;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.events.UnitId;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.Mesh;
import dev.castalia.topology.TopologyMonitor;
import dev.castalia.topology.state.SliceDocuments;
import dev.castalia.topology.state.StatefulSupplier;
import dev.castalia.topology.state.SweepCounts;
import dev.castalia.topology.state.UnitDigest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that goes on with the store of another: what that one had in memory must not matter. */
class LedgerRestartTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final int WINDOW = LedgerSettings.defaults().window();
  private static final int CHECKPOINTS = WINDOW + 1;
  private static final int SLICES = 4;

  @TempDir private Path folder;

  private MockProcessorContext<String, LedgerOutput> context;
  private Processor<String, SpecificRecord, String, LedgerOutput> ledger;

  @BeforeEach
  void start() {
    context = new MockProcessorContext<>(new Properties(), new TaskId(0, 0), folder.toFile());
    context.setCurrentSystemTimeMs(NOW.toEpochMilli());
    KeyValueStore<String, SpecificRecord> store =
        StatefulSupplier.store(Books.STORE, Books.TYPES)
            .withCachingDisabled()
            .withLoggingDisabled()
            .build();
    store.init(context.getStateStoreContext(), store);
    restart();
    take(Mesh.task("sum", SLICES * 10, 10));
    for (int i = 0; i < CHECKPOINTS; i++) {
      take(Mesh.checkpoint("m", i));
    }
    take(sweep("s"));
  }

  @Test
  void aBundleIsOverWhenTheRestOfItIsAnsweredAfterARestart() {
    List<EvaluationRequested> window = tick();
    EvaluationRequested first = window.getFirst();
    answer(first, 0, SLICES / 2);
    restart();
    answer(first, SLICES / 2, SLICES);

    assertThat(window).hasSize(WINDOW);
    assertThat(tick()).hasSize(1);
  }

  @Test
  void aBundleThatIsAnsweredInPartStaysOutstandingOverARestart() {
    EvaluationRequested first = tick().getFirst();
    answer(first, 0, SLICES - 1);
    restart();

    assertThat(tick()).isEmpty();
  }

  @Test
  void countsGoOnWhereTheyWere() {
    EvaluationRequested first = tick().getFirst();
    answer(first, 0, 1);
    restart();
    answer(first, 1, 2);
    context.resetForwards();
    context.scheduledPunctuators().getLast().getPunctuator().punctuate(NOW.toEpochMilli());

    assertThat(
            context.forwarded().stream()
                .map(it -> it.record().value())
                .filter(LedgerOutput.Counted.class::isInstance)
                .map(it -> ((LedgerOutput.Counted) it).counts())
                .filter(it -> it.getCheckpoint().equals("m@" + first.getCheckpoint().getRevision()))
                .toList())
        .last()
        .extracting(SweepCounts::getPlanned, SweepCounts::getDone)
        .containsExactly(SLICES, 2);
  }

  @Test
  void planningGoesOnWhereItWas() {
    restart();

    assertThat(tick()).hasSize(WINDOW);
  }

  @Test
  void unitsThatRestDoSoOverARestart() {
    EvaluationRequested first = tick().getFirst();
    fail(first, 0, SLICES);
    restart();
    take(sweep("another"));

    assertThat(tick())
        .extracting(EvaluationRequested::getCheckpoint)
        .isNotEmpty()
        .doesNotContain(first.getCheckpoint());
  }

  /** Another ledger, with nothing but the store of the one before. */
  private void restart() {
    ledger = Ledger.supplier(LedgerSettings.defaults(), TopologyMonitor.NONE).get();
    ledger.init(context);
  }

  private void take(SpecificRecord event) {
    ledger.process(new Record<>("key", event, NOW.toEpochMilli()));
  }

  /** What the ledger asks for with its next tick. */
  private List<EvaluationRequested> tick() {
    context.resetForwards();
    context.scheduledPunctuators().getLast().getPunctuator().punctuate(NOW.toEpochMilli());
    return context.forwarded().stream()
        .map(it -> it.record().value())
        .filter(LedgerOutput.Issued.class::isInstance)
        .map(it -> ((LedgerOutput.Issued) it).request())
        .toList();
  }

  /** Answers the request's slices from one on up to another, that one left out. */
  private void answer(EvaluationRequested request, int from, int to) {
    RequestedTask task = request.getTasks().getFirst();
    String evaluation =
        new Evaluation(
                "m@" + request.getCheckpoint().getRevision(), "sum", "v1", 0, request.getDtype())
            .key();
    for (Slice slice : task.getSlices().subList(from, to)) {
      take(
          new UnitDigest(
              evaluation,
              slice.getStart(),
              slice.getEnd(),
              new ArrayList<>(),
              new SliceDocuments(List.of()),
              "weights",
              request.getRequest(),
              NOW.toEpochMilli()));
    }
  }

  /** Fails the request's slices in passing, from one on up to another, that one left out. */
  private void fail(EvaluationRequested request, int from, int to) {
    RequestedTask task = request.getTasks().getFirst();
    for (Slice slice : task.getSlices().subList(from, to)) {
      take(
          EvaluationFailed.newBuilder()
              .setUnit(
                  new UnitId(
                      Keys.of(request.getCheckpoint()),
                      task.getTask(),
                      task.getVersion(),
                      task.getShots(),
                      request.getDtype(),
                      slice.getStart(),
                      slice.getEnd()))
              .setKind(FailureKind.PASSING)
              .setReason("broken")
              .setRemedy("mend it")
              .setAttempts(request.getAttempt())
              .setRequest(request.getRequest())
              .setFailedAt(NOW)
              .build());
    }
  }

  private static SweepRequested sweep(String id) {
    return SweepRequested.newBuilder()
        .setSweep(id)
        .setRequestedBy("test")
        .setRequestedAt(NOW)
        .setModels(List.of("m"))
        .setTasks(List.of(new SweepTask("sum", "v1", null)))
        .build();
  }
}
