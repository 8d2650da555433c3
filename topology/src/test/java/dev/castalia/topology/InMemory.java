package dev.castalia.topology;

import dev.castalia.topology.state.StatefulSupplier;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.ProcessorWrapper;
import org.apache.kafka.streams.processor.api.WrappedFixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.WrappedProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Keeps a topology's stores in memory: opening RocksDB's, some ten for each test, takes longer than
 * most tests. What is kept on disk is tested with a mesh.
 */
public final class InMemory implements ProcessorWrapper {

  @Override
  public void configure(Map<String, ?> configs) {}

  @Override
  public <A, B, C, D> WrappedProcessorSupplier<A, B, C, D> wrapProcessorSupplier(
      String name, ProcessorSupplier<A, B, C, D> supplier) {
    return supplier instanceof StatefulSupplier<?, ?> stateful
        ? new InMemorySupplier<>(supplier, store(stateful))
        : ProcessorWrapper.asWrapped(supplier);
  }

  @Override
  public <A, B, C> WrappedFixedKeyProcessorSupplier<A, B, C> wrapFixedKeyProcessorSupplier(
      String name, FixedKeyProcessorSupplier<A, B, C> supplier) {
    return ProcessorWrapper.asWrappedFixedKey(supplier);
  }

  private static StoreBuilder<?> store(StatefulSupplier<?, ?> supplier) {
    return StatefulSupplier.store(Stores.inMemoryKeyValueStore(supplier.store()), supplier.types());
  }

  private record InMemorySupplier<A, B, C, D>(
      ProcessorSupplier<A, B, C, D> supplier, StoreBuilder<?> store)
      implements WrappedProcessorSupplier<A, B, C, D> {

    @Override
    public Processor<A, B, C, D> get() {
      return supplier.get();
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
      return Set.of(store);
    }
  }
}
