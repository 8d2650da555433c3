package dev.castalia.gateway.live;

import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.View;
import dev.castalia.gateway.view.Views;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * What one reader gets, step by step: first everything, or what changed since it was here last;
 * then, at each step, the rows that changed since the step before.
 *
 * <p>Nothing is queued: a step takes the rows behind the reader's position as they are then. A
 * reader who takes long gets each key once, in its latest state.
 */
final class Feed {

  /**
   * Topics keep a deletion for a day; a gateway that came up later does not know of it, so a reader
   * who was away for longer than this starts anew.
   */
  static final Duration MAX_ABSENCE = Duration.ofHours(12);

  static final int CHUNK = 100;

  private final Views views;
  private final Watch watch;
  private Optional<String> identity = Optional.empty();
  private int generation;
  private long[][] position = new long[0][];

  /** One event for the reader. */
  sealed interface Message {

    /** Forget everything: rows of a snapshot follow. */
    record Reset() implements Message {}

    /** Some rows of one topic, as they are now. */
    record Snapshot(LiveTopic topic, List<Change> rows) implements Message {}

    /** The reader has all there is. */
    record Ready(EventId id) implements Message {}

    /** Some rows of one topic that changed. */
    record Changes(LiveTopic topic, List<Change> rows, Optional<EventId> id) implements Message {

      Changes with(EventId reached) {
        return new Changes(topic, rows, Optional.of(reached));
      }
    }
  }

  /** What a reader is told of one row. */
  sealed interface Change {

    String key();

    /** It is this now. */
    record Put(String key, Row<?> row) implements Change {}

    /** It is another one now: for readers who want the keys only. */
    record Touched(String key) implements Change {}

    /** It is gone. */
    record Deleted(String key) implements Change {}
  }

  Feed(Views views, Watch watch) {
    this.views = views;
    this.watch = watch;
  }

  /**
   * The first step: what changed since the id where that can be told, else everything. Where the
   * views were emptied meanwhile the reader is not told that it is ready, and the next step begins
   * anew.
   *
   * @param last what the reader had last; empty for a new one
   * @param out takes one message at a time, and may take its time
   */
  void begin(Optional<EventId> last, Instant now, Consumer<Message> out) {
    generation = views.generation();
    identity = views.identity();
    long[][] reached = positionNow();
    Optional<Map<LiveTopic, List<Row<?>>>> missed =
        last.filter(id -> id.stream() == stream())
            .filter(id -> id.at().isAfter(now.minus(MAX_ABSENCE)))
            .flatMap(id -> split(id.offsets(), reached))
            .flatMap(from -> changes(from, reached));
    if (missed.isPresent()) {
      tell(missed.get(), out);
    } else {
      out.accept(new Message.Reset());
      snapshot(out);
    }
    position = reached;
    if (isOfThisReading()) {
      out.accept(new Message.Ready(id(now)));
    }
  }

  /**
   * The rows that changed since the last step; begins anew where that cannot be told.
   *
   * @return whether there was anything to tell
   */
  boolean step(Instant now, Consumer<Message> out) {
    if (!views.complete()) {
      return false;
    }
    if (!isOfThisReading()) {
      begin(Optional.empty(), now, out);
      return true;
    }
    long[][] reached = positionNow();
    if (Arrays.deepEquals(reached, position)) {
      return false;
    }
    Optional<Map<LiveTopic, List<Row<?>>>> changes = changes(position, reached);
    if (changes.isEmpty() || !isOfThisReading()) {
      begin(Optional.empty(), now, out);
      return true;
    }
    position = reached;
    return tellWithId(changes.get(), id(now), out);
  }

  /** Whether the views, which must be complete, are those from which the reader has what it has. */
  private boolean isOfThisReading() {
    return identity.isPresent() && views.generation() == generation;
  }

  /** Only the last event has the id: a reader who lost the connection before it has not all. */
  private boolean tellWithId(
      Map<LiveTopic, List<Row<?>>> changes, EventId id, Consumer<Message> out) {
    Message.Changes[] heldBack = new Message.Changes[1];
    tell(
        changes,
        message -> {
          if (heldBack[0] != null) {
            out.accept(heldBack[0]);
          }
          heldBack[0] = message;
        });
    if (heldBack[0] == null) {
      return false;
    }
    out.accept(heldBack[0].with(id));
    return true;
  }

  private void tell(Map<LiveTopic, List<Row<?>>> changes, Consumer<? super Message.Changes> out) {
    changes.forEach(
        (topic, rows) ->
            inChunks(
                rows,
                row -> change(topic, row),
                chunk -> out.accept(new Message.Changes(topic, chunk, Optional.empty()))));
  }

  /** Deletions are told to everybody: the key does not always say whether it was wanted. */
  private Optional<Change> change(LiveTopic topic, Row<?> row) {
    if (row.isDeletion()) {
      return Optional.of(new Change.Deleted(row.key()));
    }
    if (!watch.wants(row)) {
      return Optional.empty();
    }
    return Optional.of(
        watch.isKeysOnly(topic) ? new Change.Touched(row.key()) : new Change.Put(row.key(), row));
  }

  private void snapshot(Consumer<Message> out) {
    for (LiveTopic topic : watch.topics()) {
      if (!watch.isKeysOnly(topic)) {
        inChunks(
            view(topic).rows(),
            row -> change(topic, row),
            chunk -> out.accept(new Message.Snapshot(topic, chunk)));
      }
    }
  }

  private static void inChunks(
      Collection<? extends Row<?>> rows,
      Function<Row<?>, Optional<Change>> wanted,
      Consumer<List<Change>> out) {
    List<Change> chunk = new ArrayList<>();
    for (Row<?> row : rows) {
      wanted.apply(row).ifPresent(chunk::add);
      if (chunk.size() == CHUNK) {
        out.accept(List.copyOf(chunk));
        chunk.clear();
      }
    }
    if (!chunk.isEmpty()) {
      out.accept(List.copyOf(chunk));
    }
  }

  private Optional<Map<LiveTopic, List<Row<?>>>> changes(long[][] from, long[][] to) {
    Map<LiveTopic, List<Row<?>>> all = new EnumMap<>(LiveTopic.class);
    int i = 0;
    for (LiveTopic topic : watch.topics()) {
      Optional<? extends List<? extends Row<?>>> changed = view(topic).changes(from[i], to[i]);
      if (changed.isEmpty()) {
        return Optional.empty();
      }
      all.put(topic, List.copyOf(changed.get()));
      i++;
    }
    return Optional.of(all);
  }

  private View<?> view(LiveTopic topic) {
    return views.of(topic.topic());
  }

  private long[][] positionNow() {
    return watch.topics().stream().map(topic -> view(topic).position()).toArray(long[][]::new);
  }

  private Optional<long[][]> split(long[] offsets, long[][] shape) {
    if (Arrays.stream(shape).mapToInt(part -> part.length).sum() != offsets.length) {
      return Optional.empty();
    }
    long[][] parts = new long[shape.length][];
    int start = 0;
    for (int i = 0; i < shape.length; i++) {
      parts[i] = Arrays.copyOfRange(offsets, start, start + shape[i].length);
      start += shape[i].length;
    }
    return Optional.of(parts);
  }

  private EventId id(Instant now) {
    return new EventId(
        stream(), now, Arrays.stream(position).flatMapToLong(LongStream::of).toArray());
  }

  private long stream() {
    try {
      String text = identity.orElse("") + "|" + watch.description();
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
