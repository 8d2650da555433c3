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
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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

  /**
   * @param value null where the key was deleted
   */
  record Change(String key, Object value) {}

  Feed(Views views, Watch watch) {
    this.views = views;
    this.watch = watch;
  }

  /**
   * The first step: what changed since the id where that can be told, else everything.
   *
   * @param last what the reader had last; empty for a new one
   * @param out takes one message at a time, and may take its time
   */
  void begin(Optional<EventId> last, Instant now, Consumer<Message> out) {
    Optional<String> identityNow = views.identity();
    long[][] reached = positionNow();
    Optional<List<Message.Changes>> missed =
        last.filter(id -> id.stream() == stream(identityNow))
            .filter(id -> id.at().isAfter(now.minus(MAX_ABSENCE)))
            .flatMap(id -> split(id.offsets(), reached))
            .flatMap(from -> changes(from, reached));
    if (missed.isPresent()) {
      missed.get().forEach(out);
    } else {
      out.accept(new Message.Reset());
      snapshot(out);
    }
    identity = identityNow;
    position = reached;
    out.accept(new Message.Ready(id(now)));
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
    if (!views.identity().equals(identity)) {
      begin(Optional.empty(), now, out);
      return true;
    }
    long[][] reached = positionNow();
    if (Arrays.deepEquals(reached, position)) {
      return false;
    }
    Optional<List<Message.Changes>> changes = changes(position, reached);
    if (changes.isEmpty()) {
      begin(Optional.empty(), now, out);
      return true;
    }
    position = reached;
    List<Message.Changes> messages = changes.get();
    for (int i = 0; i < messages.size(); i++) {
      boolean last = i == messages.size() - 1;
      out.accept(last ? messages.get(i).with(id(now)) : messages.get(i));
    }
    return !messages.isEmpty();
  }

  private void snapshot(Consumer<Message> out) {
    for (LiveTopic topic : watch.topics()) {
      List<Change> chunk = new ArrayList<>();
      for (Row<?> row : view(topic).rows()) {
        watch.form(row).ifPresent(form -> chunk.add(new Change(row.key(), form)));
        if (chunk.size() == CHUNK) {
          out.accept(new Message.Snapshot(topic, List.copyOf(chunk)));
          chunk.clear();
        }
      }
      if (!chunk.isEmpty()) {
        out.accept(new Message.Snapshot(topic, List.copyOf(chunk)));
      }
    }
  }

  private Optional<List<Message.Changes>> changes(long[][] from, long[][] to) {
    List<Message.Changes> messages = new ArrayList<>();
    int i = 0;
    for (LiveTopic topic : watch.topics()) {
      Optional<List<Change>> changes = view(topic).changes(from[i], to[i]).map(this::wanted);
      if (changes.isEmpty()) {
        return Optional.empty();
      }
      List<Change> rows = changes.get();
      for (int start = 0; start < rows.size(); start += CHUNK) {
        messages.add(
            new Message.Changes(
                topic,
                rows.subList(start, Math.min(rows.size(), start + CHUNK)),
                Optional.empty()));
      }
      i++;
    }
    return Optional.of(messages);
  }

  /** Deletions are told to everybody: the key does not always say whether it was wanted. */
  private List<Change> wanted(List<? extends Row<?>> rows) {
    List<Change> wanted = new ArrayList<>();
    for (Row<?> row : rows) {
      if (row.isDeletion()) {
        wanted.add(new Change(row.key(), null));
      } else {
        watch.form(row).ifPresent(form -> wanted.add(new Change(row.key(), form)));
      }
    }
    return wanted;
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
        stream(identity), now, Arrays.stream(position).flatMapToLong(LongStream::of).toArray());
  }

  private long stream(Optional<String> identityOfTopics) {
    try {
      String text = identityOfTopics.orElse("") + "|" + watch.description();
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
