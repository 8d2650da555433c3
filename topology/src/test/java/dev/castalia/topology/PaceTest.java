package dev.castalia.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {

  private final Pace pace = new Pace(1_000_000);
  private int times;

  @Test
  void whatIsDueForTheFirstTimeIsDone() {
    pace.run(0, this::work);

    assertThat(times).isEqualTo(1);
  }

  @Test
  void itIsNotDoneAgainBeforeTheRestIsOver() {
    pace.run(0, this::work);
    pace.run(999, this::work);

    assertThat(times).isEqualTo(1);
  }

  @Test
  void itIsDoneAgainOnceTheRestIsOver() {
    pace.run(0, this::work);
    pace.run(Long.MAX_VALUE, this::work);

    assertThat(times).isEqualTo(2);
  }

  /** Takes a microsecond at least, and so is followed by a rest of a second. */
  private void work() {
    times++;
    long start = System.nanoTime();
    while (System.nanoTime() - start < 1000) {
      Thread.onSpinWait();
    }
  }
}
