package dev.castalia.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.castalia.gateway.support.Events;
import dev.castalia.gateway.support.MemoryCluster;
import dev.castalia.gateway.view.ViewReader;
import dev.castalia.gateway.view.ViewReaders;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedTest {

  private static final Instant NOW = Instant.parse("2026-07-13T10:15:30Z");

  private final MemoryCluster cluster = new MemoryCluster();
  private final Replica replica = new Replica(cluster);

  /** A gateway's views and what fills them. */
  private record Replica(Views views, ViewReader reader) {

    Replica(MemoryCluster cluster) {
      this(new Views(5), cluster);
    }

    private Replica(Views views, MemoryCluster cluster) {
      this(views, ViewReaders.of(cluster, views));
      reader.start();
      await().until(views::complete);
    }

    Feed feed(LiveTopic... topics) {
      return feed("*", topics);
    }

    Feed feed(String task, LiveTopic... topics) {
      Set<LiveTopic> wanted = EnumSet.of(topics[0], topics);
      return new Feed(views, new Watch(views, wanted, Set.of(), null, task, null));
    }
  }

  private Replica other;

  @BeforeEach
  void scoreTwoTasks() {
    score("a", 1, 0.1);
    score("b", 1, 0.2);
    awaitRead(replica);
  }

  @AfterEach
  void close() throws InterruptedException {
    replica.reader().close();
    if (other != null) {
      other.reader().close();
    }
  }

  @Test
  void aNewReaderGetsAResetEverythingAndReady() {
    assertThat(begin(replica.feed(LiveTopic.SCORECARDS), Optional.empty()))
        .containsExactly("reset", "snapshot a@1 b@1", "ready");
  }

  @Test
  void aReaderGetsOnlyWhatItAskedFor() {
    assertThat(begin(replica.feed("b", LiveTopic.SCORECARDS), Optional.empty()))
        .containsExactly("reset", "snapshot b@1", "ready");
  }

  @Test
  void changesFollowEachKeyOnceInItsLatestState() {
    Feed feed = replica.feed(LiveTopic.SCORECARDS);
    begin(feed, Optional.empty());
    score("a", 1, 0.5);
    score("a", 1, 0.6);
    awaitRead(replica);

    List<Feed.Message> messages = new ArrayList<>();
    feed.step(NOW, messages::add);

    assertThat(messages).hasSize(1);
    assertThat(words(messages)).containsExactly("change a@1 +id");
    assertThat(feed.step(NOW, messages::add)).isFalse();
  }

  @Test
  void aReaderWhoComesBackToAnotherReplicaGetsWhatItMissed() {
    EventId last = lastId(replica.feed(LiveTopic.SCORECARDS));
    score("b", 1, 0.9);
    delete("a", 1);
    other = new Replica(cluster);
    awaitRead(other);

    assertThat(begin(other.feed(LiveTopic.SCORECARDS), Optional.of(last)))
        .containsExactly("change -a@1 b@1", "ready");
  }

  @Test
  void anIdOfAnotherWatchMeansEverything() {
    EventId last = lastId(replica.feed("a", LiveTopic.SCORECARDS));

    assertThat(begin(replica.feed("b", LiveTopic.SCORECARDS), Optional.of(last)))
        .startsWith("reset");
  }

  @Test
  void anIdFromTopicsThatWereCreatedAgainMeansEverything() {
    EventId last = lastId(replica.feed(LiveTopic.SCORECARDS));
    cluster.recreate("memory-2");
    await().until(() -> replica.views().identity().filter("memory-2"::equals).isPresent());

    assertThat(begin(replica.feed(LiveTopic.SCORECARDS), Optional.of(last)))
        .containsExactly("reset", "ready");
  }

  @Test
  void anIdOlderThanDeletionsAreKeptMeansEverything() {
    EventId last = lastId(replica.feed(LiveTopic.SCORECARDS));
    EventId old =
        new EventId(
            last.stream(),
            NOW.minus(Feed.MAX_ABSENCE).minus(Duration.ofSeconds(1)),
            last.offsets());

    assertThat(begin(replica.feed(LiveTopic.SCORECARDS), Optional.of(old))).startsWith("reset");
  }

  @Test
  void moreDeletionsThanAreRememberedMeanEverything() {
    EventId last = lastId(replica.feed(LiveTopic.SCORECARDS));
    for (int step = 10; step < 40; step++) {
      score("a", step, 0.3);
      delete("a", step);
    }
    awaitRead(replica);

    assertThat(begin(replica.feed(LiveTopic.SCORECARDS), Optional.of(last))).startsWith("reset");
  }

  @Test
  void largeSnapshotsComeInChunks() {
    for (int step = 2; step <= 250; step++) {
      score("a", step, 0.3);
    }
    awaitRead(replica);
    List<Feed.Message> messages = new ArrayList<>();

    replica.feed(LiveTopic.SCORECARDS).begin(Optional.empty(), NOW, messages::add);

    assertThat(messages)
        .filteredOn(Feed.Message.Snapshot.class::isInstance)
        .extracting(message -> ((Feed.Message.Snapshot) message).rows().size())
        .containsExactly(100, 100, 51);
  }

  @Test
  void whoseSnapshotIsUnderWayAsTheViewsAreReadAnewEndsWithAll() {
    for (int step = 2; step <= 250; step++) {
      score("a", step, 0.3);
    }
    awaitRead(replica);
    Feed feed = replica.feed(LiveTopic.SCORECARDS);
    Set<String> told = new HashSet<>();

    feed.begin(
        Optional.empty(),
        NOW,
        message -> {
          take(message, told);
          if (message instanceof Feed.Message.Snapshot && other == null) {
            readAnew();
          }
        });
    feed.step(NOW, message -> take(message, told));

    assertThat(told).hasSize(251);
  }

  private static void take(Feed.Message message, Set<String> told) {
    switch (message) {
      case Feed.Message.Reset() -> told.clear();
      case Feed.Message.Snapshot(LiveTopic topic, List<Feed.Change> rows) ->
          rows.forEach(row -> told.add(row.key()));
      default -> {}
    }
  }

  /** As after a failure of the brokers. */
  private void readAnew() {
    int before = replica.views().generation();
    try {
      replica.reader().close();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    other = new Replica(replica.views(), cluster);
    await().until(() -> replica.views().generation() > before && replica.views().complete());
  }

  private static List<String> begin(Feed feed, Optional<EventId> last) {
    List<Feed.Message> messages = new ArrayList<>();
    feed.begin(last, NOW, messages::add);
    return words(messages);
  }

  private static EventId lastId(Feed feed) {
    List<Feed.Message> messages = new ArrayList<>();
    feed.begin(Optional.empty(), NOW, messages::add);
    return ((Feed.Message.Ready) messages.getLast()).id();
  }

  private static List<String> words(List<Feed.Message> messages) {
    return messages.stream()
        .map(
            message ->
                switch (message) {
                  case Feed.Message.Reset() -> "reset";
                  case Feed.Message.Ready(EventId id) -> "ready";
                  case Feed.Message.Snapshot(LiveTopic topic, List<Feed.Change> rows) ->
                      "snapshot" + keys(rows);
                  case Feed.Message.Changes(
                          LiveTopic topic,
                          List<Feed.Change> rows,
                          Optional<EventId> id) ->
                      "change" + keys(rows) + (id.isPresent() ? " +id" : "");
                })
        .toList();
  }

  private static String keys(List<Feed.Change> rows) {
    StringBuilder keys = new StringBuilder();
    rows.stream()
        .map(
            row ->
                (row instanceof Feed.Change.Deleted ? " -" : " ")
                    + task(row.key())
                    + "@"
                    + step(row.key()))
        .sorted()
        .forEach(keys::append);
    return keys.toString();
  }

  private static String task(String key) {
    return key.split("\\|")[1];
  }

  private static String step(String key) {
    return key.split("[@|]")[1].substring("step".length());
  }

  private void score(String task, long step, double value) {
    cluster.append(
        Topic.SCORECARDS,
        key(task, step),
        Events.scorecard(Events.checkpoint("nano-74k", step), task, Events.ACC, value));
  }

  private void delete(String task, long step) {
    cluster.append(Topic.SCORECARDS, key(task, step), null);
  }

  private static String key(String task, long step) {
    return "nano-74k@step" + step + "|" + task + "|0|float32";
  }

  private void awaitRead(Replica of) {
    long written = cluster.records(Topic.SCORECARDS).size();
    await().until(() -> Arrays.stream(of.views().scorecards().position()).sum() == written);
  }
}
