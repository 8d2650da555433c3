package dev.castalia.topology.trajectories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.Trajectory;
import dev.castalia.events.TrajectoryPoint;
import dev.castalia.schemas.Topic;
import dev.castalia.topology.state.ScoredMetric;
import dev.castalia.topology.state.TaskScore;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrajectoriesTest {

  private static final List<ScoredMetric> SCORED =
      List.of(new ScoredMetric("acc", "MEAN", "HIGHER", null, 0.25, 0.5, 0.1));

  @Test
  void tenThousandCheckpointsAreAPointEach() {
    assertThat(of("checkpoints/global_step", 10_000).getPoints()).hasSize(10_000);
  }

  @Test
  void ofMoreThanAnEventHasRoomForTheFirstAndTheLastAreThere() throws IOException {
    Trajectory trajectory = of("\ud83d\ude00".repeat(190), 12_000);

    assertThat(trajectory.toByteBuffer().remaining()).isLessThan(Topic.MAX_EVENT_BYTES);
    assertThat(trajectory.getPoints())
        .hasSizeGreaterThan(5000)
        .extracting(TrajectoryPoint::getStep)
        .startsWith(0L)
        .endsWith(11_999L);
  }

  private static Trajectory of(String revision, int checkpoints) {
    List<TaskScore> scores =
        IntStream.range(0, checkpoints).mapToObj(step -> score(revision + step, step)).toList();
    return Trajectories.trajectories(scores).getFirst();
  }

  private static TaskScore score(String revision, long step) {
    return new TaskScore(
        "a",
        revision,
        step,
        step,
        1000L,
        "standard",
        null,
        null,
        "en",
        null,
        null,
        "sum",
        "v1",
        0L,
        "en",
        0,
        "float32",
        null,
        10,
        10,
        null,
        0L,
        SCORED);
  }
}
