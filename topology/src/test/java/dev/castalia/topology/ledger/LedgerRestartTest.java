package dev.castalia.topology.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.events.RequestedTask;
import dev.castalia.events.Slice;
import dev.castalia.events.SweepCancelled;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.events.TaskRegistered;
import dev.castalia.events.UnitId;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.Mesh;
import dev.castalia.topology.state.SliceDocuments;
import dev.castalia.topology.state.SweepCounts;
import dev.castalia.topology.state.UnitDigest;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ledger that goes on with the store of another: what that one had in memory must not matter. */
class LedgerRestartTest {

  private static final int WINDOW = LoneLedger.SETTINGS.window();
  private static final int CHECKPOINTS = WINDOW + 1;
  private static final int SLICES = 4;
  private static final TaskRegistered TASK = Mesh.task("sum", SLICES * 10, 10);

  private final LoneLedger ledger = new LoneLedger();

  @BeforeEach
  void start() {
    ledger.take(TASK);
    for (int i = 0; i < CHECKPOINTS; i++) {
      ledger.take(Mesh.checkpoint("m", i));
    }
    ledger.take(sweep("s"));
  }

  @Test
  void aBundleIsOverWhenTheRestOfItIsAnsweredAfterARestart() {
    List<EvaluationRequested> window = tick();
    EvaluationRequested first = window.getFirst();
    answer(first, 0, SLICES / 2);
    ledger.restart();
    answer(first, SLICES / 2, SLICES);

    assertThat(window).hasSize(WINDOW);
    assertThat(tick()).hasSize(1);
  }

  @Test
  void aBundleThatIsAnsweredInPartStaysOutstandingOverARestart() {
    EvaluationRequested first = tick().getFirst();
    answer(first, 0, SLICES - 1);
    ledger.restart();

    assertThat(tick()).isEmpty();
  }

  @Test
  void countsGoOnWhereTheyWere() {
    EvaluationRequested first = tick().getFirst();
    answer(first, 0, 1);
    ledger.restart();
    answer(first, 1, 2);

    assertThat(
            ledger.tick().stream()
                .map(Record::value)
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
    ledger.restart();

    assertThat(tick()).hasSize(WINDOW);
  }

  @Test
  void unitsThatRestDoSoOverARestart() {
    EvaluationRequested first = tick().getFirst();
    fail(first, 0, SLICES);
    ledger.restart();
    ledger.take(sweep("another"));

    assertThat(tick())
        .extracting(EvaluationRequested::getCheckpoint)
        .isNotEmpty()
        .doesNotContain(first.getCheckpoint());
  }

  @Test
  void whatIsLetGoOfForANewVersionIsNotOutstandingAfterARestart() {
    followTheLatest();
    assertThat(tick()).hasSize(WINDOW);

    ledger.take(laterVersion());
    ledger.restart();

    requireOnlyTheLaterVersion();
  }

  @Test
  void whatWasAskedForBeforeARestartIsLetGoOfForANewVersion() {
    followTheLatest();
    assertThat(tick()).hasSize(WINDOW);

    ledger.restart();
    ledger.take(laterVersion());

    requireOnlyTheLaterVersion();
  }

  /** A sweep that wants whatever version is current, in place of the one of the first version. */
  private void followTheLatest() {
    ledger.take(new SweepCancelled("s", "test", LoneLedger.NOW));
    ledger.take(
        SweepRequested.newBuilder(sweep("latest"))
            .setTasks(List.of(new SweepTask("sum", null, null)))
            .build());
  }

  private static TaskRegistered laterVersion() {
    return TaskRegistered.newBuilder(TASK)
        .setVersion("v2")
        .setRegisteredAt(LoneLedger.NOW.plusSeconds(1))
        .build();
  }

  private void requireOnlyTheLaterVersion() {
    assertThat(tick())
        .hasSize(WINDOW)
        .flatExtracting(EvaluationRequested::getTasks)
        .extracting(RequestedTask::getVersion)
        .containsOnly("v2");
  }

  /** What the ledger asks for with its next tick. */
  private List<EvaluationRequested> tick() {
    return ledger.tick().stream()
        .map(Record::value)
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
      ledger.take(
          new UnitDigest(
              evaluation,
              slice.getStart(),
              slice.getEnd(),
              new ArrayList<>(),
              new SliceDocuments(List.of()),
              "weights",
              request.getRequest(),
              LoneLedger.NOW.toEpochMilli()));
    }
  }

  /** Fails the request's slices in passing, from one on up to another, that one left out. */
  private void fail(EvaluationRequested request, int from, int to) {
    RequestedTask task = request.getTasks().getFirst();
    for (Slice slice : task.getSlices().subList(from, to)) {
      ledger.take(
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
              .setFailedAt(LoneLedger.NOW)
              .build());
    }
  }

  private static SweepRequested sweep(String id) {
    return SweepRequested.newBuilder()
        .setSweep(id)
        .setRequestedBy("test")
        .setRequestedAt(LoneLedger.NOW)
        .setModels(List.of("m"))
        .setTasks(List.of(new SweepTask("sum", "v1", null)))
        .build();
  }
}
