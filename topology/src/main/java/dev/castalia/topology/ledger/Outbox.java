package dev.castalia.topology.ledger;

import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Where the parts of the ledger put what they have to say. */
final class Outbox {

  private final ProcessorContext<String, LedgerOutput> context;

  Outbox(ProcessorContext<String, LedgerOutput> context) {
    this.context = context;
  }

  void send(String key, LedgerOutput output) {
    context.forward(new Record<>(key, output, now()));
  }

  /** Milliseconds since the epoch. */
  long now() {
    return context.currentSystemTimeMs();
  }

  int partition() {
    return context.taskId().partition();
  }
}
