package dev.castalia.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What must agree between the page's files. */
class PageFilesTest {

  private static final Path RESOURCES = Path.of("src/main/resources");
  private static final Path PAGE = RESOURCES.resolve("META-INF/resources/page");

  @Test
  void everyMessageIsThereInEveryLanguage() throws IOException {
    assertThat(messages("ko")).isEqualTo(messages("en"));
  }

  @Test
  void everyMessageKeepsItsValuesInEveryLanguage() throws IOException {
    assertThat(values("ko")).isEqualTo(values("en"));
  }

  @Test
  void theDocumentsOfATaskHaveOneNameInKorean() throws IOException {
    assertThat(catalogue("ko")).contains("문항").doesNotContain("문서");
  }

  @Test
  void everyMessageThatIsAskedForIsThere() throws IOException {
    Set<String> asked =
        found("\\bt\\('([^']+)'", sources(), 1).filter(key -> !key.endsWith(".")).collect(sorted());

    assertThat(asked).hasSizeGreaterThan(100).isSubsetOf(messages("en"));
  }

  @Test
  void everyKindOfFailureHasItsWords() throws IOException {
    assertThat(messages("en"))
        .containsAll(kindsOfFailure().map(kind -> "failure." + kind).toList());
  }

  @Test
  void everyKindOfFailureCanBeChosen() throws IOException {
    assertThat(found("const KINDS = \\[(.+)\\]", sources(), 1).findFirst().get().split(", "))
        .containsExactlyInAnyOrderElementsOf(
            kindsOfFailure().map(kind -> "'" + kind + "'").toList());
  }

  /** But for the one that stands for kinds of a later version. */
  private static Stream<FailureKind> kindsOfFailure() {
    return Arrays.stream(FailureKind.values()).filter(kind -> kind != FailureKind.UNKNOWN);
  }

  @Test
  void colourIsSaidInOnePlaceOnly() throws IOException {
    assertThat(found("(#[0-9a-fA-F]{3,8})\\b(?!\\()", sources() + styles(), 1))
        .filteredOn(it -> it.matches("#[0-9a-fA-F]+") && !it.equals("#main"))
        .isEmpty();
  }

  @Test
  void everyModuleIsAskedForAtOnceInsteadOfByTheOneThatNeedsIt() throws IOException {
    String index = Files.readString(RESOURCES.resolve("META-INF/resources/index.html"));
    try (Stream<Path> files = Files.walk(PAGE)) {
      assertThat(
              found("(?:modulepreload\" href|module\" src)=\"/page/((?!lib/)[^\"]+)\"", index, 1))
          .containsExactlyInAnyOrderElementsOf(
              files
                  .filter(it -> it.toString().endsWith(".js"))
                  .map(it -> PAGE.relativize(it).toString())
                  .toList());
    }
  }

  @Test
  void thePolicyAllowsTheImportMapAsItIs() throws Exception {
    String index = Files.readString(RESOURCES.resolve("META-INF/resources/index.html"));
    String map = found("(?s)<script type=\"importmap\">(.*?)</script>", index, 1).findFirst().get();
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(map.getBytes(StandardCharsets.UTF_8));

    assertThat(Files.readString(RESOURCES.resolve("application.properties")))
        .contains("'sha256-" + Base64.getEncoder().encodeToString(digest) + "'");
  }

  private static Set<String> messages(String language) throws IOException {
    return found("(?m)^  '([^']+)': ", catalogue(language), 1).collect(sorted());
  }

  /** Key and names in braces. */
  private static Set<String> values(String language) throws IOException {
    return found("(?m)^  '[^']+': .*$", catalogue(language), 0)
        .map(
            line ->
                found("^  '([^']+)'", line, 1).findFirst().get()
                    + found("\\{\\w+\\}", line, 0).collect(sorted()))
        .collect(sorted());
  }

  private static String catalogue(String language) throws IOException {
    return Files.readString(PAGE.resolve("messages/" + language + ".js"));
  }

  private static String sources() throws IOException {
    return read("(?!.*/messages/).*\\.js");
  }

  private static String styles() throws IOException {
    return read(".*/page\\.css");
  }

  private static String read(String path) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(PAGE)) {
      for (Path file : files.filter(it -> it.toString().matches(path)).toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  private static Stream<String> found(String pattern, String text, int group) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult it) -> it.group(group));
  }

  private static java.util.stream.Collector<String, ?, Set<String>> sorted() {
    return Collectors.toCollection(TreeSet::new);
  }
}
