package dev.castalia.gateway.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.events.MetricSpec;
import dev.castalia.events.Scorecard;
import dev.castalia.gateway.board.GroupBoards.GroupEntry;
import dev.castalia.gateway.board.GroupBoards.Mean;
import dev.castalia.gateway.support.Events;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class GroupBoardsTest {

  private final Board recall = new Board();
  private final Board sums = new Board();
  private final GroupBoards groups = new GroupBoards();

  @Test
  void aGroupIsRankedByTheMeanOverItsTasksAndTiesShareARank() {
    score(recall, "a", 0.4);
    score(sums, "a", 0.8);
    score(recall, "b", 0.6);
    score(sums, "b", 0.6);
    score(recall, "c", 0.1);
    score(sums, "c", 0.2);

    assertThat(entries())
        .extracting(GroupEntry::rank, GroupEntry::model, GroupEntry::tasks)
        .containsExactly(tuple(1, "a", 2), tuple(1, "b", 2), tuple(3, "c", 2));
    assertThat(entries().getFirst().value()).isCloseTo(0.6, within(1e-12));
    // Each has a standard error of 0.01: √(2 × 0.01²) / 2.
    assertThat(entries().getFirst().stderr()).isCloseTo(Math.sqrt(0.00005), within(1e-12));
  }

  @Test
  void whatWasNotScoredOnAllTasksComesLastWithoutARankHoweverGood() {
    score(recall, "a", 0.1);
    score(sums, "a", 0.1);
    score(recall, "half", 0.9);

    assertThat(entries())
        .extracting(GroupEntry::rank, GroupEntry::model, GroupEntry::tasks, GroupEntry::ofTasks)
        .containsExactly(tuple(1, "a", 2, 2), tuple(null, "half", 1, 2));
  }

  @Test
  void whatWasScoredOnSomeDocumentsOfATaskAloneComesLastWithoutARankHoweverGood() {
    score(recall, "a", 0.1);
    score(sums, "a", 0.1);
    score(recall, "part", 0.9);
    sums.put(
        "part@step1",
        Scorecard.newBuilder(card("part", Events.ACC, 0.9)).setDocuments(128).build());

    assertThat(entries())
        .extracting(GroupEntry::rank, GroupEntry::model, GroupEntry::tasks, GroupEntry::ofTasks)
        .containsExactly(tuple(1, "a", 2, 2), tuple(null, "part", 1, 2));
  }

  @Test
  void whatASourceReportsOfSomeDocumentsIsRanked() {
    score(recall, "part", 0.9);
    sums.put(
        "part@step1",
        Scorecard.newBuilder(card("part", Events.ACC, 0.9))
            .setDocuments(128)
            .setSource("paper")
            .build());

    assertThat(entries())
        .extracting(GroupEntry::rank, GroupEntry::model, GroupEntry::tasks)
        .containsExactly(tuple(1, "part", 2));
  }

  @Test
  void biasesThatCancelOutInTheMeanAreRankedByTheirDistancesFromTheTarget() {
    recall.put("torn@step1", card("torn", Events.BIAS, 0.3));
    sums.put("torn@step1", card("torn", Events.BIAS, 0.7));
    recall.put("near@step1", card("near", Events.BIAS, 0.55));
    sums.put("near@step1", card("near", Events.BIAS, 0.55));
    recall.put("other@step1", card("other", Events.BIAS, 0.7));
    sums.put("other@step1", card("other", Events.BIAS, 0.7));

    assertThat(entries(Events.BIAS))
        .extracting(GroupEntry::rank, GroupEntry::model)
        .containsExactly(tuple(1, "near"), tuple(2, "other"), tuple(2, "torn"));
    assertThat(entries(Events.BIAS).getLast().value()).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void aMeanFollowsAScoreThatChanges() {
    Map<BoardKey, Board> boards = boards();
    score(recall, "a", 0.4);
    score(sums, "a", 0.8);
    assertThat(groups.means(boards, Events.ACC).getFirst().value()).isCloseTo(0.6, within(1e-12));

    score(sums, "a", 0.6);

    assertThat(groups.means(boards, Events.ACC).getFirst().value()).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void whoeverAsksAtOnceGetsWhatWasComputedOnce() throws Exception {
    for (int run = 0; run < 2000; run++) {
      score(recall, "run-" + run, run / 2000.0);
      score(sums, "run-" + run, run / 2000.0);
    }
    Map<BoardKey, Board> boards = boards();
    Callable<List<Mean>> reading = () -> groups.means(boards, Events.ACC);

    Set<List<Mean>> means = Collections.newSetFromMap(new IdentityHashMap<>());
    try (var readers = Executors.newFixedThreadPool(4)) {
      for (Future<List<Mean>> read : readers.invokeAll(Collections.nCopies(4, reading))) {
        means.add(read.get());
      }
    }

    assertThat(means).hasSize(1);
  }

  private Map<BoardKey, Board> boards() {
    return new TreeMap<>(
        Map.of(
            new BoardKey("recall", 0, "float32", null), recall,
            new BoardKey("sums", 0, "float32", null), sums));
  }

  private List<GroupEntry> entries() {
    return entries(Events.ACC);
  }

  private List<GroupEntry> entries(MetricSpec metric) {
    return GroupBoards.entries(GroupBoards.means(List.of(recall, sums), metric), 2);
  }

  private static void score(Board board, String model, double value) {
    board.put(model + "@step1", card(model, Events.ACC, value));
  }

  private static Scorecard card(String model, MetricSpec metric, double value) {
    return Events.scorecard(Events.checkpoint(model, 1), "task", metric, value);
  }
}
