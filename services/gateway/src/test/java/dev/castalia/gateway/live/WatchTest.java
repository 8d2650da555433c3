package dev.castalia.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.SweepCancelled;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.gateway.support.Events;
import dev.castalia.gateway.support.MemoryCluster;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.Sweep;
import dev.castalia.gateway.view.ViewReader;
import dev.castalia.gateway.view.ViewReaders;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Topic;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WatchTest {

  private static final Row<EvaluationFailed> UNREADABLE =
      failure(Keys.deadLetter("castalia.scores", 0, 7), null);
  private static final Row<EvaluationFailed> MISSING_TASK =
      failure(Keys.missingTask("mine", "sums"), "mine");

  private final Views views = new Views(5);

  @Test
  void whoWatchesASweepIsToldOfATaskThatItWantsAndNobodyRegistered() {
    assertThat(watch(null, null, "mine").wants(MISSING_TASK)).isTrue();
    assertThat(watch(null, null, "another").wants(MISSING_TASK)).isFalse();
    assertThat(watch(null, null, "mine").wants(UNREADABLE)).isFalse();
  }

  @Test
  void whoWatchesAModelOrATaskIsNotToldWhatIsOfNone() {
    assertThat(watch(null, null, null).wants(UNREADABLE)).isTrue();
    assertThat(watch("nano-*", null, null).wants(UNREADABLE)).isFalse();
    assertThat(watch(null, "*", null).wants(UNREADABLE)).isFalse();
  }

  @Test
  void whatIsOfASweepFollowsTheSweep() throws InterruptedException {
    MemoryCluster cluster = new MemoryCluster();
    cluster.append(Topic.CHECKPOINTS, "nano@step1", Events.checkpoint("nano", 1));
    cluster.append(
        Topic.SWEEPS,
        "mine",
        SweepRequested.newBuilder()
            .setSweep("mine")
            .setRequestedBy("ada")
            .setRequestedAt(Events.EARLIER)
            .setModels(List.of("nano"))
            .setTasks(List.of(new SweepTask("sums", "v1", 0)))
            .build());
    ViewReader reader = ViewReaders.of(cluster, views);
    try {
      reader.start();
      await().until(views::complete);
      Watch watch = watch(null, null, "mine");
      EvaluationFailed failed = Events.failure("nano@step1", "sums", "v1");
      assertThat(watch.wants(row(Keys.of(failed.getUnit()), failed))).isTrue();

      cluster.append(Topic.SWEEPS, "mine", new SweepCancelled("mine", "ada", Events.EARLIER));
      await().until(() -> views.sweeps().get("mine").get() instanceof Sweep.Cancelled);

      assertThat(watch.wants(row(Keys.of(failed.getUnit()), failed))).isFalse();
    } finally {
      reader.close();
    }
  }

  private Watch watch(String model, String task, String sweep) {
    return new Watch(views, EnumSet.of(LiveTopic.FAILURES), Set.of(), model, task, sweep);
  }

  /** A failure that is no unit's. */
  private static Row<EvaluationFailed> failure(String key, String sweep) {
    EvaluationFailed ofAUnit = Events.failure("nano@step1", "sums", "v1");
    return row(key, EvaluationFailed.newBuilder(ofAUnit).setUnit(null).setSweep(sweep).build());
  }

  private static Row<EvaluationFailed> row(String key, EvaluationFailed event) {
    return new Row<>(key, event, 0, 0, Events.EARLIER);
  }
}
