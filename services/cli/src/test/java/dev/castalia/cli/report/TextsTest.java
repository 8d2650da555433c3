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

  /** What both say in the same words of one language, they say in the same words of the other. */
  @Test
  void verdictsAndKindsHaveOneNameInKorean() throws IOException {
    Map<String, String> korean = ofPage(Language.KO, "");
    Map<String, String> english = ofPage(Language.EN, "");

    ofReport(Language.EN, "")
        .forEach(
            (key, text) -> {
              String ofPage = key.replaceFirst("^kind\\.", "finding.");
              if (key.matches("(kind|verdict)\\..+") && text.equals(english.get(ofPage))) {
                assertThat(korean.get(ofPage))
                    .as(key)
                    .isEqualTo(ofReport(Language.KO, "").get(key));
              }
            });
  }

  @Test
  void aRunHasOneNameInKorean() throws IOException {
    assertThat(ofPage(Language.KO, ""))
        .containsEntry("board.run", ofReport(Language.KO, "").get("column.about.seeds"));
    assertThat(allInKorean()).contains("이 실행들").doesNotContain("이 학습들", "다수의 학습", "이어받은 학습");
  }

  @Test
  void theStandardDataHaveOneNameInKorean() throws IOException {
    assertThat(allInKorean()).contains("− 표준").doesNotContain("원본");
  }

  @Test
  void theDocumentsOfATaskHaveOneNameInKorean() throws IOException {
    assertThat(allInKorean()).contains("문항").doesNotContain("문서");
  }

  private static String allInKorean() throws IOException {
    return ofReport(Language.KO, "") + "\n" + ofPage(Language.KO, "");
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
