package dev.castalia.scoring.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadingPlanTest {

  private static final int WIDTH = 512;
  private static final Limits LIMITS = new Limits(2048, 256, 32);

  private final Random random = new Random(7);

  @Test
  void theChoicesOfAQuestionLieInOneRowBehindIt() {
    int[] question = tokens(20);
    List<Passage> choices =
        IntStream.range(0, 4).mapToObj(i -> asking(joined(question, tokens(3)), 3)).toList();

    ReadingPlan plan = plan(choices);

    assertThat(plan.deeper()).isEmpty();
    assertThat(plan.tokens()).isEqualTo(20 + 4 * 3);
    TokenTree row = plan.batches().getFirst().rows().getFirst();
    assertThat(row.branches()).isTrue();
    assertThat(row.leaves()).hasSize(4).allSatisfy(leaf -> endsAs(row, leaf));
  }

  @Test
  void unrelatedPassagesHaveRowsOfTheirOwn() {
    List<Passage> passages =
        IntStream.range(0, 5).mapToObj(i -> asking(joined(new int[] {i}, tokens(30)), 2)).toList();

    Batch batch = plan(passages).batches().getFirst();

    assertThat(batch.rows()).hasSize(5).noneMatch(TokenTree::branches);
    assertThat(batch.causal()).isTrue();
  }

  @Test
  void aPassageThatGoesOnWhereAnotherEndsIsNoBranch() {
    int[] beginning = tokens(40);
    ReadingPlan plan = plan(List.of(asking(beginning, 1), asking(joined(beginning, tokens(2)), 1)));

    assertThat(plan.tokens()).isEqualTo(42);
    assertThat(plan.batches().getFirst().causal()).isTrue();
  }

  @Test
  void theExamplesBeforeManyQuestionsAreReadFirst() {
    int[] examples = tokens(300);
    List<Passage> questions = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      questions.add(asking(joined(examples, new int[] {i}, tokens(59)), 1));
    }

    ReadingPlan plan = plan(questions);

    assertThat(plan.batches()).isEmpty();
    ReadingPlan after = plan.deeper().getFirst();
    assertThat(after.prefix()).containsExactly(examples);
    assertThat(after.batches()).allMatch(batch -> batch.past() == 300);
    assertThat(after.batches().stream().mapToInt(batch -> batch.rows().size()).sum()).isEqualTo(3);
    assertThat(plan.tokens()).isEqualTo(300 + 10 * 60);
  }

  @Test
  void aPrefixEndsBeforeTheFirstTokenThatIsAskedFor() {
    int[] beginning = tokens(300);
    List<Passage> passages = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      passages.add(asking(joined(beginning, new int[] {i}), 200));
    }

    assertThat(plan(passages).deeper().getFirst().prefix()).hasSize(101);
  }

  private static void endsAs(TokenTree row, TokenTree.Leaf leaf) {
    int[] tokens = leaf.sequence().tokens();
    int node = leaf.node();
    for (int i = tokens.length - 1; i >= 0; i--) {
      assertThat(row.token(node)).isEqualTo(tokens[i]);
      assertThat(row.place(node)).isEqualTo(i);
      node = row.parent(node);
    }
    assertThat(node).isNegative();
  }

  private static ReadingPlan plan(List<Passage> passages) {
    return ReadingPlan.of(passages, LIMITS, WIDTH);
  }

  private static Passage asking(int[] input, int targets) {
    return new Passage(input, new int[targets]);
  }

  private int[] tokens(int count) {
    return random.ints(count, 100, 50_000).toArray();
  }

  private static int[] joined(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }
}
