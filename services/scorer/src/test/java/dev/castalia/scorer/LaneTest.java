package dev.castalia.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** What a lane says to the share group of the requests that it hands out. */
class LaneTest {

  private static final MetricName HEARTBEATS =
      new MetricName("heartbeat-total", "consumer-share-coordinator-metrics", "", Map.of());

  private final List<AcknowledgeType> said = new ArrayList<>();
  private int opened;
  private int polled;
  private int evaluated;
  private int triedToGiveUp;
  private double heartbeats;
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

  @Test
  void aLaneThatHandsBackInterruptsWhatItFetchesAndNothingElse() {
    List<Boolean> interrupted = new ArrayList<>();

    run(
        1,
        evaluation -> {
          evaluation.fetch(
              () -> {
                lane.close();
                lane.handBack();
                return interrupted.add(Thread.currentThread().isInterrupted());
              });
          lane.handBack();
          interrupted.add(Thread.currentThread().isInterrupted());
          evaluation.fetch(() -> interrupted.add(Thread.currentThread().isInterrupted()));
        },
        given -> {});

    assertThat(interrupted).containsExactly(true, false, true);
  }

  @Test
  void aRequestThatTheBrokerWasAskedForBeforeTheLaneWasClosedIsEvaluated() {
    run(
        () ->
            consumer(
                () -> {
                  if (polled++ == 0) {
                    lane.close();
                    return ConsumerRecords.empty();
                  }
                  return records(1);
                }),
        Duration.ofMinutes(1),
        this::evaluateTheLast,
        given -> {});

    assertThat(evaluated).isEqualTo(1);
    assertThat(said).containsExactly(AcknowledgeType.ACCEPT);
  }

  @Test
  void aClosedLaneAsksForNothingMoreOnceItsRequestIsDone() {
    run(
        () -> consumer(() -> records(++polled)),
        Duration.ofMinutes(1),
        this::evaluateTheLast,
        given -> {});

    assertThat(polled).isEqualTo(1);
  }

  @Test
  void aConsumerWhoseMembershipHasEndedIsReplaced() {
    ShareConsumer<String, byte[]> ended =
        consumer(
            () -> {
              if (polled++ == 0) {
                throw new GroupAuthorizationException("scorers");
              }
              if (polled == 10) {
                lane.close();
              }
              return ConsumerRecords.empty();
            });
    Iterator<ShareConsumer<String, byte[]>> consumers =
        List.of(ended, consumer(() -> records(1))).iterator();

    run(consumers::next, Duration.ofMinutes(1), this::evaluateTheLast, given -> {});

    assertThat(evaluated).isEqualTo(1);
    assertThat(said).containsExactly(AcknowledgeType.ACCEPT);
  }

  @Test
  void aLaneIsNotReadyBeforeTheGroupHasAnswered() {
    List<Boolean> ready = new ArrayList<>();

    run(
        () ->
            consumer(
                () -> {
                  ready.add(lane.isReady());
                  heartbeats = ready.size() < 3 ? 0 : 1;
                  if (ready.size() == 5) {
                    lane.close();
                  }
                  return ConsumerRecords.empty();
                }),
        Duration.ofMinutes(1),
        this::evaluateTheLast,
        given -> {});

    assertThat(ready).containsExactly(false, false, false, false, true, true);
  }

  @Test
  void aLaneThatIsGivenARequestIsReadyWhileItIsEvaluated() {
    List<Boolean> ready = new ArrayList<>();

    run(
        1,
        evaluation -> {
          ready.add(lane.isReady());
          lane.close();
        },
        given -> {});

    assertThat(ready).containsExactly(true);
  }

  @Test
  void aLaneThatTheGroupHasRefusedIsNotReadyBeforeItAnswersTheNextConsumer() {
    List<Boolean> ready = new ArrayList<>();
    heartbeats = 1;

    run(
        () ->
            consumer(
                () -> {
                  ready.add(lane.isReady());
                  if (ready.size() == 2) {
                    heartbeats = 0;
                    throw new GroupAuthorizationException("scorers");
                  }
                  if (ready.size() == 4) {
                    lane.close();
                  }
                  return ConsumerRecords.empty();
                }),
        Duration.ofMinutes(1),
        this::evaluateTheLast,
        given -> {});

    assertThat(ready).containsExactly(false, true, false, false, false);
  }

