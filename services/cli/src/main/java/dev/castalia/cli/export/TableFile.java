package dev.castalia.cli.export;

import com.jerolba.carpet.CarpetWriter;
import com.jerolba.carpet.ColumnNamingStrategy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Kinds of files that hold a table. Columns are a record's components, in snake case. */
public enum TableFile {

  /**
   * Comma-separated values as RFC 4180 has them. An apostrophe stands before a text that a
   * spreadsheet would compute.
   */
  CSV {
    @Override
    <T extends Record> void write(Path file, Class<T> type, List<T> rows) throws IOException {
      RecordComponent[] columns = type.getRecordComponents();
      try (Writer out = Files.newBufferedWriter(file)) {
        line(out, Arrays.stream(columns).map(it -> snakeCase(it.getName())).toList());
        for (T row : rows) {
          line(out, Arrays.stream(columns).map(it -> text(it, row)).toList());
        }
      }
    }
  },

  /** Apache Parquet, compressed with zstd. */
  PARQUET {
    @Override
    <T extends Record> void write(Path file, Class<T> type, List<T> rows) throws IOException {
      try (OutputStream out = Files.newOutputStream(file);
          CarpetWriter<T> writer =
              new CarpetWriter.Builder<>(out, type)
                  .withColumnNamingStrategy(ColumnNamingStrategy.SNAKE_CASE)
                  .withCompressionCodec(CompressionCodecName.ZSTD)
                  .build()) {
        writer.write(rows);
      }
    }
  };

  /** What a spreadsheet would compute; minus infinity is what is told of a score. */
  private static final Pattern FORMULA = Pattern.compile("(?!-Infinity\\z)[=+@\\t\\r-]");

  /** Writes a file anew. */
  abstract <T extends Record> void write(Path file, Class<T> type, List<T> rows) throws IOException;

  /** How names of such files end, dot included. */
  String suffix() {
    return "." + name().toLowerCase(Locale.ROOT);
  }

  private static String snakeCase(String name) {
    return name.replaceAll("(?=\\p{Upper})", "_").toLowerCase(Locale.ROOT);
  }

  private static String text(RecordComponent column, Record row) {
    try {
      Object value = column.getAccessor().invoke(row);
      return value instanceof String text && FORMULA.matcher(text).lookingAt()
          ? "'" + text
          : Objects.toString(value, "");
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(column + " of a record cannot be read", e);
    }
  }

  private static void line(Writer out, List<String> cells) throws IOException {
    out.write(cells.stream().map(TableFile::quoted).collect(Collectors.joining(",")));
    out.write("\r\n");
  }

  private static String quoted(String text) {
    return text.matches("(?s).*[\",\\r\\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
