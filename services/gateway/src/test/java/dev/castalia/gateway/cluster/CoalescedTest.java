package dev.castalia.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CoalescedTest {

  @Test
  void whoAsksWhileAnAnswerIsSoughtSharesTheNextOne() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    Coalesced<Integer> question =
        new Coalesced<>(
            () -> {
              begun.countDown();
              awaitUninterrupted(answered);
              return asked.incrementAndGet();
            });
    FutureTask<Integer> first = new FutureTask<>(question::get);
    Thread.ofPlatform().start(first);
    begun.await();

    List<FutureTask<Integer>> others =
        Stream.generate(() -> new FutureTask<>(question::get)).limit(50).toList();
    List<Thread> askers = others.stream().map(Thread.ofPlatform()::start).toList();
    await().until(() -> askers.stream().allMatch(it -> it.getState() == Thread.State.WAITING));
    answered.countDown();

    assertThat(first.get()).isEqualTo(1);
    for (FutureTask<Integer> other : others) {
      assertThat(other.get()).isEqualTo(2);
    }
  }

  @Test
  void aQuestionThatFailedIsAskedAnew() {
    AtomicInteger asked = new AtomicInteger();
    Coalesced<Integer> question =
        new Coalesced<>(
            () -> {
              if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("nobody is there");
              }
              return asked.get();
            });

    assertThatIllegalStateException().isThrownBy(question::get).withMessage("nobody is there");
    assertThat(question.get()).isEqualTo(2);
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
