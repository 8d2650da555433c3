package dev.castalia.scorer;

import dev.castalia.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.jboss.logging.Logger;

/**
 * Takes one request after another from the share group, has it evaluated, and acknowledges it once
 * its scores are in Kafka. While a request is evaluated its lock is renewed.
 *
 * <p>A lane has a consumer and two threads of its own: this one speaks to Kafka, the other
 * evaluates.
 */
final class Lane implements Runnable, AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Lane.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LEAVE = Duration.ofSeconds(15);
  private static final Duration LONGEST_LEAVE = Duration.ofMinutes(1);

  private final ShareConsumer<String, byte[]> consumer;
  private final Evaluator evaluator;
  private final Duration renewEvery;
  private final ExecutorService evaluation;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private int refusals;
  private volatile boolean failing;

  Lane(
      String name,
      ShareConsumer<String, byte[]> consumer,
      Evaluator evaluator,
      Duration renewEvery) {
    this.consumer = consumer;
    this.evaluator = evaluator;
    this.renewEvery = renewEvery;
    this.evaluation =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().name(name + "-evaluate").factory());
  }

  @Override
  public void run() {
    subscribe();
    try (consumer;
        evaluation) {
      while (!isStopping()) {
        takeOne();
      }
    }
  }

  /** Lets the unit in hand be finished and gives the rest back. */
  @Override
  public void close() {
    stopping.countDown();
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /** Whether the last try to take a request failed. */
  boolean isFailing() {
    return failing;
  }

  private void takeOne() {
    try {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        evaluate(record);
        holdBack();
      }
      failing = false;
    } catch (RuntimeException e) {
      failing = true;
      LOG.error("The share group cannot be read; trying again", e);
      pause(PAUSE);
    }
  }

  private void evaluate(ConsumerRecord<String, byte[]> record) {
    Lease lease = new Lease(consumer, record);
    int deliveries = record.deliveryCount().orElse((short) 1);
    lease.end(deliveries == 1 ? evaluate(record, lease) : giveUp(record, deliveries));
  }

  private AcknowledgeType evaluate(ConsumerRecord<String, byte[]> record, Lease lease) {
    Evaluation work = new Evaluation(this::isStopping);
    AcknowledgeType answer =
        await(evaluation.submit(() -> evaluator.evaluate(record, work)), lease, work);
    refusals = work.isRefused() ? refusals + 1 : 0;
    return answer;
  }

  /**
   * Lets other scorers have what this one refused; longer with every refusal in a row. It leaves
   * the group meanwhile: where there are no more lanes than partitions, nobody else reads the
   * partition that it has.
   */
  private void holdBack() {
    if (refusals > 0) {
      consumer.unsubscribe();
      Duration pause = LEAVE.multipliedBy(1L << Math.min(refusals - 1, 10));
      pause(pause.compareTo(LONGEST_LEAVE) < 0 ? pause : LONGEST_LEAVE);
      subscribe();
    }
  }

  private void subscribe() {
    consumer.subscribe(List.of(Topic.REQUESTS.topicName()));
  }

  private AcknowledgeType giveUp(ConsumerRecord<String, byte[]> record, int deliveries) {
    try {
      evaluator.giveUp(record, deliveries);
      return AcknowledgeType.REJECT;
    } catch (RuntimeException e) {
      LOG.error("A request could not be given up; another delivery may do better", e);
      return AcknowledgeType.RELEASE;
    }
  }

  private AcknowledgeType await(Future<AcknowledgeType> answer, Lease lease, Evaluation work) {
    while (true) {
      try {
        return answer.get(renewEvery.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (!work.isAbandoned() && !lease.renew()) {
          work.abandon();
        }
      } catch (ExecutionException e) {
        LOG.error("A request was not evaluated; another delivery may do better", e.getCause());
        return AcknowledgeType.RELEASE;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        work.abandon();
        close();
      }
    }
  }

  private void pause(Duration time) {
    try {
      stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
