package dev.castalia.cli.progress;

import dev.castalia.cli.text.PlainWriter;
import dev.castalia.cli.text.Screen;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Shows how far some work is. On a terminal a bar a part, redrawn in place; elsewhere a plain line
 * now and then. One thread; nothing else should write to the same terminal between the first update
 * and {@link #finish}.
 */
public final class ProgressDisplay {

  private static final Duration REDRAWN_EVERY = Duration.ofMillis(200);
  private static final Duration LINE_EVERY = Duration.ofSeconds(5);

  private final PrintWriter out;
  private final Screen screen;
  private final LongSupplier nanoTime;
  private final Bars bars;
  private long shownAt;
  private boolean shown;
  private int drawn;
  private String lastLine = "";

  /**
   * @param unit what is counted, in the plural
   */
  public ProgressDisplay(PrintWriter out, Screen screen, String unit) {
    this(out, screen, unit, System::nanoTime);
  }

  ProgressDisplay(PrintWriter out, Screen screen, String unit, LongSupplier nanoTime) {
    this.out = out;
    this.screen = screen;
    this.nanoTime = nanoTime;
    this.bars = new Bars(unit);
  }

  /** Shows the work, unless something was shown a moment ago. Cheap enough for every batch. */
  public void update(Work work) {
    long now = nanoTime.getAsLong();
    bars.see(work, now);
    Duration every = screen.terminal() ? REDRAWN_EVERY : LINE_EVERY;
    if (!shown || now - shownAt >= every.toNanos()) {
      show(work);
      shown = true;
      shownAt = now;
    }
  }

  /** Shows the work's last state, and leaves it there. */
  public void finish(Work work) {
    bars.see(work, nanoTime.getAsLong());
    show(work);
  }

  private void show(Work work) {
    if (screen.terminal()) {
      draw(bars.lines(work, screen));
    } else {
      String line = bars.line(work);
      if (!line.equals(lastLine)) {
        out.println(line);
        lastLine = line;
      }
    }
    out.flush();
  }

  /**
   * Over what was drawn before: up to its first line, each line cleared, and what is left below.
   */
  private void draw(List<String> lines) {
    StringBuilder frame = new StringBuilder();
    if (drawn > 0) {
      frame.append("\033[").append(drawn).append('F');
    }
    for (String line : lines) {
      frame.append("\033[2K").append(line).append('\n');
    }
    frame.append("\033[J");
    PlainWriter.terminal(out).print(frame);
    drawn = lines.size();
  }
}
