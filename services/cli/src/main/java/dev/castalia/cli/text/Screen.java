package dev.castalia.cli.text;

import java.io.Console;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * What the output goes to: a terminal whose lines can be redrawn, or a file, a pipe, a log.
 *
 * @param terminal whether lines can be redrawn
 * @param colour whether colours are wanted; never without a terminal
 * @param size asked for before every drawing, for windows are resized
 */
public record Screen(boolean terminal, boolean colour, Supplier<Size> size) {

  /** In characters. */
  public record Size(int columns, int rows) {}

  private static final Size USUAL = new Size(80, 24);

  /** No terminal. */
  public static final Screen NONE = new Screen(false, false, () -> USUAL);

  /** The screen of this process. */
  public static Screen ofProcess() {
    Console console = System.console();
    return of(System.getenv(), console != null && console.isTerminal(), new Window());
  }

  /**
   * @param attached whether input and output are a terminal's
   */
  static Screen of(Map<String, String> environment, boolean attached, Supplier<Size> window) {
    if (!attached || environment.getOrDefault("TERM", "dumb").equals("dumb")) {
      return NONE;
    }
    // https://no-color.org: any value that is not empty.
    boolean colour = environment.getOrDefault("NO_COLOR", "").isEmpty();
    Optional<Integer> columns = number(environment.get("COLUMNS"));
    return new Screen(
        true,
        colour,
        () -> {
          Size size = window.get();
          return new Size(columns.orElse(size.columns()), size.rows());
        });
  }

  private static Optional<Integer> number(String text) {
    return Optional.ofNullable(text)
        .filter(digits -> digits.matches("[1-9]\\d{0,4}"))
        .map(Integer::valueOf);
  }

  /** The terminal's window; opened when first asked for, which most commands never do. */
  private static final class Window implements Supplier<Size> {

    private Terminal terminal;

    @Override
    public synchronized Size get() {
      try {
        if (terminal == null) {
          // Only its size is wanted: the terminal is not to be asked what else it can do.
          terminal =
              TerminalBuilder.builder().system(true).dumb(true).graphemeCluster(false).build();
        }
      } catch (IOException e) {
        return USUAL;
      }
      return terminal.getWidth() > 0 && terminal.getHeight() > 0
          ? new Size(terminal.getWidth(), terminal.getHeight())
          : USUAL;
    }
  }
}
