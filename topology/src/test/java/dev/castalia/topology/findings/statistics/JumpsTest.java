package dev.castalia.topology.findings.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.topology.findings.statistics.Jumps.Jump;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class JumpsTest {

  private final RandomGenerator random = Draws.random();

  private static List<List<Measurement>> tasks(int tasks, RandomGenerator random) {
    return tasks(tasks, Draws.ramp(64, 3000, 0.25, 0.6), random);
  }

  private static List<List<Measurement>> tasks(
      int tasks, DoubleUnaryOperator probability, RandomGenerator random) {
    List<List<Measurement>> scores = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      scores.add(new ArrayList<>(Draws.run(probability, random)));
    }
    return scores;
  }

  /** Untrained weights under the names of some checkpoints. */
  private static DoubleUnaryOperator wrong(Integer... checkpoints) {
    DoubleUnaryOperator right = Draws.ramp(512, 30000, 0.25, 0.6);
    return at ->
        Stream.of(checkpoints)
                .map(Draws.steps()::get)
                .anyMatch(step -> Measurement.place(step) == at)
            ? 0.25
            : right.applyAsDouble(at);
  }

  private static void shift(List<Measurement> task, int checkpoint, double by) {
    Measurement score = task.get(checkpoint);
    task.set(checkpoint, new Measurement(score.at(), score.value() + by, score.stderr()));
  }

  @Test
  void aCheckpointThatIsWrongOnEveryTaskIsFoundThoughNoTaskShowsItAlone() {
    List<List<Measurement>> scores = tasks(40, random);
    scores.forEach(task -> shift(task, 20, -0.1));

    assertThat(Jumps.of(scores, 0.05)).extracting(Jump::checkpoint).containsExactly(20);
  }

  @Test
  void aScoreThatJumpsOnOneTaskIsFoundThere() {
    List<List<Measurement>> scores = tasks(10, random);
    shift(scores.get(3), 18, 0.35);

    List<Jump> found = Jumps.of(scores, 0.05);

    assertThat(found).extracting(Jump::checkpoint).containsExactly(18);
    assertThat(found.getFirst().tasks()).contains(3);
    assertThat(found.getFirst().largest()).isPositive();
  }

  @Test
  void aCheckpointWithUntrainedWeightsIsFound() {
    assertThat(Jumps.of(tasks(5, wrong(20), random), 0.05))
        .extracting(Jump::checkpoint)
        .containsExactly(20);
  }

  @Test
  void twoWrongCheckpointsInARowAreNotLaidToTheOneBefore() {
    assertThat(Jumps.of(tasks(40, wrong(13, 14), random), 0.05)).isEmpty();
  }

  @Test
  void aRightCheckpointBetweenTwoWrongOnesIsNotSuspected() {
    assertThat(Jumps.of(tasks(40, wrong(18, 20), random), 0.05)).isEmpty();
  }

  @Test
  void aScoreBeyondAllBoundsIsAJumpLikeOthers() {
    List<Measurement> task = new ArrayList<>();
    for (int i = 0; i < 13; i++) {
      task.add(Draws.normal(i, 0.3, 0.01, random));
    }
    task.set(6, new Measurement(6, Double.MAX_VALUE, 0.01));

    assertThat(Jumps.of(List.of(task), 0.05)).extracting(Jump::checkpoint).containsExactly(6);
  }

  @Test
  void aLevelThatChangesForGoodIsNoJump() {
    assertThat(Jumps.of(tasks(10, at -> at < 12 ? 0.2 : 0.9, random), 0.05)).isEmpty();
  }

  @Test
  void scoresThatAreMissingAreNoJump() {
    List<List<Measurement>> scores = tasks(10, random);
    scores.forEach(task -> task.set(7, null));

    assertThat(Jumps.of(scores, 0.05)).isEmpty();
  }

  @Test
  @Tag("slow")
  void aRunWithoutJumpsIsSuspectedAsRarelyAsClaimed() {
    Draws.assertRateAtMost(0.05, draw -> !Jumps.of(tasks(10, draw), 0.05).isEmpty());
  }

  @Test
  @Tag("slow")
  void aRunThatIsRougherThanSamplingIsSuspectedAsRarelyAsClaimed() {
    Draws.assertRateAtMost(
        0.05,
        draw -> {
          DoubleUnaryOperator ramp = Draws.ramp(64, 3000, 0.25, 0.6);
          return !Jumps.of(tasks(5, Draws.wobbling(ramp, 2, draw), draw), 0.05).isEmpty();
        });
  }

  @Test
  @Tag("slow")
  void aRunThatIsRougherAtItsBeginningIsSuspectedAsRarelyAsClaimed() {
    double quiet = Measurement.place(3001);

    Draws.assertRateAtMost(
        0.05,
        draw -> {
          DoubleUnaryOperator rough = Draws.wobbling(at -> 0.25, 3, draw);
          DoubleUnaryOperator probability = at -> at < quiet ? rough.applyAsDouble(at) : 0.25;
          return !Jumps.of(tasks(5, probability, draw), 0.05).isEmpty();
        });
  }
}
