package dev.castalia.cli.text;

import dev.castalia.schemas.PlainText;
import java.io.PrintWriter;

/** Prints what may hold texts of others as {@link PlainText}. */
public final class PlainWriter extends PrintWriter {

  private final PrintWriter terminal;

  public PlainWriter(PrintWriter terminal) {
    super(terminal, true);
    this.terminal = terminal;
  }

  /** Where to print what the terminal shall obey. */
  public static PrintWriter terminal(PrintWriter out) {
    return out instanceof PlainWriter plain ? plain.terminal : out;
  }

  @Override
  public void write(int character) {
    write(Character.toString(character));
  }

  @Override
  public void write(char[] text, int from, int length) {
    write(new String(text, from, length));
  }

  @Override
  public void write(String text, int from, int length) {
    String plain = PlainText.of(text.substring(from, from + length));
    super.write(plain, 0, plain.length());
  }
}
