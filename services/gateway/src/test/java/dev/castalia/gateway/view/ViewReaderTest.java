package dev.castalia.gateway.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.gateway.cluster.EventCodec;
import dev.castalia.gateway.support.Events;
import dev.castalia.gateway.support.MemoryCluster;
import dev.castalia.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ViewReaderTest {

  private final MemoryCluster cluster = new MemoryCluster();
  private final Views views = new Views(10);
  private final ViewReader reader =
      new ViewReader(cluster, cluster.codec(), views, Duration.ofMillis(10));

  @AfterEach
  void close() throws InterruptedException {
    reader.close();
  }

  @Test
  void theViewsAreCompleteWhenWhatWasThereHasBeenRead() {
    for (int step = 0; step < 100; step++) {
      publish("nano-74k", step);
    }

    reader.start();

    await().until(views::complete);
    assertThat(views.checkpoints().size()).isEqualTo(100);
    assertThat(views.identity()).contains("memory-1");
    assertThat(reader.trouble()).isEmpty();
  }

  @Test
  void whatComesLaterIsReadToo() {
    reader.start();
    await().until(views::complete);

    publish("nano-74k", 1);

    await().until(() -> views.checkpoints().get("nano-74k@step1").isPresent());
  }

  @Test
  void badRecordsArePassedOverAndCounted() {
    publish("nano-74k", 1);
    cluster.append(Topic.CHECKPOINTS, "bad", bytes("no frame"), new RecordHeaders());
    cluster.append(Topic.CHECKPOINTS, "worse", new byte[] {0, 9, 9, 9, 9}, new RecordHeaders());
    publish("nano-74k", 2);

    reader.start();

    await().until(views::complete);
    assertThat(views.checkpoints().size()).isEqualTo(2);
    assertThat(reader.unreadable()).isEqualTo(2);
    assertThat(reader.trouble()).isEmpty();
  }

  @Test
  void whatTheAggregatorPutsAsideIsPassedOverToo() {
    cluster.append(Topic.CHECKPOINTS, "another-key", Events.checkpoint("nano-74k", 1));
    cluster.append(Topic.SWEEPS, "aimless", sweepOver(List.of()));

    reader.start();

    await().until(views::complete);
    assertThat(views.checkpoints().size()).isZero();
    assertThat(views.sweeps().size()).isZero();
    assertThat(reader.unreadable()).isEqualTo(2);
  }

  @Test
  void whileTheRegistryIsAwayNothingIsPassedOver() {
    cluster.codec().registryAnswers(false);
    publish("nano-74k", 1);
    reader.start();
    await().until(() -> reader.trouble().orElse("").contains("schema registry"));
    assertThat(views.complete()).isFalse();

    cluster.codec().registryAnswers(true);

    await().until(views::complete);
    assertThat(views.checkpoints().size()).isEqualTo(1);
    assertThat(reader.unreadable()).isZero();
    assertThat(reader.trouble()).isEmpty();
  }

  @Test
  void anErrorEndsTheReadingAndIsTrouble() {
    EventCodec codec =
        new EventCodec() {
          @Override
          public byte[] encode(Topic topic, SpecificRecord event) {
            throw new UnsupportedOperationException();
          }

          @Override
          public SpecificRecord decode(Topic topic, byte[] bytes) {
            throw new NoClassDefFoundError("Checkpoint");
          }
        };
    ViewReader ending = new ViewReader(cluster, codec, views, Duration.ofMillis(10));
    publish("nano-74k", 1);
    assertThat(ending.isAlive()).isTrue();

    ending.start();

    await().until(() -> !ending.isAlive());
    assertThat(ending.trouble().orElse("")).contains("NoClassDefFoundError: Checkpoint");
  }

  @Test
  void brokersThatAreGoneAreTroubleAndWhatWasReadIsKept() {
    publish("nano-74k", 1);
    reader.start();
    await().until(views::complete);

    cluster.brokersAnswer(false);

    await().until(() -> reader.trouble().orElse("").contains("the brokers do not answer"));
    assertThat(views.complete()).isTrue();
    assertThat(views.checkpoints().size()).isEqualTo(1);

    cluster.brokersAnswer(true);

    await().until(() -> reader.trouble().isEmpty());
  }

  @Test
  void topicsThatWereCreatedAgainAreReadFromTheirBeginning() {
    publish("nano-74k", 1);
    reader.start();
    await().until(views::complete);

    cluster.recreate("memory-2");

    await().until(() -> views.identity().filter("memory-2"::equals).isPresent());
    assertThat(views.checkpoints().rows()).isEmpty();
  }

  @Test
  void oneThatWasNotStartedCanBeClosed() {
    assertThatNoException().isThrownBy(reader::close);
  }

  @Test
  void scorecardsShareTheirCheckpoint() {
    for (String task : new String[] {"a", "b"}) {
      var card = Events.scorecard(Events.checkpoint("nano-74k", 1), task, Events.ACC, 0.5);
      cluster.append(Topic.SCORECARDS, "nano-74k@step1|" + task + "|0|float32", card);
    }

    reader.start();

    await().until(views::complete);
    var cards = views.scorecards().rows().stream().map(Row::value).toList();
    assertThat(cards).hasSize(2);
    assertThat(cards.get(0).getCheckpoint()).isSameAs(cards.get(1).getCheckpoint());
    assertThat(cards.get(0).getMetrics().getFirst().getSpec())
        .isSameAs(cards.get(1).getMetrics().getFirst().getSpec());
  }

  private static SweepRequested sweepOver(List<String> models) {
    return SweepRequested.newBuilder()
        .setSweep("aimless")
        .setRequestedBy("ada")
        .setRequestedAt(Events.EARLIER)
        .setModels(models)
        .setTasks(List.of(new SweepTask("t", "v1", 0)))
        .build();
  }

  private void publish(String model, long step) {
    cluster.append(Topic.CHECKPOINTS, model + "@step" + step, Events.checkpoint(model, step));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
