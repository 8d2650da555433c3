package dev.castalia.scoring.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class GreedyDecoderTest {

  private static final Limits LIMITS = ModelOptions.DEFAULT.limits();

  @Test
  void aBatchKeepsToItsTokensWithWhatIsAddedToItsPrompts() {
    List<Batch> batches = GreedyDecoder.batches(prompts(100), 512, LIMITS);

    assertThat(batches)
        .allMatch(batch -> batch.rows().size() * (32 + 512) <= LIMITS.tokens())
        .allMatch(batch -> batch.rows().size() <= 3);
    assertThat(batches.stream().mapToInt(batch -> batch.rows().size()).sum()).isEqualTo(100);
  }

  @Test
  void aPromptThatGrowsToMoreThanABatchsTokensIsABatch() {
    assertThat(GreedyDecoder.batches(prompts(3), 3000, LIMITS))
        .hasSize(3)
        .allMatch(batch -> batch.rows().size() == 1);
  }

  private static List<int[]> prompts(int count) {
    return Collections.nCopies(count, new int[32]);
  }
}
