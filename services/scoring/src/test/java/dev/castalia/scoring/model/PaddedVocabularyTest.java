package dev.castalia.scoring.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.scoring.checkpoint.DType;
import dev.castalia.scoring.checkpoint.TinyCheckpoint;
import dev.castalia.scoring.graph.ReferenceNeox;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pythia's output rows are more than its tokenizer's tokens: 50 304 for 50 277. The rows beyond are
 * rows like any other, to transformers and here.
 */
class PaddedVocabularyTest {

  private static final int TOKENS = TinyCheckpoint.CONFIG.vocabulary() - 4;

  @TempDir private Path folder;

  @Test
  void rowsBeyondTheTokenizersTakePartInProbabilityAndArgmax() {
    TinyCheckpoint tiny = TinyCheckpoint.random(TinyCheckpoint.CONFIG, DType.F32, 5);
    float[] output = tiny.values().get("embed_out.weight");
    for (int i = TOKENS * TinyCheckpoint.CONFIG.hidden(); i < output.length; i++) {
      output[i] *= 8;
    }
    int[] tokens = IntStream.range(0, 15).map(i -> i * 7 % TOKENS).toArray();
    double[][] expected = new ReferenceNeox(tiny).logProbabilities(tokens);

    try (Model model = Model.open(tiny.write(folder), ModelOptions.DEFAULT)) {
      Reading reading =
          model.read(List.of(new Passage(tokens, tokens)), Progress.NONE).all().getFirst();

      int padding = 0;
      for (int i = 0; i < tokens.length; i++) {
        int likeliest = argmax(expected[i]);
        padding += likeliest >= TOKENS ? 1 : 0;
        assertThat(reading.logProbabilities()[i])
            .isCloseTo((float) expected[i][tokens[i]], within(1e-3f));
        assertThat(reading.likeliest()[i]).isEqualTo(likeliest);
      }
      assertThat(padding).isPositive();
      assertThat(model.continueGreedily(List.of(tokens), 1, Progress.NONE).getFirst())
          .containsExactly(argmax(expected[tokens.length - 1]));
    }
  }

  private static int argmax(double[] values) {
    return IntStream.range(0, values.length)
        .reduce((a, b) -> values[b] > values[a] ? b : a)
        .orElseThrow();
  }
}
