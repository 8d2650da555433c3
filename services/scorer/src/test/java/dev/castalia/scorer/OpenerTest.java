package dev.castalia.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.events.EvaluationRequested;
import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.source.Locations;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Really trained checkpoints, and memory that does not suffice when the test says so. */
@Timeout(60)
class OpenerTest {

  private final EvaluationRequested request = EvaluatorTest.request(EvaluatorTest.location(), "");
  private final ExecutorService lane = Executors.newSingleThreadExecutor();
  private final CountDownLatch refused = new CountDownLatch(1);
  private volatile boolean full;
  private volatile boolean stopping;
  private final Evaluation evaluation = new Evaluation(() -> stopping);
  private final Opener opener =
      new Opener(
          ModelOptions.DEFAULT,
          new Shelf(Locations.ofEnvironment()),
          new ScorerMetrics(new SimpleMeterRegistry(), () -> 0, 1),
          this::openUnlessFull);

  @AfterEach
  void end() {
    lane.shutdownNow();
  }

  @Test
  void theNextCheckpointIsOpenedBesideTheOneInHand() throws Exception {
    try (Opened _ = open().orElseThrow()) {
      assertThat(lane.submit(this::openAndRunOutOfMemory).get()).isTrue();
    }
  }

  @Test
  void oneThatDoesNotFitBesideTheOneInHandIsOpenedOnceThatIsDone() throws Exception {
    Future<Boolean> next;
    try (Opened _ = open().orElseThrow()) {
      full = true;
      next = lane.submit(this::openAndRunOutOfMemory);
      refused.await();
      full = false;
    }

    assertThat(next.get()).isFalse();
  }

  @Test
  void whatIsNotWantedAnyMoreWhenThereIsRoomIsNotOpened() throws Exception {
    Future<Boolean> next;
    try (Opened _ = open().orElseThrow()) {
      full = true;
      next = lane.submit(() -> open().isPresent());
      refused.await();
      stopping = true;
    }

    assertThat(next.get()).isFalse();
  }

  @Test
  void oneThatDoesNotFitAloneFails() {
    full = true;

    assertThatThrownBy(this::open).hasMessage("no memory");
  }

  @Test
  void oneThatFailedIsInNobodysWay() throws Exception {
    full = true;
    assertThatThrownBy(this::open).hasMessage("no memory");
    full = false;

    assertThat(lane.submit(this::openAndRunOutOfMemory).get()).isFalse();
  }

  @Test
  void aSlotIsKeptUntilTheModelIsClosed() throws Exception {
    Semaphore slots = new Semaphore(1);
    Opened opened = open().orElseThrow();
    opened.takeSlot(slots);
    opened.takeSlot(slots);
    assertThat(slots.availablePermits()).isZero();

    opened.close();

    assertThat(slots.availablePermits()).isOne();
  }

  private Optional<Opened> open() throws InterruptedException {
    return opener.open(request, evaluation);
  }

  private boolean openAndRunOutOfMemory() throws InterruptedException {
    try (Opened opened = open().orElseThrow()) {
      return opened.ranOutOfMemory();
    }
  }

  private Model openUnlessFull(Checkpoint checkpoint, ModelOptions options) {
    if (full) {
      refused.countDown();
      throw EvaluationException.outOfMemory("no memory", true, null);
    }
    return Model.open(checkpoint, options);
  }
}