  @Test
  void aConsumerThatFailsInPassingIsKept() {
    run(
        () -> {
          opened++;
          return consumer(
              () -> {
                if (polled++ == 0) {
                  throw new TimeoutException("the brokers are away");
                }
                return records(1);
              });
        },
        Duration.ofMinutes(1),
        this::evaluateTheLast,
        given -> {});

    assertThat(opened).isEqualTo(1);
    assertThat(evaluated).isEqualTo(1);
  }

  @Test
  void anEvaluationWhoseLockCannotBeRenewedIsAbandonedAndInHandUntilItEnds() {
    List<Boolean> busy = new ArrayList<>();

    run(
        () ->
            consumer(
                () -> {
                  if (polled++ == 1) {
                    throw new KafkaException("the group is gone");
                  }
                  return records(1);
                }),
        Duration.ofMillis(10),
        evaluation -> {
          try {
            await().pollInterval(Duration.ofMillis(10)).until(evaluation::isOver);
            busy.add(lane.isBusy());
          } finally {
            evaluateTheLast(evaluation);
          }
        },
        given -> {});

    assertThat(busy).containsExactly(true);
    assertThat(evaluated).isEqualTo(1);
    assertThat(said).containsExactly(AcknowledgeType.RENEW);
    assertThat(lane.isBusy()).isFalse();
  }

  @Test
  void anInterruptedLaneWaitsForItsEvaluationAndIsInterruptedStill() {
    Thread thread = Thread.currentThread();

    run(
        1,
        evaluation -> {
          thread.interrupt();
          await().until(evaluation::isOver);
          await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
          evaluated++;
        },
        given -> {});

    assertThat(Thread.interrupted()).isTrue();
    assertThat(evaluated).isEqualTo(1);
  }

  private void evaluateTheLast(Evaluation evaluation) {
    evaluated++;
    lane.close();
  }

  /** Has one request handed out, and its giving up fail so often. */
  private void run(int deliveries, int failures) {
    run(
        deliveries,
        this::evaluateTheLast,
        given -> {
          assertThat(given).isEqualTo(deliveries);
          if (triedToGiveUp++ < failures) {
            throw new IllegalStateException("the registry is away");
          }
          lane.close();
        });
  }

  /** Hands out the same record with every poll, as a renewed one is. */
  private void run(int deliveries, Consumer<Evaluation> evaluate, IntConsumer giveUp) {
    run(() -> consumer(() -> records(deliveries)), Duration.ofMinutes(1), evaluate, giveUp);
  }

  private void run(
      Supplier<ShareConsumer<String, byte[]>> consumers,
      Duration renewEvery,
      Consumer<Evaluation> evaluate,
      IntConsumer giveUp) {
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
    lane = new Lane("lane", consumers, work, renewEvery, Duration.ZERO);
    lane.run();
  }

  @SuppressWarnings("unchecked") // A proxy knows no type arguments.
  private ShareConsumer<String, byte[]> consumer(Supplier<ConsumerRecords<String, byte[]>> polls) {
    return (ShareConsumer<String, byte[]>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ShareConsumer.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "poll" -> polls.get();
                  case "acknowledge" -> {
                    said.add((AcknowledgeType) arguments[1]);
                    yield null;
                  }
                  case "commitSync" -> Map.of();
                  case "metrics" -> Map.of(HEARTBEATS, heartbeats());
                  default -> null;
                });
  }

  private Metric heartbeats() {
    return new Metric() {
      @Override
      public MetricName metricName() {
        return HEARTBEATS;
      }

      @Override
      public Object metricValue() {
        return heartbeats;
      }
    };
  }

  private static ConsumerRecords<String, byte[]> records(int deliveries) {
    ConsumerRecord<String, byte[]> record = record(deliveries);
    return new ConsumerRecords<>(
        Map.of(new TopicPartition(record.topic(), 0), List.of(record)), Map.of());
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
