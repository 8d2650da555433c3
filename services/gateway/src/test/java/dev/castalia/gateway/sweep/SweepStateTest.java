package dev.castalia.gateway.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.SweepCancelled;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.gateway.support.Events;
import dev.castalia.gateway.view.Sweep;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SweepStateTest {

  @Test
  void aSweepWithoutProgressIsPlanning() {
    assertThat(SweepState.of(once(2), Optional.empty())).isEqualTo(SweepState.PLANNING);
  }

  @Test
  void aSweepIsPlanningAsLongAsTheAggregatorSaysSo() {
    assertThat(state(once(2), true, 1, 6, 6, 0)).isEqualTo(SweepState.PLANNING);
  }

  @Test
  void aSweepIsDoneWithoutTheCheckpointsThatWereRetiredMeanwhile() {
    assertThat(state(once(2), false, 1, 6, 6, 0)).isEqualTo(SweepState.DONE);
  }

  @Test
  void aSweepIsRunningWhileUnitsAreUnanswered() {
    assertThat(state(once(2), false, 2, 12, 6, 1)).isEqualTo(SweepState.RUNNING);
  }

  @Test
  void aSweepIsDoneWhenEveryUnitIsScoredOrHasFailed() {
    assertThat(state(once(2), false, 2, 12, 11, 1)).isEqualTo(SweepState.DONE);
  }

  @Test
  void aStandingSweepIsNeverDone() {
    assertThat(state(requested(true, 2), false, 2, 12, 12, 0)).isEqualTo(SweepState.STANDING);
  }

  @Test
  void aCancelledSweepIsCancelledHoweverFarItIs() {
    Optional<Sweep> cancelled =
        Optional.of(new Sweep.Cancelled(new SweepCancelled("s", "ada", Events.EARLIER)));

    assertThat(state(cancelled, false, 2, 12, 12, 0)).isEqualTo(SweepState.CANCELLED);
  }

  private static SweepState state(
      Optional<Sweep> sweep, boolean planning, int checkpoints, int planned, int done, int failed) {
    return SweepState.of(
        sweep, Optional.of(Events.progress("s", planning, checkpoints, planned, done, failed)));
  }

  private static Optional<Sweep> once(int checkpoints) {
    return requested(false, checkpoints);
  }

  private static Optional<Sweep> requested(boolean standing, int checkpoints) {
    return Optional.of(
        new Sweep.Requested(
            SweepRequested.newBuilder()
                .setSweep("s")
                .setRequestedBy("ada")
                .setRequestedAt(Events.EARLIER)
                .setModels(List.of("*"))
                .setTasks(List.of(new SweepTask("t", "v1", 0)))
                .setStanding(standing)
                .setCheckpoints(checkpoints)
                .build(),
            Optional.empty()));
  }
}
