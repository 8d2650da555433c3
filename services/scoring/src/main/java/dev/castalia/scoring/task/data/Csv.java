package dev.castalia.scoring.task.data;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.castalia.scoring.TaskException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Separated values with a header. As the datasets library has it, a column is of whole numbers,
 * numbers or truth values if all its values are, and what stands for "no value" is none.
 */
final class Csv {

  private static final CsvMapper MAPPER =
      CsvMapper.builder()
          .enable(CsvParser.Feature.WRAP_AS_ARRAY)
          .enable(CsvParser.Feature.FAIL_ON_MISSING_COLUMNS)
          .build();

  /** What pandas takes for no value. */
  private static final Set<String> NONE =
      Set.of(
          "",
          "#N/A",
          "#N/A N/A",
          "#NA",
          "-1.#IND",
          "-1.#QNAN",
          "-NaN",
          "-nan",
          "1.#IND",
          "1.#QNAN",
          "<NA>",
          "N/A",
          "NA",
          "NULL",
          "NaN",
          "None",
          "n/a",
          "nan",
          "null");

  // Pandas skips ASCII's white space around digits, and around nothing else.
  private static final Pattern WHOLE = Pattern.compile("\\s*[+-]?\\d+\\s*");
  private static final Pattern REAL =
      Pattern.compile(
          "\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\s*|[+-]?(inf|Inf|Infinity)");
  private static final Set<String> TRUTHS =
      Set.of("True", "TRUE", "true", "False", "FALSE", "false");

  private Csv() {}

  static List<Map<String, Object>> parse(Path file, String text, char separator) {
    CsvSchema schema = CsvSchema.emptySchema().withColumnSeparator(separator);
    List<String[]> rows;
    try (MappingIterator<String[]> iterator =
        MAPPER.readerFor(String[].class).with(schema).readValues(text)) {
      rows = iterator.readAll();
    } catch (IOException e) {
      throw new TaskException(file + ": not separated values: " + e.getMessage(), e);
    }
    if (rows.isEmpty()) {
      throw new TaskException(file + ": empty; the first line names the columns");
    }
    String[] names = rows.removeFirst();
    rows.removeIf(row -> row.length == 1 && row[0].isEmpty() && names.length > 1);
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).length > names.length) {
        throw new TaskException(
            "%s: row %d has %d values for %d columns"
                .formatted(file, i + 1, rows.get(i).length, names.length));
      }
    }
    List<Map<String, Object>> documents = new ArrayList<>();
    rows.forEach(row -> documents.add(new LinkedHashMap<>()));
    for (int column = 0; column < names.length; column++) {
      Function<String, Object> type = type(rows, column);
      for (int i = 0; i < rows.size(); i++) {
        String value = value(rows.get(i), column);
        documents.get(i).put(names[column], value == null ? null : type.apply(value));
      }
    }
    return documents;
  }

  private static String value(String[] row, int column) {
    return column >= row.length || NONE.contains(row[column]) ? null : row[column];
  }

  private static Function<String, Object> type(List<String[]> rows, int column) {
    boolean gaps = rows.stream().anyMatch(row -> value(row, column) == null);
    if (all(rows, column, Csv::isWhole)) {
      // A column of numbers with gaps is one of reals, which alone can hold "not a number".
      return gaps ? Double::valueOf : value -> Long.valueOf(value.strip());
    }
    if (all(rows, column, value -> REAL.matcher(value).matches())) {
      return value -> Double.valueOf(value.replaceFirst("(inf|Inf)$", "Infinity"));
    }
    if (!gaps && all(rows, column, TRUTHS::contains)) {
      return Boolean::valueOf;
    }
    return value -> value;
  }

  private static boolean isWhole(String value) {
    return WHOLE.matcher(value).matches() && new BigInteger(value.strip()).bitLength() < Long.SIZE;
  }

  private static boolean all(List<String[]> rows, int column, Predicate<String> are) {
    return rows.stream()
        .map(row -> value(row, column))
        .filter(value -> value != null)
        .allMatch(are);
  }
}
