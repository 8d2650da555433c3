package dev.castalia.topology.intake;

import static dev.castalia.topology.Mesh.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.castalia.events.TaskRegistered;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventRulesTest {

  @ParameterizedTest
  @ValueSource(strings = {"en", "zh-Hant", "kor_Hang", "de-CH-1901"})
  void aLanguageIsATag(String language) {
    assertThat(EventRules.check(inLanguage(language))).isEqualTo("t");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "en US", "en\u001b]52;c;Y3VybA==\u0007", "한국어"})
  void whatIsNoTagIsNoLanguage(String language) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EventRules.check(inLanguage(language)))
        .withMessageStartingWith("language is " + language + " but must be a tag");
  }

  private static TaskRegistered inLanguage(String language) {
    return TaskRegistered.newBuilder(task("t", 10, 10)).setLanguage(language).build();
  }
}
