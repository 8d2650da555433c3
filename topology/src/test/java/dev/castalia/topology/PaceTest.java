package dev.castalia.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

  private long clock;
  private final Pace pace = new Pace(10, () -> clock);
  private int times;

  @Test
  void whatIsDueForTheFirstTimeIsDone() {
    pace.run(0, this::work);

    assertThat(times).isEqualTo(1);
  }

  @Test
  void itIsNotDoneAgainBeforeTheRestIsOver() {
    pace.run(0, this::work);
    pace.run(1099, this::work);

    assertThat(times).isEqualTo(1);
  }

  @Test
  void itIsDoneAgainOnceTheRestIsOver() {
    pace.run(0, this::work);
    pace.run(1100, this::work);

    assertThat(times).isEqualTo(2);
  }

  /** Takes a tenth of a second, and so is followed by a rest of a second. */
  private void work() {
    times++;
    clock += Duration.ofMillis(100).toNanos();
  }
}
