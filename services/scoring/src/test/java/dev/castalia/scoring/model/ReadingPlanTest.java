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
  void twoWordsThatManyQuestionsBeginWithAreReadOnce() {
    int[] question = tokens(2);

    ReadingPlan plan = plan(questions(question, 100));

    assertThat(plan.batches()).isEmpty();
    ReadingPlan after = plan.deeper().getFirst();
    assertThat(after.prefix()).containsExactly(question);
    assertThat(after.batches().stream().mapToInt(batch -> batch.rows().size()).sum())
        .isEqualTo(100);
    assertThat(plan.tokens()).isEqualTo(2 + 100 * 40);
  }

  @Test
  void whatSavesLessThanABatchCostsIsNoPrefix() {
    ReadingPlan plan = plan(questions(tokens(2), 30));

    assertThat(plan.deeper()).isEmpty();
    assertThat(plan.tokens()).isEqualTo(30 * 42);
  }

  @Test
  void aPrefixOfSomeGoesOnFromThePrefixOfAll() {
    int[] all = tokens(3);
    int[] some = joined(all, new int[] {1}, tokens(20));
    List<Passage> passages = new ArrayList<>(questions(all, 50));
    passages.addAll(questions(some, 40));

    ReadingPlan outer = plan(passages).deeper().getFirst();

    assertThat(outer.prefix()).containsExactly(all);
    assertThat(outer.batches()).allMatch(batch -> batch.past() == 3);
    ReadingPlan inner = outer.deeper().getFirst();
    assertThat(inner.prefix()).containsExactly(Arrays.copyOfRange(some, 3, 24));
    assertThat(inner.batches()).allMatch(batch -> batch.past() == 24);
  }

  @Test
  void whatOnlySomeBeginWithIsFoundAlsoWhereTheRestIsNotWorthAPrefix() {
    int[] examples = joined(new int[] {1}, tokens(200));
    List<Passage> passages = new ArrayList<>(questions(new int[] {1}, 20));
    passages.addAll(questions(examples, 10));

    ReadingPlan plan = plan(passages);

    assertThat(plan.batches().stream().mapToInt(batch -> batch.rows().size()).sum()).isEqualTo(20);
    assertThat(plan.deeper().getFirst().prefix()).containsExactly(examples);
  }

  @Test
  void textsThatGoOnFromOneAnotherHaveFewPrefixes() {
    int[] text = tokens(2048);
    List<Passage> passages =
        IntStream.rangeClosed(2, text.length)
            .mapToObj(length -> asking(Arrays.copyOf(text, length), 1))
            .toList();

    ReadingPlan plan = plan(passages);

    assertThat(depth(plan)).isLessThan(40);
    assertThat(plan.tokens()).isLessThan(passages.size() * 2048L / 8);
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

  /** So many that begin alike, differ in the next token and go on for 39 more. */
  private List<Passage> questions(int[] beginning, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> asking(joined(beginning, new int[] {50_000 + i}, tokens(39)), 1))
        .toList();
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

  private static int depth(ReadingPlan plan) {
    return 1 + plan.deeper().stream().mapToInt(ReadingPlanTest::depth).max().orElse(0);
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
