package dev.castalia.topology.findings;

import dev.castalia.events.Finding;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.Bounds;
import dev.castalia.topology.Pace;
import dev.castalia.topology.Rhythm;
import dev.castalia.topology.TopologyMonitor;
import dev.castalia.topology.findings.FindingsOutput.Digested;
import dev.castalia.topology.findings.FindingsOutput.Drafted;
import dev.castalia.topology.findings.FindingsOutput.Found;
import dev.castalia.topology.findings.FindingsOutput.Waiting;
import dev.castalia.topology.findings.FindingsOutput.Withdrawn;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.RunDigest;
import dev.castalia.topology.state.Section;
import dev.castalia.topology.state.Section.Entries;
import dev.castalia.topology.state.StateSerde;
import dev.castalia.topology.state.StatefulSupplier;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Keeps the latest row of everything that shares a key, and now and then recomputes what follows
 * for the keys with changed rows: within a bound of time a turn, one key at least, the keys in
 * turn. What follows is forwarded where it differs from what was forwarded before, and withdrawn
 * where it does not follow any more. Says how many rows wait. A key whose computation fails is
 * passed over until one of its rows changes, and so is an output that has no room in a record.
 */
final class Recomputer<V extends SpecificRecord>
    implements Processor<String, V, String, FindingsOutput> {

  /**
   * What a kind of row means. Outputs must depend on the rows alone. It may remember what it
   * computed from them: there is a new one each time the store is opened.
   */
  interface Computation<V> {

    /** Which row of its key it is. */
    String row(V value);

    /** Whether the row is to be forgotten. */
    default boolean isGone(V value) {
      return false;
    }

    /**
     * @param rows all rows of the key
     * @param changed those that changed since they were computed from
     * @return outputs by scope; a scope that is computed is computed whole
     */
    Map<String, List<FindingsOutput>> compute(String key, Map<String, V> rows, Set<String> changed);
  }

  /** Separates what names cannot hold. */
  private static final String END = "\n";

  private static final String AFTER_END = "\u000b";

  /** What the id of a draft begins with. */
  private static final String DRAFT = "draft ";

  private static final StateSerde OUTPUTS = new StateSerde(Finding.class, RunDigest.class);

  private final String name;
  private final Rhythm rhythm;
  private final Pace pace;
  private final TopologyMonitor monitor;
  private final Class<V> type;
  private final Supplier<Computation<V>> computations;
  private ProcessorContext<String, FindingsOutput> context;
  private Computation<V> computation;

  /** By key, row. */
  private Section<V> rows;

  /** By key, row: changed since it was computed from. */
  private Section<Mark> dirty;

  /** By key, scope, output: its digest, and the key it was forwarded under. */
  private Section<Mark> published;

  /** How many rows are in {@link #dirty}. */
  private int waiting;

  private Pending pending;
  private String cursor = "";

  private Recomputer(
      String name,
      Rhythm rhythm,
      TopologyMonitor monitor,
      Class<V> type,
      Supplier<Computation<V>> computations) {
    this.name = name;
    this.rhythm = rhythm;
    this.pace = rhythm.pace();
    this.monitor = monitor;
    this.type = type;
    this.computations = computations;
  }

  /**
   * @param name of the store
   * @param rhythm when changed keys are recomputed
   * @param monitor told of keys that cannot be
   * @param type what rows have in common
   * @param computations a new one at each call
   * @param types all that rows can be
   */
  @SafeVarargs
  static <V extends SpecificRecord> ProcessorSupplier<String, V, String, FindingsOutput> supplier(
      String name,
      Rhythm rhythm,
      TopologyMonitor monitor,
      Class<V> type,
      Supplier<Computation<V>> computations,
      Class<? extends SpecificRecord>... types) {
    List<Class<? extends SpecificRecord>> kept = new ArrayList<>(List.of(types));
    kept.add(Mark.class);
    return new StatefulSupplier<>(
        () -> new Recomputer<>(name, rhythm, monitor, type, computations), name, kept);
  }

  @Override
  public void init(ProcessorContext<String, FindingsOutput> context) {
    this.context = context;
    KeyValueStore<String, SpecificRecord> store = context.getStateStore(name);
    rows = new Section<>(store, 'r', type);
    dirty = new Section<>(store, 'd', Mark.class);
    published = new Section<>(store, 'p', Mark.class);
    computation = computations.get();
    waiting = 0;
    dirty.forEach("", (row, mark) -> waiting++);
    pending = new Pending(name, context, it -> forward(Keys.of(it), new Waiting(it)));
    context.schedule(
        rhythm.every(), PunctuationType.WALL_CLOCK_TIME, time -> pace.run(time, this::turn));
  }

  @Override
  public void process(Record<String, V> record) {
    V value = record.value();
    String row = record.key() + END + computation.row(value);
    V before = rows.get(row);
    if (computation.isGone(value)) {
      if (before == null) {
        return;
      }
      rows.remove(row);
    } else {
      if (value.equals(before)) {
        return;
      }
      rows.put(row, value);
    }
    if (dirty.get(row) == null) {
      dirty.put(row, new Mark(""));
      waiting++;
    }
    pending.are(waiting);
  }

  private void turn() {
    recomputeSome();
    pending.tell(waiting);
  }

  private void recomputeSome() {
    BooleanSupplier timeLeft = rhythm.turn();
    String first = null;
    do {
      String key = next();
      if (key == null || key.equals(first)) {
        return;
      }
      first = first == null ? key : first;
      recompute(key);
      cursor = key;
    } while (timeLeft.getAsBoolean());
  }

  /** The first key with changed rows after the one computed last. */
  private String next() {
    String key = cursor.isEmpty() ? null : firstAfter(cursor + AFTER_END);
    return key == null ? firstAfter("") : key;
  }

  private String firstAfter(String after) {
    try (Entries<Mark> entries = dirty.after(after)) {
      if (!entries.hasNext()) {
        return null;
      }
      String row = entries.next().key;
      return row.substring(0, row.indexOf(END));
    }
  }

  private void recompute(String key) {
    Set<String> changed = new TreeSet<>();
    dirty.forEach(
        key + END,
        (row, mark) -> {
          changed.add(row.substring(key.length() + 1));
          dirty.remove(row);
          waiting--;
        });
    Map<String, V> ofKey = new TreeMap<>();
    rows.forEach(key + END, (row, value) -> ofKey.put(row.substring(key.length() + 1), value));
    compute(key, ofKey, changed)
        .forEach((scope, outputs) -> publish(key + END + scope + END, outputs));
  }

  /**
   * What follows from a key's rows; nothing, and what followed before stays, where that cannot be
   * computed. Whoever has the rows again at each start would never come past them otherwise, and
   * the thread that they end has ledgers, too.
   */
  private Map<String, List<FindingsOutput>> compute(
      String key, Map<String, V> ofKey, Set<String> changed) {
    try {
      return computation.compute(key, ofKey, changed);
    } catch (RuntimeException e) {
      // What it remembers may be half done.
      computation = computations.get();
      monitor.notComputed(name, key, e);
      return Map.of();
    }
  }

  private void publish(String scope, List<FindingsOutput> outputs) {
    Map<String, Mark> before = new TreeMap<>();
    published.forEach(scope, before::put);
    for (FindingsOutput output : outputs) {
      String id = scope + id(output);
      Mark known = before.remove(id);
      byte[] bytes = bytes(output);
      if (bytes.length > Bounds.BYTES) {
        tellTooLarge(scope, id(output), bytes.length);
        continue;
      }
      Mark now = new Mark(digest(bytes) + END + key(output));
      if (!now.equals(known)) {
        if (known != null && !keyOf(known).equals(key(output))) {
          withdraw(id(output), keyOf(known));
        }
        published.put(id, now);
        forward(key(output), output);
      }
    }
    before.forEach(
        (id, mark) -> {
          published.remove(id);
          withdraw(id.substring(scope.length()), keyOf(mark));
        });
  }

  private void tellTooLarge(String scope, String id, int bytes) {
    String message =
        "%s has %d bytes where a record has room for %d".formatted(id, bytes, Bounds.BYTES);
    monitor.notComputed(
        name, scope.substring(0, scope.indexOf(END)), new IllegalStateException(message));
  }

  /** The key that something was forwarded under. */
  private static String keyOf(Mark forwarded) {
    return forwarded.getText().substring(forwarded.getText().indexOf(END) + 1);
  }

  private void forward(String key, FindingsOutput output) {
    long now = context.currentSystemTimeMs();
    FindingsOutput sent =
        output instanceof Found(Finding finding)
            ? new Found(
                Finding.newBuilder(finding).setComputedAt(Instant.ofEpochMilli(now)).build())
            : output;
    context.forward(new Record<>(key, sent, now));
  }

  private void withdraw(String id, String key) {
    if (id.startsWith(DRAFT)) {
      forward(key, new Drafted(Findings.withdrawn(id.substring(DRAFT.length()))));
    } else if (RunDigests.isId(id)) {
      forward(key, new Digested(RunDigests.withdrawn(id)));
    } else {
      forward(key, new Withdrawn());
    }
  }

  private static String id(FindingsOutput output) {
    return switch (output) {
      case Found(Finding finding) -> finding.getFinding();
      case Drafted(Finding draft) -> DRAFT + draft.getFinding();
      case Digested(RunDigest digest) -> RunDigests.id(digest);
      case Withdrawn _, Waiting _ -> throw new IllegalArgumentException("not computed: " + output);
    };
  }

  private static String key(FindingsOutput output) {
    return switch (output) {
      case Found(Finding finding) -> finding.getFinding();
      case Drafted(Finding draft) ->
          Findings.suiteKey(draft.getSuite(), draft.getDtype(), draft.getSource());
      case Digested(RunDigest digest) ->
          Findings.suiteKey(digest.getSuite(), digest.getDtype(), digest.getSource());
      case Withdrawn _, Waiting _ -> throw new IllegalArgumentException("not computed: " + output);
    };
  }

  private static byte[] bytes(FindingsOutput output) {
    SpecificRecord record =
        switch (output) {
          case Found(Finding finding) -> finding;
          case Drafted(Finding draft) -> draft;
          case Digested(RunDigest digest) -> digest;
          case Withdrawn _, Waiting _ ->
              throw new IllegalArgumentException("not computed: " + output);
        };
    return OUTPUTS.serialize("", record);
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
