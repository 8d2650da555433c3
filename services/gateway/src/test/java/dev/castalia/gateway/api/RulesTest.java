package dev.castalia.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.gateway.problem.ProblemException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RulesTest {

  private static final CheckpointPublished CHECKPOINT =
      CheckpointPublished.newBuilder()
          .setModel("a")
          .setRevision("step1")
          .setStep(1)
          .setTokensSeen(1)
          .setParameters(1)
          .setTokenizer("")
          .setLocation("")
          .setPublishedAt(Instant.EPOCH)
          .build();

  @Test
  void aLanguageThatIsNoTagIsUnprocessable() {
    CheckpointPublished checkpoint =
        CheckpointPublished.newBuilder(CHECKPOINT).setLanguage("en\u001b[2J").build();

    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> Rules.check(checkpoint))
        .withMessageContaining("must be a tag")
        .satisfies(it -> assertThat(it.status()).isEqualTo(422));
  }
}
