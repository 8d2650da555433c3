package dev.castalia.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final int NOW = 5_000;

  private final Traffic traffic = new Traffic();
  private final Share share = new Share(10, traffic);
  private long clock;
  private final Pace pace = pace();
  private int times;

  @Test
  void whatIsDueForTheFirstTimeIsDone() {
    pace.run(NOW, this::work);

    assertThat(times).isEqualTo(1);
  }

  @Test
  void itIsNotDoneAgainBeforeTheRestIsOver() {
    scoresComeInFast();

    pace.run(NOW, this::work);
    pace.run(NOW + 1099, this::work);

    assertThat(times).isEqualTo(1);
  }

  @Test
  void itIsDoneAgainOnceTheRestIsOver() {
    scoresComeInFast();

    pace.run(NOW, this::work);
    pace.run(NOW + 1100, this::work);

    assertThat(times).isEqualTo(2);
  }

  @Test
  void itRestsAsLongAsItWorkedWhileNothingComesIn() {
    pace.run(NOW, this::work);
    pace.run(NOW + 199, this::work);
    assertThat(times).isEqualTo(1);

    pace.run(NOW + 200, this::work);

    assertThat(times).isEqualTo(2);
  }

  @Test
  void thoseThatShareTheTimeRestTwiceAsLongWhenTheyAreTwo() {
    scoresComeInFast();
    pace().run(NOW, this::work);

    pace.run(NOW, this::work);
    pace.run(NOW + 2099, this::work);
    assertThat(times).isEqualTo(2);

    pace.run(NOW + 2100, this::work);
    assertThat(times).isEqualTo(3);
  }

  private Pace pace() {
    return new Pace(share, () -> clock);
  }

  private void scoresComeInFast() {
    for (int i = 0; i < 1000; i++) {
      traffic.score(NOW);
    }
  }

  /** Takes a tenth of a second. */
  private void work() {
    times++;
    clock += Duration.ofMillis(100).toNanos();
  }
}
