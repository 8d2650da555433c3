package dev.castalia.scoring.task.data;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import dev.castalia.scoring.TaskException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The forms that data comes in, told by the end of a file's name. */
enum DataFormat {
  JSON_LINES(".jsonl"),
  JSON(".json"),
  CSV(".csv"),
  TSV(".tsv"),
  PARQUET(".parquet"),
  ARROW(".arrow");

  private static final String GZIP = ".gz";
  private static final String ZSTD = ".zst";

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /**
   * What a file may hold, decompressed: a few bytes on disk can be as many as there is memory for,
   * and as documents they are several times more.
   */
  private static final long MOST_BYTES =
      Math.min(Runtime.getRuntime().maxMemory() / 8, Integer.MAX_VALUE / 2);

  private final String suffix;

  DataFormat(String suffix) {
    this.suffix = suffix;
  }

  /** The form of a file of this name, compressed or not. */
  static Optional<DataFormat> of(String name) {
    String plain = uncompressed(name);
    return Arrays.stream(values()).filter(format -> plain.endsWith(format.suffix)).findFirst();
  }

  /** The name without what tells of form and compression. */
  static String stem(String name) {
    String plain = uncompressed(name);
    return of(name)
        .map(format -> plain.substring(0, plain.length() - format.suffix.length()))
        .orElse(plain);
  }

  private static String uncompressed(String name) {
    return name.endsWith(GZIP) || name.endsWith(ZSTD)
        ? name.substring(0, name.lastIndexOf('.'))
        : name;
  }

  /**
   * All documents of a split's files. A column of JSON has one type in all of them; other forms
   * give their columns types themselves.
   *
   * @throws TaskException if one is not of the form that its name says
   */
  static List<Map<String, Object>> read(List<Path> files) {
    List<Map<String, Object>> documents = new ArrayList<>();
    files.forEach(file -> documents.addAll(read(file)));
    if (files.stream().map(DataFormat::of).anyMatch(Set.of(JSON_LINES, JSON)::contains)) {
      JsonType.settle(documents);
    }
    return documents;
  }

  private static DataFormat of(Path file) {
    return of(file.getFileName().toString())
        .orElseThrow(
            () ->
                new TaskException(
                    file
                        + ": data of this form is not read; give one of "
                        + Arrays.stream(values()).map(it -> "*" + it.suffix).toList()));
  }

  /** All documents of a file, as they are written there. */
  static List<Map<String, Object>> read(Path file) {
    return switch (of(file)) {
      case JSON_LINES, JSON -> JsonLines.parse(file, text(file));
      case CSV -> Csv.parse(file, text(file), ',');
      case TSV -> Csv.parse(file, text(file), '\t');
      case PARQUET -> Parquet.read(file, MOST_BYTES);
      case ARROW -> ArrowStream.parse(file, bytes(file));
    };
  }

  /** The file's content, without the byte order mark that spreadsheets begin with. */
  private static String text(Path file) {
    ByteBuffer bytes = ByteBuffer.wrap(bytes(file));
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      long line =
          IntStream.range(0, bytes.position()).filter(i -> bytes.get(i) == '\n').count() + 1;
      throw new TaskException(
          "%s: line %d is not UTF-8; save it as UTF-8".formatted(file, line), e);
    }
  }

  /** The file's content, decompressed. */
  private static byte[] bytes(Path file) {
    try (InputStream in = open(file)) {
      byte[] bytes = in.readNBytes((int) MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw tooLarge(file);
      }
      return bytes;
    } catch (ZipException | ZstdIOException | EOFException e) {
      throw new TaskException(
          file + ": not compressed as its name says, damaged or cut off: " + e, e);
    } catch (IOException e) {
      throw TaskException.unreadable(file, e);
    }
  }

  static TaskException tooLarge(Path file) {
    return new TaskException(
        "%s: holds more than %d MiB, an eighth of this process's memory; split it, or give more memory with -Xmx"
            .formatted(file, MOST_BYTES >> 20));
  }

  private static InputStream open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file));
    String name = file.toString();
    return name.endsWith(GZIP)
        ? new GZIPInputStream(in)
        : name.endsWith(ZSTD) ? new ZstdInputStream(in) : in;
  }
}
