package dev.castalia.topology.twins;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.Bounds;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.Section;
import dev.castalia.topology.state.StatefulSupplier;
import dev.castalia.topology.state.Twins;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Finds checkpoints that were published with the same content hash. The first one published, the
 * elder, is scored in the place of all. Of those that were published at one time, the first to
 * arrive is the elder and stays it, for it may be at work already. What comes after {@link
 * Bounds#TWINS} of them is scored itself.
 *
 * <p>It must see all publications in one task: twins may have any names.
 */
public final class TwinFinder implements Processor<String, CheckpointPublished, String, Twins> {

  private static final String STORE = "twins";

  private static final Comparator<CheckpointPublished> ELDEST_FIRST =
      Comparator.comparing(CheckpointPublished::getPublishedAt).thenComparing(Keys::of);

  private ProcessorContext<String, Twins> context;

  /** By checkpoint: its content hash. */
  private Section<Mark> hashes;

  /** By checkpoint: when it was first published, whatever its content hash was then. */
  private Section<Mark> firsts;

  /** By content hash: the elder. */
  private Section<Mark> elders;

  /** By content hash|checkpoint. */
  private Section<CheckpointPublished> bearers;

  private TwinFinder() {}

  public static ProcessorSupplier<String, CheckpointPublished, String, Twins> supplier() {
    return new StatefulSupplier<>(
        () -> new TwinFinder(), STORE, CheckpointPublished.class, Mark.class);
  }

  @Override
  public void init(ProcessorContext<String, Twins> context) {
    this.context = context;
    KeyValueStore<String, SpecificRecord> store = context.getStateStore(STORE);
    hashes = new Section<>(store, 'h', Mark.class);
    firsts = new Section<>(store, 'f', Mark.class);
    elders = new Section<>(store, 'e', Mark.class);
    bearers = new Section<>(store, 'b', CheckpointPublished.class);
  }

  @Override
  public void process(Record<String, CheckpointPublished> record) {
    CheckpointPublished checkpoint = sinceFirst(record.value());
    String key = Keys.of(checkpoint);
    String hash = checkpoint.getContentHash();
    Mark known = hashes.get(key);
    if (known != null && !known.getText().equals(hash)) {
      hashes.remove(key);
      change(known.getText(), key, null);
    }
    if (hash != null && hasRoom(hash, key)) {
      hashes.put(key, new Mark(hash));
      change(hash, key, checkpoint);
    } else if (hash != null) {
      tell(hash, checkpoint, null, List.of());
    }
  }

  private boolean hasRoom(String hash, String key) {
    return bearers.get(bearer(hash, key)) != null || of(hash).size() < Bounds.TWINS;
  }

  /** With the time at which it was first published, as its own ledger has it. */
  private CheckpointPublished sinceFirst(CheckpointPublished checkpoint) {
    String key = Keys.of(checkpoint);
    Mark known = firsts.get(key);
    Instant first = known == null ? null : Instant.parse(known.getText());
    if (first != null && first.isBefore(checkpoint.getPublishedAt())) {
      return CheckpointPublished.newBuilder(checkpoint).setPublishedAt(first).build();
    }
    firsts.put(key, new Mark(checkpoint.getPublishedAt().toString()));
    return checkpoint;
  }

  /**
   * Enters or takes out one bearer of the hash, and tells those whom that concerns: itself, the
   * elder, and everybody when the elder is another one than before.
   *
   * @param checkpoint null to take it out
   */
  private void change(String hash, String key, CheckpointPublished checkpoint) {
    Mark before = elders.get(hash);
    if (checkpoint == null) {
      bearers.remove(bearer(hash, key));
    } else {
      bearers.put(bearer(hash, key), checkpoint);
    }
    List<CheckpointPublished> all = of(hash);
    if (all.isEmpty()) {
      elders.remove(hash);
      return;
    }
    CheckpointPublished elder = elder(all, before);
    Mark after = new Mark(Keys.of(elder));
    elders.put(hash, after);
    for (CheckpointPublished bearer : all) {
      if (bearer == elder) {
        tell(hash, bearer, null, except(all, elder));
      } else if (!after.equals(before) || Keys.of(bearer).equals(key)) {
        tell(hash, bearer, Keys.of(elder), List.of());
      }
    }
  }

  /**
   * @param before the elder so far, or null
   */
  private static CheckpointPublished elder(List<CheckpointPublished> all, Mark before) {
    CheckpointPublished eldest = all.stream().min(ELDEST_FIRST).orElseThrow();
    return all.stream()
        .filter(it -> before != null && before.getText().equals(Keys.of(it)))
        .filter(it -> it.getPublishedAt().equals(eldest.getPublishedAt()))
        .findAny()
        .orElse(eldest);
  }

  private void tell(
      String hash, CheckpointPublished of, String elder, List<CheckpointPublished> younger) {
    String key = Keys.of(of);
    context.forward(
        new Record<>(
            key,
            new Twins(key, hash, elder, younger.stream().map(Publications::encode).toList()),
            context.currentSystemTimeMs()));
  }

  private List<CheckpointPublished> of(String hash) {
    List<CheckpointPublished> all = new ArrayList<>();
    bearers.forEach(hash + Keys.SEPARATOR, (key, bearer) -> all.add(bearer));
    return all;
  }

  private static List<CheckpointPublished> except(
      List<CheckpointPublished> all, CheckpointPublished one) {
    return all.stream().filter(it -> it != one).sorted(ELDEST_FIRST).toList();
  }

  private static String bearer(String hash, String checkpoint) {
    return hash + Keys.SEPARATOR + checkpoint;
  }
}
