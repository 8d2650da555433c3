package dev.castalia.scoring.score;

import dev.castalia.scoring.NanoSuite;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ReferencesTest {

  @Test
  void theBundledCheckpointScoresAsItsReference() throws IOException {
    try (References references = new References(NanoSuite.bundled())) {
      references.assertEqual("nano-74k/step512");
    }
  }

  @Test
  @Tag("slow")
  void everyCheckpointOfTheSuiteScoresAsItsReference() throws IOException {
    try (References references = new References(NanoSuite.shared())) {
      for (String checkpoint : references.checkpoints()) {
        references.assertEqual(checkpoint);
      }
    }
  }
}
