package dev.castalia.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationRequested;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EvenlyTest {

  @Test
  void noPartitionHasMoreWorkThanAnotherByMoreThanARequest() {
    Evenly evenly = new Evenly();
    Random random = new Random(3);
    double longest = 120;
    double[] seconds = new double[4];

    for (int i = 0; i < 1000; i++) {
      EvaluationRequested request = request(random.nextDouble() * longest);
      int partition =
          evenly.partitions("requests", "m@step1", request, seconds.length).get().iterator().next();
      seconds[partition] += request.getEstimatedSeconds();
    }

    double most = Arrays.stream(seconds).max().getAsDouble();
    assertThat(most - Arrays.stream(seconds).min().getAsDouble()).isLessThan(longest);
  }

  private static EvaluationRequested request(double seconds) {
    CheckpointPublished checkpoint = Mesh.checkpoint("m", 1);
    return new EvaluationRequested(
        "m@step1#0",
        "sweep",
        checkpoint,
        List.of(),
        "float32",
        1,
        seconds,
        Instant.EPOCH,
        Instant.EPOCH,
        "");
  }
}
