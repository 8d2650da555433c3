package dev.castalia.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.cli.chaos.ChaosRun.Round;
import dev.castalia.cli.cluster.ClusterOptions;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Parts killed, restarted and paused at random, thirty sweeps long. Takes half an hour. */
@Tag("manual")
@Tag("chaos")
@Timeout(value = 1, unit = TimeUnit.DAYS)
class ChaosTest {

  private static final int ROUNDS = Integer.getInteger("castalia.chaos.rounds", 30);
  private static final long FIRST_SEED =
      Long.getLong("castalia.chaos.seed", new Random().nextInt(1_000_000));

  @Test
  void nothingIsLostAndNothingIsCountedTwiceWhateverDies() throws Exception {
    List<String> violations = new ArrayList<>();
    try (LocalCluster cluster =
            LocalCluster.start(
                Installation.find(),
                ClusterOptions.withScorers(2).withLock(ChaosRun.LOCK),
                System.out::println);
        ChaosRun chaos = new ChaosRun(cluster, System.out::println)) {
      for (int i = 0; i < ROUNDS; i++) {
        Round round = chaos.round(FIRST_SEED + i);
        System.out.println("figure: " + round);
        round.violations().forEach(it -> violations.add("seed " + round.seed() + ": " + it));
      }
    }

    assertThat(violations).isEmpty();
  }
}
