package dev.castalia.cli.export;

import java.util.List;
import java.util.stream.Collectors;

/** Comma-separated values as RFC 4180 has them. */
final class Csv {

  private Csv() {}

  static String of(List<List<String>> rows) {
    StringBuilder out = new StringBuilder();
    for (List<String> row : rows) {
      out.append(row.stream().map(Csv::field).collect(Collectors.joining(","))).append("\r\n");
    }
    return out.toString();
  }

  private static String field(String text) {
    return text.matches("(?s).*[\",\\r\\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
