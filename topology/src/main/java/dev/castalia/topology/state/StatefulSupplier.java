package dev.castalia.topology.state;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Processors with a store of their own: cached, on disk, and in a topic that it is restored from.
 *
 * @param processors a new one at each call
 * @param store its name
 * @param types all that the store's values can be, in the order that {@link StateSerde} asks for
 */
public record StatefulSupplier<I, O>(
    Supplier<Processor<String, I, String, O>> processors,
    String store,
    List<Class<? extends SpecificRecord>> types)
    implements ProcessorSupplier<String, I, String, O> {

  /**
   * @param types all that the store's values can be, in the order that {@link StateSerde} asks for
   */
  @SafeVarargs
  public StatefulSupplier(
      Supplier<Processor<String, I, String, O>> processors,
      String store,
      Class<? extends SpecificRecord>... types) {
    this(processors, store, List.of(types));
  }

  /** The store alone. */
  public static StoreBuilder<KeyValueStore<String, SpecificRecord>> store(
      String name, List<Class<? extends SpecificRecord>> types) {
    return store(Stores.persistentKeyValueStore(name), types);
  }

  /** The same, kept as is said. */
  public static StoreBuilder<KeyValueStore<String, SpecificRecord>> store(
      KeyValueBytesStoreSupplier kept, List<Class<? extends SpecificRecord>> types) {
    return Stores.keyValueStoreBuilder(kept, Serdes.String(), new StateSerde(types))
        .withCachingEnabled();
  }

  @Override
  public Processor<String, I, String, O> get() {
    return processors.get();
  }

  @Override
  public Set<StoreBuilder<?>> stores() {
    return Set.of(store(store, types));
  }
}
