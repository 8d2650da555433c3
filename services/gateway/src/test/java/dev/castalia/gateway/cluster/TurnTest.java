package dev.castalia.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.castalia.gateway.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TurnTest {

  private final Turn turn = new Turn(Duration.ofMillis(20));

  @Test
  void whoeverWaitsTooLongForTheWriteBeforeIsRefusedAndTheNextIsNot() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<String> blocked = new CompletableFuture<>();
    CompletableFuture<String> first = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () ->
                first.complete(
                    turn.take(
                        () -> {
                          begun.countDown();
                          return blocked.join();
                        })));
    begun.await();

    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> turn.take(() -> "second"))
        .withMessageContaining("try again")
        .satisfies(e -> assertThat(e.status()).isEqualTo(503));

    blocked.complete("first");
    assertThat(first.join()).isEqualTo("first");
    assertThat(turn.take(() -> "third")).isEqualTo("third");
  }
}
