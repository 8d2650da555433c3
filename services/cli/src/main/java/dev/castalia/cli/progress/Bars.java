package dev.castalia.cli.progress;

import dev.castalia.cli.progress.Work.Count;
import dev.castalia.cli.progress.Work.Part;
import dev.castalia.cli.text.Numbers;
import dev.castalia.cli.text.Screen;
import dev.castalia.schemas.PlainText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Draws work as lines of text; remembers what it has seen, for the rates. One thread. */
final class Bars {

  private static final int LONGEST_BAR = 40;
  private static final int SHORTEST_BAR = 5;
  private static final int LONGEST_NAME = 32;
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉";
  private static final String RED = "\033[31m";
  private static final String GREEN = "\033[32m";
  private static final String PLAIN = "\033[0m";

  private final String unit;
  private final Rate whole = new Rate();
  private final Map<String, Rate> rates = new HashMap<>();

  /**
   * @param unit what is counted, in the plural
   */
  Bars(String unit) {
    this.unit = unit;
  }

  /** Takes note of where the work is. */
  void see(Work work, long nanos) {
    whole.add(nanos, work.total().done() + work.total().failed());
    for (Part part : work.parts()) {
      rates
          .computeIfAbsent(part.name(), name -> new Rate())
          .add(nanos, part.count().done() + part.count().failed());
    }
  }

  /** The whole in one line. */
  String line(Work work) {
    Count total = work.total();
    StringBuilder line =
        new StringBuilder(
            "%s: %d/%d %s, %d %%"
                .formatted(
                    work.name(), total.done(), total.planned(), unit, (int) (total.share() * 100)));
    if (total.failed() > 0) {
      line.append(", ").append(total.failed()).append(" failed");
    }
    if (!total.over()) {
      whole
          .perSecond()
          .ifPresent(
              rate ->
                  line.append(", ")
                      .append(Numbers.amount(rate))
                      .append("/s, ")
                      .append(Numbers.duration(whole.timeFor(total.left())))
                      .append(" left"));
    }
    if (work.note() != null) {
      line.append("; ").append(work.note());
    }
    return line.toString();
  }

  /**
   * A bar a part, one for the whole, and the note; all within the screen. Where the parts do not
   * fit, those that are under way come first and the rest is summed up.
   */
  List<String> lines(Work work, Screen screen) {
    Screen.Size size = screen.size().get();
    // The cursor stands in a row of its own below.
    int room = size.rows() - 2 - (work.note() == null ? 0 : 1);
    List<Part> shown = work.parts();
    List<Part> summed = List.of();
    if (shown.size() > room) {
      List<Part> byInterest =
          shown.stream().sorted(Comparator.comparingInt(Bars::interest)).toList();
      int bars = Math.max(1, room - 1);
      List<Part> interesting = byInterest.subList(0, Math.min(bars, byInterest.size()));
      summed = byInterest.subList(interesting.size(), byInterest.size());
      shown = work.parts().stream().filter(interesting::contains).toList();
    }
    Columns columns = columns(work, shown, size.columns() - 1, screen.colour());
    List<String> lines = new ArrayList<>();
    for (Part part : shown) {
      lines.add(columns.line(part.name(), part.count(), rates.get(part.name())));
    }
    if (!summed.isEmpty()) {
      long over = summed.stream().filter(part -> part.count().over()).count();
      lines.add(
          cut(
              "… and %d more: %d done, %d waiting or under way"
                  .formatted(summed.size(), over, summed.size() - over),
              size.columns() - 1));
    }
    lines.add(columns.line(work.name(), work.total(), whole));
    if (work.note() != null) {
      lines.add(cut(work.note(), size.columns() - 1));
    }
    return lines;
  }

  private static int interest(Part part) {
    if (part.count().over()) {
      return 2;
    }
    return part.count().started() ? 0 : 1;
  }

  private static Columns columns(Work work, List<Part> shown, int width, boolean colour) {
    int name = work.name().length();
    int digits = Long.toString(work.total().planned()).length();
    for (Part part : shown) {
      name = Math.max(name, part.name().length());
    }
    int counts = 2 * digits + 1;
    // Name, bar, counts, "100 %", rate, time left; two spaces between them.
    int others = 2 + 2 + counts + 2 + 5 + 2 + 7 + 2 + 17;
    int names = Math.min(name, LONGEST_NAME);
    int bar = Math.min(LONGEST_BAR, width - others - names);
    if (bar < SHORTEST_BAR) {
      bar = 0;
    }
    return new Columns(names, bar, counts, width, colour);
  }

  private record Columns(int names, int bar, int counts, int width, boolean colour) {

    String line(String name, Count count, Rate rate) {
      StringBuilder line = new StringBuilder(padded(cut(name, names), names)).append("  ");
      int coloured = -1;
      if (bar > 0) {
        coloured = line.length();
        line.append(drawn(count)).append("  ");
      }
      line.append(" ".repeat(Math.max(0, counts - counted(count).length())))
          .append(counted(count))
          .append("  %3d %%".formatted((int) (count.share() * 100)))
          .append("  ");
      if (count.over()) {
        line.append(count.failed() > 0 ? count.failed() + " failed" : "done");
      } else {
        OptionalDouble perSecond = rate.perSecond();
        String speed = perSecond.isEmpty() ? "" : Numbers.amount(perSecond.getAsDouble()) + "/s";
        Duration left = rate.timeFor(count.left());
        line.append(" ".repeat(Math.max(0, 7 - speed.length()))).append(speed).append("  ");
        line.append(left == null ? "" : Numbers.duration(left) + " left");
        if (count.failed() > 0) {
          line.append("  ").append(count.failed()).append(" failed");
        }
      }
      String text = cut(line.toString().stripTrailing(), width);
      if (!colour || coloured < 0) {
        return text;
      }
      String ink = count.failed() > 0 ? RED : GREEN;
      return text.substring(0, coloured)
          + ink
          + text.substring(coloured, coloured + bar)
          + PLAIN
          + text.substring(coloured + bar);
    }

    private String drawn(Count count) {
      int eighths = (int) (count.share() * bar * 8);
      String full = "█".repeat(eighths / 8);
      String part = eighths % 8 == 0 ? "" : String.valueOf(EIGHTHS.charAt(eighths % 8));
      return full + part + "░".repeat(bar - full.length() - part.length());
    }

    private static String counted(Count count) {
      return count.done() + "/" + count.planned();
    }

    private static String padded(String text, int width) {
      return text + " ".repeat(width - text.length());
    }
  }

  private static String cut(String text, int width) {
    String plain = PlainText.of(text);
    return plain.length() <= width ? plain : plain.substring(0, Math.max(0, width - 1)) + "…";
  }
}
