package dev.castalia.topology.findings;

import dev.castalia.events.FindingsPending;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/**
 * Says how much waits in a stage of the findings: in the transaction in which something begins to
 * wait or nothing does any more, so that what is committed never looks done when it is not; between
 * the two, when it is asked to.
 */
final class Pending {

  private static final int NEVER = -1;

  private final String stage;
  private final ProcessingContext context;
  private final Consumer<FindingsPending> listener;
  private int told = NEVER;

  Pending(String stage, ProcessingContext context, Consumer<FindingsPending> listener) {
    this.stage = stage;
    this.context = context;
    this.listener = listener;
  }

  /** So many wait now. */
  void are(int pending) {
    if (pending > 0 && told <= 0) {
      tell(pending);
    }
  }

  /** So many wait after a turn. */
  void tell(int pending) {
    if (pending != told) {
      told = pending;
      listener.accept(
          new FindingsPending(
              stage,
              context.taskId().partition(),
              pending,
              Instant.ofEpochMilli(context.currentSystemTimeMs())));
    }
  }
}
