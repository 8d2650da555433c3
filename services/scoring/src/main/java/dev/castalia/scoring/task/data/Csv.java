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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
          .enable(CsvParser.Feature.EMPTY_UNQUOTED_STRING_AS_NULL)
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
      Pattern.compile("\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\s*|[+-]?(?i:inf(inity)?)");
  private static final Pattern TRUTH = Pattern.compile("(?i:true|false)");
  private static final Pattern BLANK = Pattern.compile("[ \\t]+");

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
    rows.removeIf(Csv::isBlankLine);
    if (rows.isEmpty()) {
      throw new TaskException(file + ": empty; the first line names the columns");
    }
    List<String> names = names(rows.removeFirst());
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).length > names.size()) {
        throw new TaskException(
            "%s: row %d has %d values for %d columns"
                .formatted(file, i + 1, rows.get(i).length, names.size()));
      }
    }
    List<Map<String, Object>> documents = new ArrayList<>();
    rows.forEach(row -> documents.add(new LinkedHashMap<>()));
    for (int column = 0; column < names.size(); column++) {
      Function<String, Object> type = type(rows, column);
      for (int i = 0; i < rows.size(); i++) {
        String value = value(rows.get(i), column);
        documents.get(i).put(names.get(column), value == null ? null : type.apply(value));
      }
    }
    return documents;
  }

  /** Other than one of an empty value in quotes. */
  private static boolean isBlankLine(String[] row) {
    return row.length == 1 && (row[0] == null || BLANK.matcher(row[0]).matches());
  }

  /** As pandas has them: by its place one without a name, with a number one that is there twice. */
  private static List<String> names(String[] header) {
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < header.length; i++) {
      String given = header[i] == null || header[i].isEmpty() ? "Unnamed: " + i : header[i];
      String name = given;
      for (int n = 1; names.contains(name) || n > 1 && Arrays.asList(header).contains(name); n++) {
        name = given + "." + n;
      }
      names.add(name);
    }
    return List.copyOf(names);
  }

  private static String value(String[] row, int column) {
    return column >= row.length || row[column] == null || NONE.contains(row[column])
        ? null
        : row[column];
  }

  private static Function<String, Object> type(List<String[]> rows, int column) {
    boolean gaps = rows.stream().anyMatch(row -> value(row, column) == null);
    if (all(rows, column, Csv::isWhole)) {
      // A column of numbers with gaps is one of reals, which alone can hold "not a number".
      return gaps ? Double::valueOf : value -> Long.valueOf(value.strip());
    }
    if (all(rows, column, value -> REAL.matcher(value).matches())) {
      return value -> Double.valueOf(value.replaceFirst("(?i)inf(inity)?$", "Infinity"));
    }
    if (all(rows, column, value -> TRUTH.matcher(value).matches())) {
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
