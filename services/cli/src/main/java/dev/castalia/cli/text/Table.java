package dev.castalia.cli.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table in plain text: a line of headings, and columns two spaces apart. */
public final class Table {

  private final List<String[]> rows = new ArrayList<>();
  private final boolean[] right;

  /**
   * @param headings one a column; those with a leading {@code >} are of columns set to the right
   */
  public Table(String... headings) {
    this.right = new boolean[headings.length];
    String[] names = new String[headings.length];
    for (int i = 0; i < headings.length; i++) {
      right[i] = headings[i].startsWith(">");
      names[i] = right[i] ? headings[i].substring(1) : headings[i];
    }
    rows.add(names);
  }

  /** Adds a row of as many cells as there are headings. */
  public Table row(Object... cells) {
    if (cells.length != right.length) {
      throw new IllegalArgumentException(
          Arrays.toString(cells) + " has not the table's " + right.length + " columns");
    }
    rows.add(Arrays.stream(cells).map(String::valueOf).toArray(String[]::new));
    return this;
  }

  /** The lines, without white space at their ends. */
  public List<String> lines() {
    int[] widths = new int[right.length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private String line(String[] row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.length; i++) {
      String space = " ".repeat(widths[i] - row[i].length());
      line.append(i == 0 ? "" : "  ").append(right[i] ? space + row[i] : row[i] + space);
    }
    return line.toString().stripTrailing();
  }
}
