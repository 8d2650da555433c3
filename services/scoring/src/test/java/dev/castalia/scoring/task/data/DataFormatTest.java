package dev.castalia.scoring.task.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import dev.castalia.scoring.TaskException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataFormatTest {

  @TempDir private Path folder;

  private static Path resource(String name) {
    try {
      return Path.of(DataFormatTest.class.getResource("/data/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Map<String, Object>> rows() {
    return DataFormat.read(resource("rows.jsonl"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"snappy.parquet", "zstd.parquet", "stream.arrow", "cached.arrow"})
  void everyFormHoldsTheSameRows(String name) {
    assertThat(DataFormat.read(resource(name))).isEqualTo(rows());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\": 1}\nnull\n", "[{\"a\": 1}, null]"})
  void aDocumentThatIsNullIsNamed(String json) throws IOException {
    Path file = Files.writeString(folder.resolve("nulls.json"), json);

    assertThatThrownBy(() -> DataFormat.read(file))
        .isInstanceOf(TaskException.class)
        .hasMessageContainingAll("nulls.json", "is null");
  }

  @Test
  void columnsOfSeparatedValuesHaveTypes() throws IOException {
    // The datasets library's reading of the same file.
    Map<String, Object> first = new LinkedHashMap<>();
    first.put("q", "one, \"ü\"");
    first.put("n", 1L);
    first.put("x", 0.5);
    first.put("b", true);
    first.put("z", null);
    Map<String, Object> second =
        Map.of("q", "two\nlines", "n", -2L, "x", 1e20, "b", false, "z", "v");

    assertThat(DataFormat.read(resource("rows.csv"))).isEqualTo(List.of(first, second));

    Path tabs = folder.resolve("rows.tsv");
    Files.writeString(tabs, "a\tb\n1, 2\t3\n");
    assertThat(DataFormat.read(tabs)).isEqualTo(List.of(Map.of("a", "1, 2", "b", 3L)));
  }

  @Test
  void aWholeNumberHasUpTo64Bits() throws IOException {
    for (String number : List.of(Long.MAX_VALUE + "", Long.MIN_VALUE + "", "+" + Long.MAX_VALUE)) {
      assertThat(column(number, "3")).containsExactly(Long.valueOf(number), 3L);
    }
  }

  @Test
  void aNumberMayHaveSpaceAroundItAndNothingElseMay() throws IOException {
    for (String two : List.of(" 2", "2 ", "\t2\u000b\f", "\"2\n\"")) {
      assertThat(column(two, "3")).containsExactly(2L, 3L);
    }
    assertThat(column(" 2.5", "3\f")).containsExactly(2.5, 3.0);
    assertThat(column("1e5 ", "none", "\t3")).containsExactly("1e5 ", "none", "\t3");
    assertThat(column(" 2", "NA", "3")).containsExactly(2.0, null, 3.0);
    assertThat(column(" 2", " NA")).containsExactly(" 2", " NA");
    assertThat(column(" True", "False")).containsExactly(" True", "False");
    assertThat(column(" inf", "2")).containsExactly(" inf", "2");
    assertThat(column("\u00a02", "3")).containsExactly("\u00a02", "3");
    assertThat(column("1 e5", "3")).containsExactly("1 e5", "3");
  }

  @Test
  void blankLinesAreNoRowsAndEmptyValuesAre() throws IOException {
    assertThat(separated("text\na\n\nb\n\n"))
        .containsExactly(Map.of("text", "a"), Map.of("text", "b"));
    assertThat(separated("\n \t\na,b\n1,2\n  \n3,4\n\r\n"))
        .containsExactly(Map.of("a", 1L, "b", 2L), Map.of("a", 3L, "b", 4L));
    assertThat(separated("text\na\n\"\"\nNA\n"))
        .extracting(row -> row.get("text"))
        .containsExactly("a", null, null);
  }

  @Test
  void noColumnHidesAnotherOfItsName() throws IOException {
    assertThat(separated("a,a,a.1,,\n1,2,3,4,5\n"))
        .containsExactly(Map.of("a", 1L, "a.2", 2L, "a.1", 3L, "Unnamed: 3", 4L, "Unnamed: 4", 5L));
  }

  @Test
  void truthValuesMayHaveGapsAndAnyCase() throws IOException {
    assertThat(column("True", "NA", "fALSE")).containsExactly(true, null, false);
    assertThat(column("true", "1")).containsExactly("true", "1");
    assertThat(column("INF", "-iNfinity", "1"))
        .containsExactly(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1.0);
  }

  private List<Map<String, Object>> separated(String text) throws IOException {
    return DataFormat.read(Files.writeString(folder.resolve("separated.csv"), text));
  }

  private List<Object> column(String... values) throws IOException {
    Path file = folder.resolve("column.csv");
    Files.writeString(file, "a,b\n" + String.join(",x\n", values) + ",x\n");
    return DataFormat.read(file).stream().map(row -> row.get("a")).toList();
  }

  @Test
  void compressedFilesAreReadAsWhatTheyHold() throws IOException {
    byte[] plain = Files.readAllBytes(resource("rows.jsonl"));
    Path gz = Files.write(folder.resolve("rows.jsonl.gz"), gzip(plain));
    Path zst = Files.write(folder.resolve("rows.jsonl.zst"), Zstd.compress(plain));

    assertThat(DataFormat.read(gz)).isEqualTo(rows());
    assertThat(DataFormat.read(zst)).isEqualTo(rows());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"x.jsonl|{'a': 1}", "x.json|[{'a': 1}]", "x.csv|a,b%n1,2", "x.tsv|a\tb%n1\t2"})
  void aByteOrderMarkIsNoPartOfTheData(String name, String text) throws IOException {
    String quoted = text.formatted().replace('\'', '"');
    Path file = Files.writeString(folder.resolve(name), "\uFEFF" + quoted);

    assertThat(DataFormat.read(file).getFirst()).containsEntry("a", 1L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.jsonl", "x.json", "x.csv", "x.tsv"})
  void whatIsNotUtf8IsNamedWithItsLine(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "[{\"a\": 1},\n{\"a\": \"caf\u00e9\"}]\n", StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> DataFormat.read(file))
        .isInstanceOf(TaskException.class)
        .hasMessage(file + ": line 2 is not UTF-8; save it as UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {".gz", ".zst"})
  void aFileThatIsCutOffIsNotReadAgain(String suffix) throws IOException {
    byte[] plain = Files.readAllBytes(resource("rows.jsonl"));
    byte[] whole = suffix.equals(".gz") ? gzip(plain) : Zstd.compress(plain);
    Path file = folder.resolve("rows.jsonl" + suffix);
    Files.write(file, Arrays.copyOf(whole, whole.length - 9));

    assertThatThrownBy(() -> DataFormat.read(file))
        .isInstanceOfSatisfying(TaskException.class, e -> assertThat(e.passing()).isFalse())
        .hasMessageContaining(file + ": not compressed as its name says, damaged or cut off");
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(plain);
    }
    return gzip.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bomb.jsonl.gz", "bomb.csv.zst"})
  void whatUnpacksToMoreThanMemoryHoldsIsRefused(String name) throws IOException {
    Path file = folder.resolve(name);
    byte[] nothing = new byte[1 << 20];
    try (OutputStream to = Files.newOutputStream(file);
        OutputStream out =
            name.endsWith(".gz") ? new GZIPOutputStream(to) : new ZstdOutputStream(to)) {
      for (long written = 0;
          written <= Runtime.getRuntime().maxMemory() / 8;
          written += nothing.length) {
        out.write(nothing);
      }
    }

    assertThat(Files.size(file)).isLessThan(2 << 20);
    assertThatThrownBy(() -> DataFormat.read(file))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining(name + ": holds more than");
  }

  @Test
  void rowsOfParquetAreCountedAsWhatTheyBecome() {
    Path file = resource("zstd.parquet");

    assertThat(Parquet.read(file, 1000)).isEqualTo(rows());
    assertThatThrownBy(() -> Parquet.read(file, 100))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("zstd.parquet: holds more than");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.jsonl", "x.json", "x.parquet", "x.arrow", "x.jsonl.gz", "x.jsonl.zst"})
  void whatIsNotWhatItsNameSaysIsAnErrorThatNamesTheFile(String name) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "[neither of these, whatever the name is");

    assertThatThrownBy(() -> DataFormat.read(file))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining(name);
  }

  @Test
  void aDamagedStreamIsAnErrorOrOtherRowsButNothingElse() throws IOException {
    byte[] whole = Files.readAllBytes(resource("stream.arrow"));
    Random random = new Random(1);
    Path file = folder.resolve("damaged.arrow");
    for (int i = 0; i < 500; i++) {
      byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length / 2, whole.length + 1));
      for (int j = 0; j < 3; j++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      Files.write(file, damaged);
      try {
        assertThat(DataFormat.read(file)).hasSizeLessThan(100_000);
      } catch (TaskException e) {
        assertThat(e).hasMessageContaining("damaged.arrow");
      }
    }
  }

  @Test
  void theDatasetsLibrarysCacheIsADataPath() throws IOException {
    Path cache = folder.resolve("org___letters/small/0.0.0/abc");
    Files.createDirectories(cache);
    Files.copy(resource("cached.arrow"), cache.resolve("letters-test.arrow"));
    Files.writeString(cache.resolve("cache-0123.arrow"), "what a map left");

    Dataset found = Dataset.find(DataPath.of(folder), "org/letters", "small");

    assertThat(found.splits()).containsOnlyKeys("test");
    assertThat(found.documents("test")).isEqualTo(rows());
    assertThatThrownBy(() -> Dataset.find(DataPath.of(folder), "org/letters", "large"))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("data set 'org/letters', 'large' is in none of");
  }

  /** The names are those that camelcase_to_snakecase of datasets 5.2 gives. */
  @ParameterizedTest
  @CsvSource({
    "HAERAE-HUB/KMMLU, HAERAE-HUB___kmmlu, kmmlu",
    "tinyBenchmarks/tinyMMLU, tinyBenchmarks___tiny_mmlu, tiny_mmlu",
    "TIGER-Lab/MMLU-Pro, TIGER-Lab___mmlu-pro, mmlu-pro",
    "KorQuAD/KorQuAD, KorQuAD___kor_qu_ad, kor_qu_ad",
    "juletxara/XStoryCloze, juletxara___x_story_cloze, x_story_cloze",
    "C4Data2X, c4_data2_x, c4_data2_x",
  })
  void itIsLookedIntoByItsOwnNames(String path, String folderName, String fileName)
      throws IOException {
    Path cache = folder.resolve(folderName + "/default/0.0.0/abc");
    assertThatThrownBy(() -> Dataset.find(DataPath.of(folder), path, null))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining(folder.resolve(folderName + "/default").toString());
    Files.createDirectories(cache);
    Files.copy(resource("cached.arrow"), cache.resolve(fileName + "-test.arrow"));

    assertThat(Dataset.find(DataPath.of(folder), path, null).documents("test")).isEqualTo(rows());
  }

  @Test
  void whatItHasNotWrittenToItsEndIsNotRead() throws IOException {
    Path version = folder.resolve("letters/default/0.0.0");
    Files.createDirectories(version.resolve("abc"));
    Files.createDirectories(version.resolve("def.incomplete"));
    Files.copy(resource("cached.arrow"), version.resolve("abc/letters-test.arrow"));
    Path part = Files.createFile(version.resolve("def.incomplete/letters-test.arrow"));
    Files.setLastModifiedTime(part, FileTime.from(Instant.now().plusSeconds(60)));

    assertThat(Dataset.find(DataPath.of(folder), "letters", null).documents("test"))
        .isEqualTo(rows());
  }

  @ParameterizedTest
  @CsvSource({"../outside,", "inside, ../../outside", "inside, /etc", "link,", "link, small"})
  void aDataSetOutsideOfTheFolderIsRefusedAlsoBehindALink(String path, String name)
      throws IOException {
    Path data = Files.createDirectories(folder.resolve("data/inside")).getParent();
    Path outside = Files.createDirectories(folder.resolve("outside/small"));
    Files.writeString(outside.resolve("test.jsonl"), "{}");
    Files.writeString(outside.resolveSibling("test.jsonl"), "{}");
    Files.createSymbolicLink(data.resolve("link"), folder.resolve("outside"));

    assertThatThrownBy(() -> Dataset.find(DataPath.of(data), path, name))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("is outside of the folder of data sets");
  }
}
