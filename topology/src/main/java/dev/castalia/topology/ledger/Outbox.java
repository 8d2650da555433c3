package dev.castalia.topology.ledger;

import org.apache.kafka.common.header.Headers;
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

  /**
   * @param trace headers of the trace that this is a step of
   */
  void send(String key, LedgerOutput output, Headers trace) {
    context.forward(new Record<>(key, output, now(), trace));
  }

  /** Milliseconds since the epoch. */
  long now() {
    return context.currentSystemTimeMs();
  }

  int partition() {
    return context.taskId().partition();
  }
}
