package dev.castalia.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeadLetterTest {

  @Test
  void theReasonIsCutOffWhereItQuotesAWholeEvent() {
    assertThat(letter("x".repeat(Topic.MAX_EVENT_BYTES)).reason()).hasSize(1000).endsWith("x…");
  }

  @Test
  void theReasonHoldsNoControlCharacters() {
    assertThat(letter("model \"\u001b[2J\u009b\n\" is no name").reason())
        .isEqualTo("model \"\ufffd[2J\ufffd\ufffd\" is no name");
  }

  private static DeadLetter letter(String reason) {
    return new DeadLetter("topic", 0, 0, reason);
  }
}
