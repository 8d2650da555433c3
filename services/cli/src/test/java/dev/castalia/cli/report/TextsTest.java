package dev.castalia.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The report and the page, which cannot share a file, speak of findings in the same codes. */
class TextsTest {

  private static final Path PAGE =
      Path.of(
          System.getProperty("castalia.root", "../.."),
          "services/gateway/src/main/resources/META-INF/resources/page/messages");

  private static final Pattern MESSAGE =
      Pattern.compile(
          "^  '(?<key>[^']+)': (?<quote>['\"])(?<text>.*)\\k<quote>,$", Pattern.MULTILINE);

  @ParameterizedTest
  @EnumSource
  void methodsHaveTheNamesOfThePage(Language language) throws IOException {
    assertThat(ofReport(language, "method.")).isNotEmpty().isEqualTo(ofPage(language, "method."));
  }

  @ParameterizedTest
  @EnumSource
  void everyVerdictOfThePageIsNamed(Language language) throws IOException {
    assertThat(ofReport(language, "verdict.").keySet())
        .isNotEmpty()
        .isEqualTo(ofPage(language, "verdict.").keySet());
  }

  @ParameterizedTest
  @EnumSource
  void whatDependsOnTheBaseStepIsSaidInTheWordsOfThePage(Language language) throws IOException {
    assertThat(ofReport(language, "verdict.mixed"))
        .isNotEmpty()
        .isEqualTo(ofPage(language, "verdict.mixed"));
  }

  @Test
  void bothLanguagesSayTheSameThings() {
    assertThat(ofReport(Language.KO, "").keySet()).isEqualTo(ofReport(Language.EN, "").keySet());
  }

  private static Map<String, String> ofReport(Language language, String prefix) {
    ResourceBundle bundle = new Texts(language).bundle();
    Map<String, String> found = new TreeMap<>();
    bundle.keySet().stream()
        .filter(it -> it.startsWith(prefix))
        .forEach(it -> found.put(it, bundle.getString(it)));
    return found;
  }

  private static Map<String, String> ofPage(Language language, String prefix) throws IOException {
    Matcher matcher = MESSAGE.matcher(Files.readString(PAGE.resolve(language.tag() + ".js")));
    Map<String, String> found = new TreeMap<>();
    while (matcher.find()) {
      if (matcher.group("key").startsWith(prefix)) {
        found.put(matcher.group("key"), matcher.group("text"));
      }
    }
    return found;
  }
}
