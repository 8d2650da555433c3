package dev.castalia.topology.documents;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.state.ComparedRuns;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.Section;
import dev.castalia.topology.state.StatefulSupplier;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Notices when runs that differ in their data alone are published, and tells every ledger once: few
 * groups ever are, so that a ledger need only look a checkpoint's up. Must see all publications in
 * one task.
 */
public final class Counterparts
    implements Processor<String, CheckpointPublished, String, ComparedRuns> {

  /** The variant that others are compared with. */
  public static final String STANDARD = "standard";

  private static final String STORE = "counterparts";

  private ProcessorContext<String, ComparedRuns> context;

  /** By group|variant. */
  private Section<Mark> variants;

  private Counterparts() {}

  public static ProcessorSupplier<String, CheckpointPublished, String, ComparedRuns> supplier() {
    return new StatefulSupplier<>(() -> new Counterparts(), STORE, Mark.class);
  }

  /** What runs that differ in their data alone have in common; null for one that goes on. */
  public static String group(CheckpointPublished checkpoint) {
    return checkpoint.getParent() == null
        ? String.join(
            Keys.SEPARATOR,
            checkpoint.getSuite() == null ? "" : checkpoint.getSuite(),
            Long.toString(checkpoint.getParameters()),
            String.valueOf(checkpoint.getSeed()),
            checkpoint.getLanguage())
        : null;
  }

  @Override
  public void init(ProcessorContext<String, ComparedRuns> context) {
    this.context = context;
    KeyValueStore<String, SpecificRecord> store = context.getStateStore(STORE);
    variants = new Section<>(store, 'v', Mark.class);
  }

  @Override
  public void process(Record<String, CheckpointPublished> record) {
    String group = group(record.value());
    if (group == null) {
      return;
    }
    String start = group + Keys.SEPARATOR;
    String variant = start + record.value().getVariant();
    if (variants.get(variant) != null) {
      return;
    }
    variants.put(variant, new Mark(""));
    Set<String> known = new TreeSet<>();
    variants.forEach(start, (key, mark) -> known.add(key));
    if (known.size() > 1 && known.contains(start + STANDARD)) {
      context.forward(record.withKey(group).withValue(new ComparedRuns(group)));
    }
  }
}
