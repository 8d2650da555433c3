package dev.castalia.topology.ledger;

import dev.castalia.topology.Mesh;
import dev.castalia.topology.TopologyMonitor;
import dev.castalia.topology.state.StatefulSupplier;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** A ledger without the rest of the topology, in which time stands still. */
final class LoneLedger {

  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  static final LedgerSettings SETTINGS = Mesh.settings(8).ledger();

  private final MockProcessorContext<String, LedgerOutput> context = new MockProcessorContext<>();
  private Processor<String, SpecificRecord, String, LedgerOutput> ledger;
  private int calls;

  LoneLedger() {
    context.setCurrentSystemTimeMs(NOW.toEpochMilli());
    KeyValueStore<String, SpecificRecord> store = store();
    store.init(context.getStateStoreContext(), counted(store));
    restart();
  }

  /** A ledger's store in memory, which is to be initialized. */
  static KeyValueStore<String, SpecificRecord> store() {
    return StatefulSupplier.store(Stores.inMemoryKeyValueStore(Books.STORE), Books.TYPES)
        .withCachingDisabled()
        .withLoggingDisabled()
        .build();
  }

  private KeyValueStore<?, ?> counted(KeyValueStore<?, ?> store) {
    return (KeyValueStore<?, ?>)
        Proxy.newProxyInstance(
            LoneLedger.class.getClassLoader(),
            new Class<?>[] {KeyValueStore.class},
            (proxy, method, arguments) -> {
              calls++;
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Another ledger, with nothing but the store of the one before. */
  void restart() {
    ledger = Ledger.supplier(SETTINGS, TopologyMonitor.NONE).get();
    ledger.init(context);
  }

  void take(SpecificRecord event) {
    ledger.process(new Record<>("key", event, NOW.toEpochMilli()));
  }

  /** How often the ledger has turned to its store. */
  int storeCalls() {
    return calls;
  }

  /** What the ledger says with its next tick, by what it is forwarded under. */
  List<Record<String, LedgerOutput>> tick() {
    context.resetForwards();
    context.scheduledPunctuators().getLast().getPunctuator().punctuate(NOW.toEpochMilli());
    List<Record<String, LedgerOutput>> said = new ArrayList<>();
    for (MockProcessorContext.CapturedForward<? extends String, ? extends LedgerOutput> forward :
        context.forwarded()) {
      said.add(new Record<>(forward.record().key(), forward.record().value(), 0));
    }
    return said;
  }
}
