package dev.castalia.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ResidentsTest {

  private final Residents residents = new Residents();
  private final ExecutorService lanes = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    lanes.shutdownNow();
  }

  @Test
  void modelsAreSideBySideAsLongAsNobodySaysThatMemoryDoesNotSuffice() throws Exception {
    residents.enter(1000);
    residents.enter(1000);

    assertThat(residents.enter(1000).wasCrowded()).isTrue();
  }

  @Test
  void aModelThatIsAloneIsNotCrowded() throws Exception {
    residents.enter(100).close();

    assertThat(residents.enter(100).wasCrowded()).isFalse();
  }

  @Test
  void aModelIsCrowdedAlsoByOneThatHasGone() throws Exception {
    Residents.Stay stay = residents.enter(100);
    residents.enter(100).close();

    assertThat(stay.wasCrowded()).isTrue();
  }

  @Test
  void asMuchAsWasTooMuchIsNotLetInAgain() throws Exception {
    crowd(600, 400);
    Residents.Stay large = residents.enter(600);

    Future<Residents.Stay> next = lanes.submit(() -> residents.enter(400));

    await().until(() -> residents.waiting() == 1);
    large.close();
    assertThat(next.get().wasCrowded()).isFalse();
  }

  /** As 400 beside 600 was too much, but 400 beside 500 was never tried. */
  @Test
  void lessIsLetInStill() throws Exception {
    crowd(600, 400);
    residents.enter(500);

    assertThat(lanes.submit(() -> residents.enter(400)).get().wasCrowded()).isTrue();
  }

  @Test
  void oneMayAlwaysBeThere() throws Exception {
    crowd(600, 400);

    assertThat(residents.enter(5000).wasCrowded()).isFalse();
  }

  @Test
  void whoWaitsIsNotOvertaken() throws Exception {
    crowd(600, 400);
    Residents.Stay large = residents.enter(600);
    Future<Residents.Stay> next = lanes.submit(() -> residents.enter(400));
    await().until(() -> residents.waiting() == 1);

    Future<Residents.Stay> small = lanes.submit(() -> residents.enter(1));

    await().until(() -> residents.waiting() == 2);
    large.close();
    assertThat(next.get()).isNotNull();
    assertThat(small.get()).isNotNull();
  }

  /** Two models of which the second does not fit; both go. */
  private void crowd(long bytes, long more) throws InterruptedException {
    try (Residents.Stay _ = residents.enter(bytes);
        Residents.Stay second = residents.enter(more)) {
      assertThat(second.wasCrowded()).isTrue();
    }
  }
}
