package dev.castalia.cli.report;

import dev.castalia.cli.gateway.FindingsPending;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Waits for the findings to hold all scores. */
public final class CatchingUp {

  private static final Duration PAUSE = Duration.ofMillis(300);

  private CatchingUp() {}

  /**
   * Returns when the findings hold all scores, or when the time is over. They do when that is so
   * twice in a row: a transaction becomes visible in one topic after the other.
   *
   * @param look asks how far they are
   * @param progress told of every look that finds something missing
   * @return what is missing at the end
   */
  public static FindingsPending await(
      Supplier<FindingsPending> look, Duration atMost, Consumer<FindingsPending> progress)
      throws InterruptedException {
    long begun = System.nanoTime();
    boolean completeBefore = false;
    while (true) {
      FindingsPending pending = look.get();
      if (pending.complete() && completeBefore || System.nanoTime() - begun >= atMost.toNanos()) {
        return pending;
      }
      if (!pending.complete()) {
        progress.accept(pending);
      }
      completeBefore = pending.complete();
      Thread.sleep(PAUSE);
    }
  }
}
