package dev.castalia.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ScorerServiceTest {

  @Test
  @Timeout(10)
  void lanesThatDoNotEndAreWaitedForTogetherAndNotOneByOne() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    List<Thread> lanes = Stream.generate(() -> waiting(end)).limit(100).toList();

    ScorerService.join(lanes, Duration.ofMillis(500));

    assertThat(lanes).allMatch(Thread::isAlive);
    end.countDown();
    ScorerService.join(lanes, Duration.ofMinutes(1));
    assertThat(lanes).noneMatch(Thread::isAlive);
  }

  @Test
  @Timeout(10)
  void aLaneThatNeitherEndsNorHasAnythingInHandIsNotWaitedForWithoutEnd()
      throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = waiting(end);
    Lane idle = new Lane("lane", () -> null, null, Duration.ofMinutes(1), Duration.ZERO);

    ScorerService.joinIdle(thread, idle, System.nanoTime() + Duration.ofMillis(50).toNanos());

    assertThat(thread.isAlive()).isTrue();
    end.countDown();
  }

  private static Thread waiting(CountDownLatch end) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }
}
