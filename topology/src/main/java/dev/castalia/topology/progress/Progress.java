package dev.castalia.topology.progress;

import dev.castalia.events.ModelProgress;
import dev.castalia.events.SweepProgress;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.Room;
import dev.castalia.topology.state.Section;
import dev.castalia.topology.state.StatefulSupplier;
import dev.castalia.topology.state.SweepCounts;
import dev.castalia.topology.state.SweepPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Sums what the ledger's partitions count. Keyed by sweep; the values are {@link SweepCounts} and
 * {@link SweepPlan}, absolute both, so that a repeated one changes nothing.
 */
public final class Progress implements Processor<String, SpecificRecord, String, SweepProgress> {

  private static final String STORE = "progress";

  /** Of a model's progress, but for its name. */
  private static final int MODEL_BYTES = 20;

  /** A sweep's sums: derived from the store, kept beside it. */
  private static final class Sums {
    final SortedMap<String, int[]> models = new TreeMap<>();
    final Map<Integer, SweepPlan> plans = new HashMap<>();

    /** Checkpoints that the ledgers have told of. */
    int counted;

    /** Those of them that have units. */
    int covered;

    boolean changed = true;

    void add(SweepCounts counts, int sign) {
      int[] sums = models.computeIfAbsent(Keys.model(counts.getCheckpoint()), it -> new int[3]);
      sums[0] += sign * counts.getPlanned();
      sums[1] += sign * counts.getDone();
      sums[2] += sign * counts.getFailed();
      counted += sign;
      covered += counts.getPlanned() == 0 ? 0 : sign;
      changed = true;
    }
  }

  private final Duration every;
  private final int ledgerPartitions;
  private final Map<String, Sums> sweeps = new HashMap<>();
  private ProcessorContext<String, SweepProgress> context;

  /** By sweep|checkpoint. */
  private Section<SweepCounts> counts;

  /** By sweep|partition. */
  private Section<SweepPlan> plans;

  private Progress(Duration every, int ledgerPartitions) {
    this.every = every;
    this.ledgerPartitions = ledgerPartitions;
  }

  /**
   * @param every how often changed progress is published
   * @param ledgerPartitions partitions that must have planned a sweep before it is planned
   */
  public static ProcessorSupplier<String, SpecificRecord, String, SweepProgress> supplier(
      Duration every, int ledgerPartitions) {
    return new StatefulSupplier<>(
        () -> new Progress(every, ledgerPartitions), STORE, SweepCounts.class, SweepPlan.class);
  }

  @Override
  public void init(ProcessorContext<String, SweepProgress> context) {
    this.context = context;
    KeyValueStore<String, SpecificRecord> store = context.getStateStore(STORE);
    counts = new Section<>(store, 'c', SweepCounts.class);
    plans = new Section<>(store, 'p', SweepPlan.class);
    // A revived task still has those of the transaction that was aborted.
    sweeps.clear();
    counts.forEach("", (key, value) -> sums(sweepOf(key)).add(value, 1));
    plans.forEach("", (key, value) -> sums(sweepOf(key)).plans.put(value.getPartition(), value));
    context.schedule(every, PunctuationType.WALL_CLOCK_TIME, time -> publish());
  }

  @Override
  public void process(Record<String, SpecificRecord> record) {
    String sweep = record.key();
    Sums sums = sums(sweep);
    switch (record.value()) {
      case SweepCounts counted -> {
        String key = sweep + Keys.SEPARATOR + counted.getCheckpoint();
        SweepCounts before = counts.get(key);
        if (before != null) {
          sums.add(before, -1);
        }
        sums.add(counted, 1);
        counts.put(key, counted);
      }
      case SweepPlan plan -> {
        sums.plans.put(plan.getPartition(), plan);
        sums.changed = true;
        plans.put(sweep + Keys.SEPARATOR + plan.getPartition(), plan);
      }
      default -> throw new IllegalStateException("not for progress: " + record.value());
    }
  }

  private Sums sums(String sweep) {
    return sweeps.computeIfAbsent(sweep, it -> new Sums());
  }

  private static String sweepOf(String key) {
    return key.substring(0, key.indexOf(Keys.SEPARATOR));
  }

  private void publish() {
    long now = context.currentSystemTimeMs();
    sweeps.forEach(
        (sweep, sums) -> {
          if (sums.changed) {
            sums.changed = false;
            context.forward(new Record<>(sweep, progress(sweep, sums, now), now));
          }
        });
  }

  private SweepProgress progress(String sweep, Sums sums, long now) {
    int planned = 0;
    int done = 0;
    int failed = 0;
    for (int[] of : sums.models.values()) {
      planned += of[0];
      done += of[1];
      failed += of[2];
    }
    boolean cancelled = sums.plans.values().stream().anyMatch(SweepPlan::getCancelled);
    boolean planning =
        !cancelled
            && (sums.plans.size() < ledgerPartitions
                || sums.plans.values().stream()
                    .anyMatch(
                        it -> it.getPlanning() || it.getExpectedCheckpoints() > sums.counted));
    return new SweepProgress(
        sweep,
        planning,
        cancelled,
        sums.covered,
        planned,
        done,
        failed,
        models(sums.models),
        Instant.ofEpochMilli(now));
  }

  /**
   * The sums of each model, of those whose names come first while a record has room.
   *
   * @param sums units planned, done and failed
   */
  static List<ModelProgress> models(SortedMap<String, int[]> sums) {
    List<ModelProgress> models = new ArrayList<>();
    sums.forEach((model, of) -> models.add(new ModelProgress(model, of[0], of[1], of[2])));
    return Room.first(models, it -> MODEL_BYTES + Utils.utf8Length(it.getModel()));
  }
}
