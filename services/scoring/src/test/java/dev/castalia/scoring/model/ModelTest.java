package dev.castalia.scoring.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.NanoSuite;
import dev.castalia.scoring.bench.RandomCheckpoint;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.checkpoint.DType;
import dev.castalia.scoring.checkpoint.NeoxConfig;
import dev.castalia.scoring.checkpoint.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelTest {

  private static final Checkpoint NANO = Checkpoint.open(NanoSuite.bundledCheckpoint());

  @TempDir private Path folder;

  @Test
  void aReadingDoesNotDependOnItsBatch() {
    List<Passage> passages = passages(60);
    List<Reading> together = read(ModelOptions.DEFAULT.withTokenBudget(4096), passages);
    List<Passage> shuffled = new ArrayList<>(passages);
    Collections.shuffle(shuffled, new Random(3));
    List<Reading> shuffledTogether = read(ModelOptions.DEFAULT.withTokenBudget(700), shuffled);
    List<Reading> alone = read(ModelOptions.DEFAULT.withTokenBudget(1), passages);

    for (int i = 0; i < passages.size(); i++) {
      assertClose(alone.get(i), together.get(i));
      assertClose(alone.get(i), shuffledTogether.get(shuffled.indexOf(passages.get(i))));
    }
  }

  @Test
  void aReadingDoesNotDependOnHowManyLogitsAreHeld() {
    List<Passage> passages = passages(10);
    List<Reading> atOnce = read(ModelOptions.DEFAULT, passages);
    List<Reading> threeRowsAtOnce = read(ModelOptions.DEFAULT.withLogitBudget(3 * 768), passages);

    for (int i = 0; i < passages.size(); i++) {
      assertClose(atOnce.get(i), threeRowsAtOnce.get(i));
    }
  }

  @Test
  void equalRowsGoThroughOnce() {
    Passage one = new Passage(new int[] {1, 2, 3}, new int[] {4});
    Passage sameTokensOtherTarget = new Passage(new int[] {1, 2, 3}, new int[] {3, 5});
    try (Model model = Model.open(NANO, ModelOptions.DEFAULT)) {
      Readings apart = model.read(List.of(sameTokensOtherTarget), Progress.NONE);
      Readings together = model.read(List.of(one, sameTokensOtherTarget, one), Progress.NONE);

      assertThat(together.tokens()).isEqualTo(3);
      assertThat(together.all().get(0)).usingRecursiveComparison().isEqualTo(together.all().get(2));
      assertClose(apart.all().getFirst(), together.all().get(1));
    }
  }

  @Test
  void aReadingDoesNotDependOnPrefixesWithinPrefixes() {
    Random random = new Random(19);
    int[] all = random.ints(2, 0, 768).toArray();
    int[] some = IntStream.concat(Arrays.stream(all), random.ints(30, 0, 768)).toArray();
    List<Passage> passages = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      int[] beginning = i % 3 == 0 ? some : all;
      int[] rest = random.ints(20 + random.nextInt(20), 0, 768).toArray();
      int[] input = IntStream.concat(Arrays.stream(beginning), Arrays.stream(rest)).toArray();
      passages.add(new Passage(input, random.ints(3, 0, 768).toArray()));
    }

    Readings together;
    try (Model model = Model.open(NANO, ModelOptions.DEFAULT)) {
      together = model.read(passages, Progress.NONE);
    }

    int tokens = passages.stream().mapToInt(passage -> passage.input().length).sum();
    assertThat(together.tokens()).isLessThanOrEqualTo(tokens - 149 * 2 - 49 * 30);
    List<Reading> alone = read(ModelOptions.DEFAULT.withTokenBudget(1), passages);
    for (int i = 0; i < passages.size(); i++) {
      assertClose(alone.get(i), together.all().get(i));
    }
  }

  @Test
  void aReadingDoesNotDependOnWhatIsSharedWithOthers() {
    Random random = new Random(17);
    List<Passage> passages = new ArrayList<>();
    for (int family = 0; family < 3; family++) {
      int[] beginning = random.ints(20 + 60 * family, 0, 768).toArray();
      for (int i = 0; i < 12; i++) {
        int[] earlier = i == 0 ? beginning : passages.getLast().input();
        int kept = Math.min(earlier.length, beginning.length + random.nextInt(10));
        int length = kept + 1 + random.nextInt(40);
        int[] input = Arrays.copyOf(earlier, length);
        for (int j = kept; j < length; j++) {
          input[j] = random.nextInt(768);
        }
        int[] targets = random.ints(1 + random.nextInt(length - kept), 0, 768).toArray();
        passages.add(new Passage(input, targets));
      }
    }
    try (Model model = Model.open(NANO, ModelOptions.DEFAULT)) {
      Readings together = model.read(passages, Progress.NONE);

      assertThat(together.tokens())
          .isLessThan(passages.stream().mapToLong(passage -> passage.input().length).sum() / 2);
      for (int i = 0; i < passages.size(); i++) {
        Readings alone = model.read(List.of(passages.get(i)), Progress.NONE);
        assertClose(alone.all().getFirst(), together.all().get(i));
      }
    }
  }

  /** Alone, and as a prefix, in pieces; beside another as long, whole. */
  @Test
  void aReadingDoesNotDependOnWhetherALongRowIsReadInPieces(@TempDir Path folder)
      throws IOException {
    RandomCheckpoint.write(
        folder,
        new NeoxConfig(32, 2, 4, 64, 100, 2048, 0.25, 10_000, 1e-5f, true, true, false, 0),
        5);
    Random random = new Random(29);
    int[] beginning = random.ints(1100, 0, 100).toArray();
    List<Passage> kin = Stream.generate(() -> passage(beginning, random)).limit(8).toList();
    Passage stranger = passage(random.ints(1100, 0, 100).toArray(), random);
    Checkpoint checkpoint = Checkpoint.open(folder);
    Reading whole;
    try (Model model = Model.open(checkpoint, ModelOptions.DEFAULT)) {
      whole = model.read(List.of(kin.getFirst(), stranger), Progress.NONE).all().getFirst();
      List<Passage> alone = List.of(kin.getFirst());
      assertClose(whole, model.read(alone, Progress.NONE).all().getFirst());
    }
    try (Model model = Model.open(checkpoint, ModelOptions.DEFAULT.withTokenBudget(1200))) {
      Readings together = model.read(kin, Progress.NONE);

      assertThat(together.tokens()).isLessThanOrEqualTo(1100 + 8 * 30);
      assertClose(whole, together.all().getFirst());
    }
  }

  private static Passage passage(int[] beginning, Random random) {
    int[] input = IntStream.concat(Arrays.stream(beginning), random.ints(30, 0, 100)).toArray();
    return new Passage(input, random.ints(20, 0, 100).toArray());
  }

  @Test
  void progressIsToldAfterEveryBatch() {
    List<Long> told = new ArrayList<>();
    try (Model model = Model.open(NANO, ModelOptions.DEFAULT.withTokenBudget(1))) {
      model.read(
          List.of(
              new Passage(new int[] {1, 2}, new int[] {4}),
              new Passage(new int[] {1, 2, 3}, new int[] {4})),
          (done, total) -> told.addAll(List.of(done, total)));
    }

    assertThat(told).containsExactly(3L, 5L, 5L, 5L);
  }

  @Test
  void whatProgressThrowsStopsTheRun() {
    try (Model model = Model.open(NANO, ModelOptions.DEFAULT.withTokenBudget(1))) {
      assertThatThrownBy(
              () ->
                  model.read(
                      passages(5),
                      (done, total) -> {
                        throw new IllegalStateException("draining");
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("draining");

      assertThat(model.read(passages(1), Progress.NONE).all()).hasSize(1);
    }
  }

  @Test
  void tokensOfAnotherTokenizerAreRefused() {
    try (Model model = Model.open(NANO, ModelOptions.DEFAULT)) {
      assertThatThrownBy(
              () -> model.read(List.of(new Passage(new int[] {768}, new int[] {1})), Progress.NONE))
          .isInstanceOfSatisfying(EvaluationException.class, e -> assertThat(e.passing()).isFalse())
          .hasMessageContaining("token 768 is outside of the vocabulary of 768");
    }
  }

  @Test
  void weightsThatAreNoNumbersGiveNone() {
    TinyCheckpoint broken = TinyCheckpoint.random(TinyCheckpoint.CONFIG, DType.F32, 1);
    Arrays.fill(broken.values().get("gpt_neox.final_layer_norm.weight"), Float.NaN);
    try (Model model = Model.open(broken.write(folder), ModelOptions.DEFAULT)) {
      Readings readings =
          model.read(List.of(new Passage(new int[] {1}, new int[] {1})), Progress.NONE);
      List<int[]> continuations =
          model.continueGreedily(List.of(new int[] {1, 2}), 3, Progress.NONE);

      assertThat(readings.all().getFirst().logLikelihood()).isNaN();
      assertThat(continuations.getFirst()).hasSize(3).containsOnly(Model.NO_TOKEN);
    }
  }

  @Test
  void aPromptThatIsTooMuchForTheMemoryFailsForGoodAndSaysHowMuchWasNeeded() {
    int tokens = 400_000;
    NeoxConfig config =
        new NeoxConfig(24, 1, 3, 40, 31, tokens, 0.5, 10_000, 1e-5f, true, true, false, 0);
    Checkpoint checkpoint = TinyCheckpoint.random(config, DType.F32, 1).write(folder);
    try (Model model = Model.open(checkpoint, ModelOptions.DEFAULT)) {
      List<int[]> prompts = List.of(new int[tokens]);

      assertThatThrownBy(() -> model.continueGreedily(prompts, 1, Progress.NONE))
          .isInstanceOfSatisfying(EvaluationException.class, e -> assertThat(e.passing()).isFalse())
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("no memory for one row of 400000 tokens")
          .hasMessageFindingMatch("\\d{9,}");
    }
  }

  @Test
  void aContinuationIsTheLikeliestTokenAfterAllBeforeIt() {
    Random random = new Random(2);
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      prompts.add(random.ints(7, 0, 768).toArray());
    }
    // Batches of three prompts, each of 8 places and 8 more that are read.
    try (Model model = Model.open(NANO, ModelOptions.DEFAULT.withTokenBudget(3 * 16))) {
      List<int[]> continuations = model.continueGreedily(prompts, 9, Progress.NONE);

      for (int i = 0; i < prompts.size(); i++) {
        assertThat(continuations.get(i)).containsExactly(greedily(model, prompts.get(i), 9));
      }
    }
  }

  @Test
  void aContinuationDoesNotDependOnHowManyLogitsAreHeld() {
    Random random = new Random(3);
    List<int[]> prompts =
        Stream.generate(() -> random.ints(7, 0, 768).toArray()).limit(10).toList();
    List<int[]> atOnce = continued(ModelOptions.DEFAULT, prompts);

    assertThat(continued(ModelOptions.DEFAULT.withLogitBudget(3 * 768), prompts))
        .usingRecursiveComparison()
        .isEqualTo(atOnce);
  }

  private static List<int[]> continued(ModelOptions options, List<int[]> prompts) {
    try (Model model = Model.open(NANO, options)) {
      return model.continueGreedily(prompts, 9, Progress.NONE);
    }
  }

  /** Reads the whole row anew for every token. */
  private static int[] greedily(Model model, int[] prompt, int count) {
    int[] tokens = prompt;
    for (int i = 0; i < count; i++) {
      Passage passage = new Passage(tokens, new int[] {0});
      Reading reading = model.read(List.of(passage), Progress.NONE).all().getFirst();
      tokens = Arrays.copyOf(tokens, tokens.length + 1);
      tokens[tokens.length - 1] = reading.likeliest()[0];
    }
    return Arrays.copyOfRange(tokens, prompt.length, tokens.length);
  }

  @Test
  void javasOwnArithmeticKeepsItsDenormals() {
    read(ModelOptions.DEFAULT, passages(3));

    double small = Double.MIN_NORMAL;
    assertThat(small / (1 + passages(1).size())).isPositive();
  }

  private static List<Reading> read(ModelOptions options, List<Passage> passages) {
    try (Model model = Model.open(NANO, options)) {
      return model.read(passages, Progress.NONE).all();
    }
  }

  private static List<Passage> passages(int count) {
    Random random = new Random(5);
    List<Passage> passages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] tokens = random.ints(2 + random.nextInt(60), 0, 768).toArray();
      int targets = 1 + random.nextInt(tokens.length - 1);
      passages.add(
          new Passage(
              Arrays.copyOf(tokens, tokens.length - 1),
              Arrays.copyOfRange(tokens, tokens.length - targets, tokens.length)));
    }
    return passages;
  }

  private static void assertClose(Reading expected, Reading actual) {
    assertThat(actual.likeliest()).containsExactly(expected.likeliest());
    assertThat(actual.logProbabilities())
        .containsExactly(expected.logProbabilities(), within(1e-5f));
  }
}
