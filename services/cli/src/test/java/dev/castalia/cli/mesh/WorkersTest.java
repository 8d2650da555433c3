package dev.castalia.cli.mesh;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkersTest {

  private static void work(Workers workers) {
    while (!workers.stopping()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whoWaitsFailsAsOneOfThemDoesAndTheOthersEnd() {
    assertThatThrownBy(
            () -> {
              try (Workers workers = new Workers(2)) {
                workers.start(() -> work(workers));
                workers.start(
                    () -> {
                      throw new IllegalStateException("no broker");
                    });
                workers.await().atMost(Duration.ofSeconds(10)).until(() -> false);
              }
            })
        .hasRootCauseMessage("no broker");
  }

  @Test
  void theyEndWhenWhoWaitsFails() {
    assertThatThrownBy(
            () -> {
              try (Workers workers = new Workers(1)) {
                workers.start(() -> work(workers));
                throw new IllegalStateException("not all are members");
              }
            })
        .hasMessage("not all are members");
  }
}
