package dev.castalia.scoring.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.NanoSuite;
import dev.castalia.scoring.checkpoint.Checkpoint;
import org.junit.jupiter.api.Test;

class MemoryClaimsTest {

  private static final Checkpoint NANO = Checkpoint.open(NanoSuite.bundledCheckpoint());
  private static final ModelOptions LEAST =
      ModelOptions.DEFAULT.withTokenBudget(1).withLogitBudget(1000);
  private static final long NEED = Memory.needOf(NANO, LEAST);

  private Memory memory = new Memory(2 * NEED - 1, 10 * NEED);
  private final MemoryClaims claims = new MemoryClaims(() -> memory);

  /** Nothing of the first one's memory is touched when the second one asks. */
  @Test
  void twoModelsDoNotCountOnTheSameMemory() {
    claims.claim(NANO, LEAST);

    assertThatThrownBy(() -> claims.claim(NANO, LEAST))
        .isInstanceOfSatisfying(
            EvaluationException.class,
            e -> {
              assertThat(e.isOutOfMemory()).isTrue();
              assertThat(e.passing()).isTrue();
            });
  }

  @Test
  void whatAModelGaveBackTheNextMayHave() {
    claims.claim(NANO, LEAST).close();

    assertThat(claims.claim(NANO, LEAST).options()).isEqualTo(LEAST);
  }

  @Test
  void whatOthersTakeMeanwhileIsNotAvailable() {
    memory = new Memory(3 * NEED, 10 * NEED);
    claims.claim(NANO, LEAST);
    memory = new Memory(NEED - 1, 10 * NEED);

    assertThatThrownBy(() -> claims.claim(NANO, LEAST)).isInstanceOf(EvaluationException.class);
  }

  @Test
  void memoryThatOthersGaveBackIsAvailableAlsoWhileAModelIsOpen() {
    claims.claim(NANO, LEAST);
    memory = new Memory(2 * NEED, 10 * NEED);

    assertThat(claims.claim(NANO, LEAST).options()).isEqualTo(LEAST);
  }

  @Test
  void aModelThatDidNotFitClaimsNothing() {
    memory = new Memory(NEED - 1, 10 * NEED);
    assertThatThrownBy(() -> claims.claim(NANO, LEAST)).isInstanceOf(EvaluationException.class);
    memory = new Memory(NEED, 10 * NEED);

    assertThat(claims.claim(NANO, LEAST).options()).isEqualTo(LEAST);
  }
}
