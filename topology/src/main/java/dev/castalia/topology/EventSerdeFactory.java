package dev.castalia.topology;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;

/** Where the topology gets its serdes from: a registry's in production, plain ones in tests. */
@FunctionalInterface
public interface EventSerdeFactory {

  /** A new serde; {@link SpecificRecord} itself for whatever event the bytes hold. */
  <T extends SpecificRecord> Serde<T> of(Class<T> type);
}
