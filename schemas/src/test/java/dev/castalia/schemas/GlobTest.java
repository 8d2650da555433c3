package dev.castalia.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

  @Test
  void ofSeveralPatternsOneIsToMatchAndWithoutAnyEverythingDoes() {
    assertThat(Glob.anyOf("mini-*, nano-*")).accepts("nano-74k", "mini-1").rejects("74k", "");
    assertThat(Glob.anyOf(null)).accepts("74k", "");
  }

  @ParameterizedTest
  @CsvSource({
    "nano-74k, nano-74k",
    "nano-*, nano-74k",
    "*, nano-74k",
    "*, ''",
    "'', ''",
    "nano-??k, nano-74k",
    "*74*, nano-74k",
    "*-*k, nano-74-k",
    "n*o-7?k*, nano-74k",
    "a.b, a.b",
    "*?, \uD83D\uDE00",
  })
  void itMatches(String pattern, String name) {
    assertThat(Glob.of(pattern).matches(name)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "nano-74k, nano-74",
    "nano-74, nano-74k",
    "nano-*, mini-74k",
    "nano-?, nano-74k",
    "*k?, nano-74k",
    "'', a",
    "?, ''",
    "a.b, axb",
    "[ab], a",
    "??, \uD83D\uDE00",
  })
  void itDoesNotMatch(String pattern, String name) {
    assertThat(Glob.of(pattern).matches(name)).isFalse();
  }

  @Test
  @Timeout(10)
  void manyStarsTakeNoMoreTimeThanOne() {
    String name = "a".repeat(200);
    assertThat(Glob.of("*?".repeat(40) + "z").matches(name)).isFalse();
    assertThat(Glob.of("*a".repeat(40) + "z").matches(name)).isFalse();
    assertThat(Glob.of("*a".repeat(40)).matches(name)).isTrue();
  }
}
