package dev.castalia.scoring.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.scoring.checkpoint.DType;
import dev.castalia.scoring.checkpoint.NeoxConfig;
import dev.castalia.scoring.checkpoint.TinyCheckpoint;
import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.model.Passage;
import dev.castalia.scoring.model.Progress;
import dev.castalia.scoring.model.Reading;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NeoxGraphTest {

  private static final double FLOAT32 = 2e-5;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16"})
  void everyLogProbabilityIsTheDefinitions(DType dtype) {
    assertEqualsReference(TinyCheckpoint.random(TinyCheckpoint.CONFIG, dtype, 1));
  }

  @Test
  void aSequentialResidualIsComputed() {
    assertEqualsReference(
        TinyCheckpoint.random(config(0.5, 10_000, false, true, false), DType.F32, 2));
  }

  @Test
  void attentionWithoutBiasesIsComputed() {
    assertEqualsReference(
        TinyCheckpoint.random(config(0.5, 10_000, true, false, false), DType.F32, 3));
  }

  @Test
  void tiedEmbeddingsAreUsedTwice() {
    assertEqualsReference(
        TinyCheckpoint.random(config(0.5, 10_000, true, true, true), DType.F16, 4));
  }

  @Test
  void otherRotationsAreComputed() {
    assertEqualsReference(TinyCheckpoint.random(config(1, 100, true, true, false), DType.F32, 5));
    assertEqualsReference(
        TinyCheckpoint.random(config(0.25, 10_000, true, true, false), DType.F32, 6));
  }

  private static NeoxConfig config(
      double rotaryShare, double rotaryBase, boolean parallel, boolean bias, boolean tied) {
    return new NeoxConfig(
        24, 3, 3, 40, 31, 20, rotaryShare, rotaryBase, 1e-5f, parallel, bias, tied, 0);
  }

  private void assertEqualsReference(TinyCheckpoint checkpoint) {
    ReferenceNeox reference = new ReferenceNeox(checkpoint);
    Random random = new Random(11);
    try (Model model = Model.open(checkpoint.write(folder), ModelOptions.DEFAULT)) {
      for (int length : new int[] {1, 2, 7, checkpoint.config().context()}) {
        int[] tokens = random.ints(length + 1, 0, checkpoint.config().vocabulary()).toArray();
        int[] input = Arrays.copyOf(tokens, length);
        int[] targets = Arrays.copyOfRange(tokens, 1, length + 1);

        Reading reading =
            model.read(List.of(new Passage(input, targets)), Progress.NONE).all().getFirst();

        double[][] expected = reference.logProbabilities(input);
        for (int t = 0; t < length; t++) {
          assertThat((double) reading.logProbabilities()[t])
              .as("%s, token %d of %d", checkpoint.config(), t, length)
              .isCloseTo(
                  expected[t][targets[t]],
                  within(FLOAT32 * (1 + Math.abs(expected[t][targets[t]]))));
          assertThat(reading.likeliest()[t]).isEqualTo(argMax(expected[t]));
        }
      }
    }
  }

  private static int argMax(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }
}
