package dev.castalia.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.castalia.events.UnitId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {

  private static final UnitId UNIT =
      new UnitId("nano-74k@step512", "nano_agreement", "5f1c", 5, "float32", 100, 200);

  @Test
  void aUnitsKeyBeginsWithItsCheckpoint() {
    assertThat(Keys.of(UNIT)).isEqualTo("nano-74k@step512|nano_agreement|5f1c|5|float32|100-200");
  }

  @Test
  void theSlicesOfAnEvaluationShareItsKey() {
    assertThat(Keys.evaluation(UNIT)).isEqualTo("nano-74k@step512|nano_agreement|5f1c|5|float32");
    assertThat(Keys.of(UNIT)).startsWith(Keys.evaluation(UNIT) + Keys.SEPARATOR);
  }

  @Test
  void aTrajectorysKeyIsItsBoardsBehindTheModel() {
    assertThat(Keys.leaderboard("piqa", "acc", 0, "float32", null)).isEqualTo("piqa|acc|0|float32");
    assertThat(Keys.trajectory("pythia-70m", "piqa", "acc", 0, "float32"))
        .isEqualTo("pythia-70m|piqa|acc|0|float32");
  }

  @Test
  void theModelOfACheckpointIsWhatStandsBeforeTheAt() {
    assertThat(Keys.model("EleutherAI/pythia-70m@step512")).isEqualTo("EleutherAI/pythia-70m");
  }

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {"a\u00a0b, a_b", " a @ b | c , a_b_c", "a\u200bb, a_b", "pythia-70m, pythia-70m"})
  void whatNoNameHoldsIsAnUnderscoreInOneMadeOfIt(String text, String name) {
    assertThat(Keys.keyable(text.strip())).isEqualTo(name.strip());
  }

  @Test
  void aNameMadeOfALongTextIsCutBetweenCharacters() {
    String name = Keys.keyable("\uD83D\uDE00".repeat(201));

    assertThat(Keys.requireName("model", name)).isEqualTo("\uD83D\uDE00".repeat(200));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pythia-70m", "@step512", "pythia-70m@", ""})
  void whatIsNoCheckpointIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Keys.model(text))
        .withMessageContaining("\"" + text + "\"")
        .withMessageContaining("model@revision");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pythia-70m-deduped", "EleutherAI/pythia-70m", "kobest_copa", "모델"})
  void ordinaryNamesCanBePartOfAKey(String name) {
    assertThat(Keys.requireName("model", name)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a|b",
        "a@b",
        "a b",
        "a\tb",
        "a\u0000b",
        "a\u009bb",
        "a\u00a0b",
        "a\u200bb",
        "a\u2028b",
        "a\u202eb",
        "a\ud800b"
      })
  void namesThatWouldBreakAKeyAreRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Keys.requireName("model", name))
        .withMessageStartingWith("model \"" + name + "\"");
  }

  @Test
  void aNameOfMoreThan200CharactersIsRefused() {
    assertThat(Keys.requireName("task", "x".repeat(200))).hasSize(200);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Keys.requireName("task", "x".repeat(201)));
  }
}
