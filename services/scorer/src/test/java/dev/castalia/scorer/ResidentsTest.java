package dev.castalia.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ResidentsTest {

  private long nanos;
  private final Residents residents = new Residents(() -> nanos);
  private final List<Thread> lanes = new ArrayList<>();

  @AfterEach
  void end() {
    lanes.forEach(Thread::interrupt);
  }

  @Test
  void modelsAreSideBySideAsLongAsNobodySaysThatMemoryDoesNotSuffice() throws Exception {
    residents.enter(1000);
    residents.enter(1000);

    assertThat(residents.enter(1000).ranOutOfMemory()).isTrue();
  }

  @Test
  void fewerDoNotHelpAModelThatIsAlone() throws Exception {
    residents.enter(100).close();

    assertThat(residents.enter(100).ranOutOfMemory()).isFalse();
  }

  @Test
  void fewerMayHelpAModelAlsoWhereTheOtherHasGone() throws Exception {
    Residents.Stay stay = residents.enter(100);
    residents.enter(100).close();

    assertThat(stay.ranOutOfMemory()).isTrue();
  }

  @Test
  void asMuchAsWasTooMuchIsNotLetInAgain() throws Exception {
    crowd(600, 400);
    Residents.Stay large = residents.enter(600);

    Future<Residents.Stay> next = waits(400);

    large.close();
    assertThat(next.get().ranOutOfMemory()).isFalse();
  }

  @Test
  void asMuchAsWasTooMuchIsTriedAgainAfterAnHour() throws Exception {
    crowd(600, 400);
    nanos += Duration.ofHours(1).toNanos();
    residents.enter(600);

    assertThat(residents.enter(400).ranOutOfMemory()).isTrue();
  }

  /** As 400 beside 600 was too much, but 400 beside 500 was never tried. */
  @Test
  void lessIsLetInStill() throws Exception {
    crowd(600, 400);
    residents.enter(500);

    assertThat(residents.enter(400).ranOutOfMemory()).isTrue();
  }

  @Test
  void oneMayAlwaysBeThere() throws Exception {
    crowd(600, 400);

    assertThat(residents.enter(5000).ranOutOfMemory()).isFalse();
  }

  @Test
  void whoWaitsIsNotOvertaken() throws Exception {
    crowd(600, 400);
    Residents.Stay large = residents.enter(600);
    Future<Residents.Stay> next = waits(400);

    Future<Residents.Stay> small = waits(1);

    large.close();
    assertThat(next.get()).isNotNull();
    assertThat(small.get()).isNotNull();
  }

  /** A model that finds no room yet. */
  private Future<Residents.Stay> waits(long bytes) {
    FutureTask<Residents.Stay> entering = new FutureTask<>(() -> residents.enter(bytes));
    Thread lane = Thread.ofPlatform().start(entering);
    lanes.add(lane);
    await().until(() -> lane.getState() == Thread.State.WAITING);
    return entering;
  }

  /** Two models of which the second does not fit; both go. */
  private void crowd(long bytes, long more) throws InterruptedException {
    try (Residents.Stay _ = residents.enter(bytes);
        Residents.Stay second = residents.enter(more)) {
      assertThat(second.ranOutOfMemory()).isTrue();
    }
  }
}
