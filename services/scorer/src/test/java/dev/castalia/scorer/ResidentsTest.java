package dev.castalia.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
  void twoModelsAreSideBySideWhileMemorySuffices() throws Exception {
    Lane one = new Lane(() -> residents.enter(100));
    Lane other = new Lane(() -> residents.enter(100));

    assertThat(one.entered().isAlone()).isFalse();
    assertThat(other.entered().isAlone()).isFalse();
  }

  @Test
  void whoWantsToBeAloneWaitsForTheOthersToGo() throws Exception {
    Lane first = new Lane(() -> residents.enter(100));
    first.entered();
    Lane alone = new Lane(residents::enterAlone);
    assertThat(alone.isWaiting()).isTrue();

    first.leave();

    assertThat(alone.entered().isAlone()).isTrue();
  }

  @Test
  void whoComesLaterWaitsForTheOneThatIsAlone() throws Exception {
    Lane alone = new Lane(residents::enterAlone);
    alone.entered();
    Lane later = new Lane(() -> residents.enter(1));
    assertThat(later.isWaiting()).isTrue();

    alone.leave();

    assertThat(later.entered().isAlone()).isFalse();
  }

  @Test
  void whatIsAsLargeAsOneThatWasTooMuchIsAloneFromTheBeginning() throws Exception {
    residents.crowded(100);

    assertThat(new Lane(() -> residents.enter(100)).entered().isAlone()).isTrue();
  }

  @Test
  void whatIsSmallerIsBesideOthersStill() throws Exception {
    residents.crowded(100);

    assertThat(new Lane(() -> residents.enter(99)).entered().isAlone()).isFalse();
  }

  /** Enters in a thread of its own, and leaves there. */
  private final class Lane {

    private final CompletableFuture<Residents.Stay> stay = new CompletableFuture<>();
    private final CompletableFuture<Void> leaving = new CompletableFuture<>();
    private final Future<?> end;

    Lane(java.util.concurrent.Callable<Residents.Stay> entering) {
      end =
          lanes.submit(
              () -> {
                try (Residents.Stay mine = entering.call()) {
                  stay.complete(mine);
                  return leaving.get();
                }
              });
    }

    Residents.Stay entered() throws ExecutionException, InterruptedException {
      return stay.get();
    }

    boolean isWaiting() throws Exception {
      try {
        stay.get(200, TimeUnit.MILLISECONDS);
        return false;
      } catch (java.util.concurrent.TimeoutException e) {
        return true;
      }
    }

    void leave() throws ExecutionException, InterruptedException {
      leaving.complete(null);
      end.get();
    }
  }
}
