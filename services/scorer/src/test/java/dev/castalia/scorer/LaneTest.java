package dev.castalia.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** What a lane says to the share group of the requests that it hands out. */
class LaneTest {

  private final List<AcknowledgeType> said = new ArrayList<>();
  private int evaluated;
  private int triedToGiveUp;
  private Lane lane;

  @Test
  void aRequestGivenOutForTheFirstTimeIsEvaluated() {
    run(1, 0);

    assertThat(evaluated).isEqualTo(1);
    assertThat(said).containsExactly(AcknowledgeType.ACCEPT);
  }

  @Test
  void oneGivenOutAgainIsGivenUp() {
    run(2, 0);

    assertThat(evaluated).isZero();
    assertThat(said).containsExactly(AcknowledgeType.REJECT);
  }

  @Test
  void oneThatCannotBeGivenUpYetIsHeldUntilItCan() {
    run(2, 3);

    assertThat(triedToGiveUp).isEqualTo(4);
    assertThat(said)
        .containsExactly(
            AcknowledgeType.RENEW,
            AcknowledgeType.RENEW,
            AcknowledgeType.RENEW,
            AcknowledgeType.REJECT);
  }

  @Test
  void aClosedLaneGoesOnWithItsRequestUntilItIsToHandItBack() {
    List<Boolean> over = new ArrayList<>();

    run(
        1,
        evaluation -> {
          assertThat(lane.isBusy()).isTrue();
          lane.close();
          over.add(evaluation.isOver());
          lane.handBack();
          over.add(evaluation.isOver());
        },
        given -> {});

    assertThat(over).containsExactly(false, true);
    assertThat(lane.isBusy()).isFalse();
  }

  /** Has one request handed out, and its giving up fail so often. */
  private void run(int deliveries, int failures) {
    run(
        deliveries,
        evaluation -> {
          evaluated++;
          lane.close();
        },
        given -> {
          assertThat(given).isEqualTo(deliveries);
          if (triedToGiveUp++ < failures) {
            throw new IllegalStateException("the registry is away");
          }
          lane.close();
        });
  }

  private void run(int deliveries, Consumer<Evaluation> evaluate, IntConsumer giveUp) {
    Work work =
        new Work() {
          @Override
          public AcknowledgeType evaluate(
              ConsumerRecord<String, byte[]> record, Evaluation evaluation) {
            evaluate.accept(evaluation);
            return AcknowledgeType.ACCEPT;
          }

          @Override
          public void giveUp(ConsumerRecord<String, byte[]> record, int given) {
            giveUp.accept(given);
          }
        };
    lane =
        new Lane("lane", consumer(record(deliveries)), work, Duration.ofMinutes(1), Duration.ZERO);
    lane.run();
  }

  /** One that hands out the same record with every poll, as a renewed one is. */
  @SuppressWarnings("unchecked") // A proxy knows no type arguments.
  private ShareConsumer<String, byte[]> consumer(ConsumerRecord<String, byte[]> record) {
    ConsumerRecords<String, byte[]> records =
        new ConsumerRecords<>(
            Map.of(new TopicPartition(record.topic(), 0), List.of(record)), Map.of());
    return (ShareConsumer<String, byte[]>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ShareConsumer.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "poll" -> records;
                  case "acknowledge" -> {
                    said.add((AcknowledgeType) arguments[1]);
                    yield null;
                  }
                  case "commitSync" -> Map.of();
                  default -> null;
                });
  }

  private static ConsumerRecord<String, byte[]> record(int deliveries) {
    return new ConsumerRecord<>(
        "requests",
        0,
        0,
        0,
        TimestampType.CREATE_TIME,
        0,
        0,
        "key",
        new byte[1],
        new RecordHeaders(),
        Optional.empty(),
        Optional.of((short) deliveries));
  }
}
