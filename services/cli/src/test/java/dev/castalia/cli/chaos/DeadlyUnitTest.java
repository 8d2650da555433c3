package dev.castalia.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.castalia.cli.cluster.ClusterOptions;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.cluster.Part;
import dev.castalia.cli.cluster.TopicRecords;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.SweepOrder;
import dev.castalia.cli.gateway.SweepProgress;
import dev.castalia.cli.gateway.TaskEntry;
import dev.castalia.cli.progress.SweepWatch;
import dev.castalia.cli.suite.Announcement;
import dev.castalia.cli.suite.Suite;
import dev.castalia.cli.suite.SuitePublisher;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.FailureKind;
import dev.castalia.schemas.Topic;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One unit whose scorer dies whenever it is at it. Takes two minutes. */
@Tag("manual")
@Tag("chaos")
class DeadlyUnitTest {

  private static final String MODEL = "nano-74k";
  private static final String DEADLY = "nano_deadly";

  @Test
  void aScorerKilledFiveTimesOnOneUnitIsOneFailureAndItsNeighboursAreScored(@TempDir Path folder)
      throws Exception {
    // Its definition is a pipe: whoever reads it waits for us, and we know that it is being read.
    Path definition = folder.resolve(DEADLY + ".yaml");
    assertThat(new ProcessBuilder("mkfifo", definition.toString()).start().waitFor()).isZero();
    try (LocalCluster cluster =
            LocalCluster.start(
                Installation.find(),
                ClusterOptions.withScorers(1).withLock(Duration.ofSeconds(3)),
                System.out::println);
        GatewayClient gateway = new GatewayClient(URI.create(cluster.gatewayUrl()))) {
      publish(gateway, definition);
      gateway.createSweep(
          new SweepOrder(
              "deadly", "test", List.of(MODEL), "512", List.of("*"), null, null, false, 0));

      Part scorer = cluster.part("scorer-1");
      for (int death = 1; death <= 5; death++) {
        try (OutputStream reached = new FileOutputStream(definition.toFile())) {
          scorer.killForGood();
        }
        scorer.start();
      }

      SweepProgress end = new SweepWatch(gateway, "deadly").each(progress -> {});
      assertThat(end.done()).isEqualTo(8);
      assertThat(end.failed()).isEqualTo(1);
      EvaluationFailed failure = onlyFailure(cluster);
      assertThat(failure.getUnit().getTask()).isEqualTo(DEADLY);
      assertThat(failure.getKind()).isEqualTo(FailureKind.EXHAUSTED);
      assertThat(failure.getAttempts()).isEqualTo(5);
      assertThat(failure.getReason()).endsWith("after 5 attempts");
      assertThat(failure.getRemedy()).contains("scorers that died");
    }
  }

  private static EvaluationFailed onlyFailure(LocalCluster cluster) {
    return await()
        .until(
            () ->
                TopicRecords.latest(cluster, Topic.FAILURES).values().stream()
                    .map(EvaluationFailed.class::cast)
                    .toList(),
            failures -> failures.size() == 1)
        .getFirst();
  }

  private static void publish(GatewayClient gateway, Path definition) {
    Announcement suite =
        Suite.read(Installation.find().suite("nano")).announcement(Suite.Steps.DEMO);
    TaskEntry any = suite.tasks().getFirst();
    List<TaskEntry> tasks = new ArrayList<>(suite.tasks());
    tasks.add(
        new TaskEntry(
            DEADLY,
            "v1",
            any.language(),
            any.documents(),
            any.documents(),
            any.meanTokens(),
            any.outputType(),
            any.shots(),
            any.metrics(),
            List.of(),
            definition.toString()));
    new SuitePublisher(gateway)
        .publish(
            new Announcement(
                tasks,
                suite.checkpoints().stream().filter(it -> it.model().equals(MODEL)).toList(),
                List.of(),
                List.of()));
  }
}
