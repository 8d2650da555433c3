package dev.castalia.gateway.view;

import dev.castalia.gateway.cluster.ClusterClients;
import dev.castalia.gateway.cluster.EventCodec;
import dev.castalia.gateway.cluster.EventCodec.RegistryUnavailableException;
import dev.castalia.gateway.cluster.EventCodec.UnreadableEventException;
import dev.castalia.schemas.Topic;
import dev.castalia.topology.CastaliaTopology;
import dev.castalia.topology.intake.EventRules;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Reads the served topics, from the beginning and on, into the {@link Views}: one thread, all
 * partitions, no group. After an exception it starts over, and says so; after an error, such as
 * want of memory, it ends. A record that cannot be read is counted, logged and passed over.
 */
@Singleton
public class ViewReader implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ViewReader.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int SCORES_LOOKED_BACK = 50;
  private static final Duration IDENTITY_CHECK = Duration.ofSeconds(30);

  private final ClusterClients clients;
  private final EventCodec codec;
  private final Views views;
  private final Duration identityCheck;
  private final List<Topic> topics;
  private final AtomicLong unreadable = new AtomicLong();
  private volatile long lag;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "castalia-views");
  private volatile Consumer<String, byte[]> consumer;
  private volatile Optional<String> trouble = Optional.of("the topics have not been opened yet");

  @Inject
  ViewReader(ClusterClients clients, EventCodec codec, Views views) {
    this(clients, codec, views, IDENTITY_CHECK);
  }

  /**
   * @param identityCheck how often it is asked whether brokers and topics are still the same
   */
  ViewReader(ClusterClients clients, EventCodec codec, Views views, Duration identityCheck) {
    this.clients = clients;
    this.codec = codec;
    this.views = views;
    this.identityCheck = identityCheck;
    this.topics = views.all().stream().map(View::topic).toList();
  }

  /** Begins to read. */
  public void start() {
    thread.setContextClassLoader(ViewReader.class.getClassLoader());
    thread.setDaemon(true);
    thread.start();
  }

  /** What keeps the reader from reading on; empty when nothing does. */
  public Optional<String> trouble() {
    return trouble;
  }

  /** Whether it reads, or has yet to begin; false once it has ended. */
  public boolean isAlive() {
    return thread.getState() != Thread.State.TERMINATED;
  }

  /** Records that were passed over since the start of the process. */
  public long unreadable() {
    return unreadable.get();
  }

  /** Records that the brokers have shown to have and that are not read yet. */
  public long lag() {
    return lag;
  }

  private void run() {
    while (!isClosing()) {
      try {
        read();
      } catch (WakeupException e) {
        LOG.debug("Woken up to close");
      } catch (Exception e) {
        if (isClosing()) {
          return;
        }
        trouble = Optional.of("the topics cannot be read: " + e.getMessage());
        LOG.errorf(e, "Reading the topics failed; starting over in %s", RETRY);
        pause(RETRY);
      } catch (Error e) {
        trouble = Optional.of("the topics are read no more: " + e);
        LOG.error("Reading the topics ended: the gateway is to be started again", e);
        return;
      }
    }
  }

  private void read() {
    try (Consumer<String, byte[]> opened = clients.consumer()) {
      consumer = opened;
      if (isClosing()) {
        return;
      }
      String identity = clients.identity(topics);
      Map<TopicPartition, Long> ends = assign(opened);
      trouble = Optional.empty();
      long identityChecked = System.nanoTime();
      while (!isClosing()) {
        for (ConsumerRecord<String, byte[]> record : opened.poll(POLL)) {
          if (isClosing()) {
            return;
          }
          take(record);
        }
        advance(opened);
        if (!views.complete() && hasReached(opened, ends)) {
          views.completed(identity);
          LOG.infof("The views are complete: %s", sizes());
        }
        if (System.nanoTime() - identityChecked > identityCheck.toNanos() && isAnswered(identity)) {
          identityChecked = System.nanoTime();
        }
      }
    }
  }

  private Map<TopicPartition, Long> assign(Consumer<String, byte[]> opened) {
    Map<Topic, Integer> counts = new EnumMap<>(Topic.class);
    List<TopicPartition> partitions =
        topics.stream()
            .flatMap(
                topic -> {
                  List<PartitionInfo> found = opened.partitionsFor(topic.topicName());
                  counts.put(topic, found.size());
                  return found.stream();
                })
            .map(found -> new TopicPartition(found.topic(), found.partition()))
            .toList();
    views.clear(counts);
    opened.assign(partitions);
    Map<TopicPartition, Long> ends = opened.endOffsets(partitions);
    seek(opened, partitions, ends);
    return ends;
  }

  /** To the beginning; of the scores, which are many and only tell who is at work, near the end. */
  private static void seek(
      Consumer<String, byte[]> opened,
      List<TopicPartition> partitions,
      Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> begins = opened.beginningOffsets(partitions);
    for (TopicPartition partition : partitions) {
      long begin = begins.get(partition);
      boolean whole = TOPICS.get(partition.topic()) != Topic.SCORES;
      opened.seek(
          partition, whole ? begin : Math.max(begin, ends.get(partition) - SCORES_LOOKED_BACK));
    }
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    Topic topic = TOPICS.get(record.topic());
    try {
      SpecificRecord event = record.value() == null ? null : decode(topic, record);
      if (record.key() == null) {
        throw new UnreadableEventException("it has no key", null);
      }
      if (event != null && CastaliaTopology.INPUTS.contains(topic)) {
        requireRules(record.key(), event);
      }
      views.apply(
          topic,
          new Row<>(
              record.key(),
              event,
              record.partition(),
              record.offset(),
              Instant.ofEpochMilli(record.timestamp())),
          record.headers());
    } catch (UnreadableEventException e) {
      unreadable.incrementAndGet();
      LOG.warnf(
          "Passed over the record at offset %d of %s, partition %d: %s",
          record.offset(), record.topic(), record.partition(), e.getMessage());
    }
  }

  /** What the aggregator puts aside is not shown either: nothing would ever become of it. */
  private static void requireRules(String key, SpecificRecord event)
      throws UnreadableEventException {
    try {
      EventRules.check(key, event);
    } catch (IllegalArgumentException e) {
      throw new UnreadableEventException(e.getMessage(), e);
    }
  }

  /** Waits for the registry however long it takes: passing over good records would be worse. */
  private SpecificRecord decode(Topic topic, ConsumerRecord<String, byte[]> record)
      throws UnreadableEventException {
    while (true) {
      try {
        SpecificRecord event = codec.decode(topic, record.value());
        trouble = Optional.empty();
        return event;
      } catch (RegistryUnavailableException e) {
        waitFor("the schema registry does not answer: " + e.getMessage());
        pause(RETRY);
        if (isClosing()) {
          throw new WakeupException();
        }
      }
    }
  }

  /** Positions pass transactions' markers, which no record shows. */
  private void advance(Consumer<String, byte[]> opened) {
    boolean moved = false;
    long behind = 0;
    for (TopicPartition partition : opened.assignment()) {
      behind += opened.currentLag(partition).orElse(0);
      Topic topic = TOPICS.get(partition.topic());
      long position = opened.position(partition);
      if (views.of(topic).position()[partition.partition()] != position) {
        views.advance(topic, partition.partition(), position);
        moved = true;
      }
    }
    lag = behind;
    if (moved) {
      views.nextTurn();
    }
  }

  private static boolean hasReached(
      Consumer<String, byte[]> opened, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> opened.position(end.getKey()) >= end.getValue());
  }

  /**
   * Whether the brokers answer. A consumer whose brokers are gone says nothing of it: there is just
   * nothing to read.
   *
   * @throws IllegalStateException if the topics are not those that were opened
   */
  private boolean isAnswered(String identity) {
    String now;
    try {
      now = clients.identity(topics);
    } catch (RuntimeException e) {
      waitFor("the brokers do not answer: " + e.getMessage());
      return false;
    }
    if (!now.equals(identity)) {
      throw new IllegalStateException("the topics were created again");
    }
    trouble = Optional.empty();
    return true;
  }

  private void waitFor(String what) {
    if (!trouble.equals(Optional.of(what))) {
      LOG.warn(what);
    }
    trouble = Optional.of(what);
  }

  private String sizes() {
    return views.all().stream()
        .map(view -> view.topic().topicName() + " " + view.size())
        .collect(Collectors.joining(", "));
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void pause(Duration duration) {
    try {
      closing.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      closing.countDown();
    }
  }

  @Override
  public void close() throws InterruptedException {
    closing.countDown();
    Consumer<String, byte[]> open = consumer;
    if (open != null) {
      open.wakeup();
    }
    if (thread.isAlive()) {
      thread.join(Duration.ofSeconds(5));
    }
  }

  private static final Map<String, Topic> TOPICS =
      Arrays.stream(Topic.values())
          .collect(Collectors.toMap(Topic::topicName, topic -> topic, (a, b) -> a, HashMap::new));
}
