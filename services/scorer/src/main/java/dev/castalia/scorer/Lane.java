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
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.errors.RetriableException;
import org.jboss.logging.Logger;

/**
 * Takes one request after another from the share group, has it evaluated, and acknowledges it once
 * its scores are in Kafka. While a request is evaluated its lock is renewed.
 *
 * <p>A lane has a consumer at a time and two threads of its own: this one speaks to Kafka, the
 * other evaluates.
 */
final class Lane implements Runnable, AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Lane.class);

  /**
   * How long the broker waits for requests, and the longest a poll does. After an answer without a
   * request, as where the next record is the mark of a transaction's end, the client asks again
   * only with the next poll: a longer one would let the lane idle while requests wait.
   */
  static final Duration POLL = Duration.ofMillis(100);

  /** How long the answer to the last question to the broker is waited for, on a busy machine. */
  private static final Duration LAST_POLL = POLL.multipliedBy(3);

  private static final Duration LEAVE = Duration.ofSeconds(15);
  private static final Duration LONGEST_LEAVE = Duration.ofMinutes(1);

  private final Supplier<ShareConsumer<String, byte[]>> consumers;
  private final Work work;
  private final Duration renewEvery;
  private final Duration pause;
  private final ExecutorService evaluation;
  private final CountDownLatch stopping = new CountDownLatch(1);

  /** Null while the lane is not in the group. */
  private ShareConsumer<String, byte[]> consumer;

  /** Whether the last poll brought nothing: the broker may still answer with a request. */
  private boolean asking;

  private int refusals;
  private volatile boolean busy;
  private volatile boolean handingBack;
  private volatile boolean ready;

  /** The one under way, or else the last that was. */
  private volatile Evaluation latest = new Evaluation(() -> handingBack);

  /**
   * @param consumers opens one more with each call, on the lane's own thread
   * @param renewEvery how often the lock on the request in hand is renewed
   * @param pause before what failed for want of Kafka or the registry is tried again
   */
  Lane(
      String name,
      Supplier<ShareConsumer<String, byte[]>> consumers,
      Work work,
      Duration renewEvery,
      Duration pause) {
    this.consumers = consumers;
    this.work = work;
    this.renewEvery = renewEvery;
    this.pause = pause;
    this.evaluation =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().name(name + "-evaluate").factory());
  }

  @Override
  public void run() {
    try (evaluation) {
      while (!isStopping()) {
        takeOne(POLL);
      }
      // A request on its way to a consumer that closes counts as given out once in vain.
      if (asking) {
        takeOne(LAST_POLL);
      }
    } finally {
      leave();
    }
  }

  /** Takes no further request. */
  @Override
  public void close() {
    stopping.countDown();
  }

  /**
   * Lets the unit in hand be finished and gives the rest of its request back, all of it where its
   * checkpoint is still fetched; closed before.
   */
  void handBack() {
    handingBack = true;
    latest.stopFetching();
  }

  /** Whether there is a request in hand. */
  boolean isBusy() {
    return busy;
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /** Whether the group has answered its consumer, and the last try to take a request went well. */
  boolean isReady() {
    return ready;
  }

  private void takeOne(Duration poll) {
    try {
      join();
      // Asked before the poll, which throws if the answer was a refusal.
      boolean answered = ready || isAnswered();
      ConsumerRecords<String, byte[]> records = consumer.poll(poll);
      asking = records.isEmpty();
      ready = answered || !asking;
      for (ConsumerRecord<String, byte[]> record : records) {
        evaluate(record);
        holdBack();
      }
    } catch (RuntimeException e) {
      ready = false;
      LOG.error("The share group cannot be read; trying again", e);
      // A membership that has ended says so once: later polls bring nothing, and no error.
      if (!(e instanceof RetriableException)) {
        leave();
      }
      pause(pause);
    }
  }

  private void join() {
    if (consumer == null) {
      ready = false;
      consumer = consumers.get();
      consumer.subscribe(List.of(Topic.REQUESTS.topicName()));
    }
  }

  /** Polls do not tell: where no broker can be reached they bring nothing, and no error. */
  private boolean isAnswered() {
    return consumer.metrics().entrySet().stream()
        .filter(it -> it.getKey().group().equals("consumer-share-coordinator-metrics"))
        .filter(it -> it.getKey().name().equals("heartbeat-total"))
        .anyMatch(it -> (double) it.getValue().metricValue() > 0);
  }

  private void leave() {
    if (consumer == null) {
      return;
    }
    try {
      consumer.close();
    } catch (RuntimeException e) {
      LOG.warn("A consumer did not leave the share group: its session has to end first", e);
    } finally {
      consumer = null;
      asking = false;
    }
  }

  private void evaluate(ConsumerRecord<String, byte[]> record) {
    busy = true;
    try {
      Lease lease = new Lease(consumer, record);
      int deliveries = record.deliveryCount().orElse((short) 1);
      lease.end(deliveries == 1 ? evaluate(record, lease) : giveUp(record, deliveries, lease));
    } finally {
      busy = false;
    }
  }

  private AcknowledgeType evaluate(ConsumerRecord<String, byte[]> record, Lease lease) {
    Evaluation inHand = new Evaluation(() -> handingBack);
    latest = inHand;
    AcknowledgeType answer =
        await(evaluation.submit(() -> work.evaluate(record, inHand)), lease, inHand);
    refusals = inHand.isRefused() ? refusals + 1 : 0;
    return answer;
  }

  /**
   * Lets other scorers have what this one refused; longer with every refusal in a row. It leaves
   * the group meanwhile: where there are no more lanes than partitions, nobody else reads the
   * partition that it has.
   */
  private void holdBack() {
    if (refusals > 0) {
      leave();
      Duration time = LEAVE.multipliedBy(1L << Math.min(refusals - 1, 10));
      pause(time.compareTo(LONGEST_LEAVE) < 0 ? time : LONGEST_LEAVE);
    }
  }

  /**
   * Answers for those that did not, and holds the request until that is heard: released, it would
   * come back at once, until the broker has handed it out as often as it does and drops it.
   */
  private AcknowledgeType giveUp(
      ConsumerRecord<String, byte[]> record, int deliveries, Lease lease) {
    while (true) {
      try {
        work.giveUp(record, deliveries);
        return AcknowledgeType.REJECT;
      } catch (RuntimeException e) {
        LOG.error("A request could not be given up; trying again", e);
        pause(pause);
        if (isStopping() || !lease.renew()) {
          return AcknowledgeType.RELEASE;
        }
      }
    }
  }

  private AcknowledgeType await(Future<AcknowledgeType> answer, Lease lease, Evaluation inHand) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return answer.get(renewEvery.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (!inHand.isAbandoned() && !lease.renew()) {
            inHand.abandon();
          }
        } catch (ExecutionException e) {
          LOG.error("A request was not evaluated; another delivery may do better", e.getCause());
          return AcknowledgeType.RELEASE;
        } catch (InterruptedException e) {
          interrupted = true;
          inHand.abandon();
          close();
        }
      }
    } finally {
      // Not before: with the mark of it, nothing can be waited for.
      if (interrupted) {
        Thread.currentThread().interrupt();
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
