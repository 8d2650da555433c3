package dev.castalia.scoring.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {

  @Test
  void anotherBatchIsBegunWhereItSavesMorePaddingThanItCosts() {
    assertThat(lengths(Batch.split(rows(40, 40, 12, 12), limits(1000, 50), 0, 0)))
        .containsExactly(List.of(40, 40), List.of(12, 12));
    assertThat(lengths(Batch.split(rows(40, 40, 12, 12), limits(1000, 60), 0, 0)))
        .containsExactly(List.of(40, 40, 12, 12));
  }

  @Test
  void aBatchKeepsToItsTokensThoseBeforeItsRowsCounted() {
    assertThat(lengths(Batch.split(rows(8, 8, 8, 8, 8), limits(36, 1000), 4, 0)))
        .hasSize(2)
        .allMatch(batch -> batch.size() <= 3);
  }

  @Test
  void aBatchHasRoomForWhatWillBeReadAfterItsRows() {
    List<Batch> batches = Batch.split(rows(8, 8, 8, 8, 8), limits(36, 1000), 0, 4);

    assertThat(lengths(batches)).hasSize(2).allMatch(batch -> batch.size() <= 3);
    assertThat(batches).allMatch(batch -> batch.held() <= 36);
    assertThat(batches.getFirst().split(limits(24, 1000))).allMatch(batch -> batch.held() <= 24);
  }

  @Test
  void aRowThatIsTooLongIsABatch() {
    assertThat(lengths(Batch.split(rows(100, 8), limits(36, 1000), 0, 0)))
        .containsExactly(List.of(100), List.of(8));
  }

  @Test
  void ofNoRowsThereIsNoBatch() {
    assertThat(Batch.split(List.of(), limits(36, 1), 0, 0)).isEmpty();
  }

  private static Limits limits(int tokens, int start) {
    return new Limits(tokens, 1000, start);
  }

  private static List<TokenTree> rows(int... lengths) {
    return Arrays.stream(lengths).mapToObj(length -> TokenTree.of(new int[length], 0)).toList();
  }

  private static List<List<Integer>> lengths(List<Batch> batches) {
    return batches.stream()
        .map(batch -> batch.rows().stream().map(TokenTree::size).toList())
        .toList();
  }
}
