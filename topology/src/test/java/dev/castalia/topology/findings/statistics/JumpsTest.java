package dev.castalia.topology.findings.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.topology.findings.statistics.Jumps.Jump;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class JumpsTest {

  private final RandomGenerator random = Draws.random();

  private static List<List<Measurement>> tasks(int tasks, RandomGenerator random) {
    List<List<Measurement>> scores = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      scores.add(new ArrayList<>(Draws.run(Draws.ramp(64, 3000, 0.25, 0.6), random)));
    }
    return scores;
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
    List<List<Measurement>> scores = new ArrayList<>();
    for (int task = 0; task < 10; task++) {
      scores.add(Draws.run(at -> at < 12 ? 0.2 : 0.9, random));
    }

    assertThat(Jumps.of(scores, 0.05)).isEmpty();
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
}
