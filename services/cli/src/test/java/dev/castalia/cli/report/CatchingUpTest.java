package dev.castalia.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.cli.gateway.FindingsPending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatchingUpTest {

  private static final FindingsPending COMPLETE = new FindingsPending(0, 0, 0, true);
  private static final FindingsPending BEHIND = new FindingsPending(5, 1, 2, false);

  @Test
  void findingsAreWaitedForUntilTheyAreCompleteTwiceInARow() throws InterruptedException {
    Iterator<FindingsPending> looks =
        List.of(BEHIND, COMPLETE, BEHIND, COMPLETE, COMPLETE).iterator();
    List<FindingsPending> told = new ArrayList<>();

    FindingsPending last = CatchingUp.await(looks::next, Duration.ofMinutes(1), told::add);

    assertThat(last).isEqualTo(COMPLETE);
    assertThat(looks).isExhausted();
    assertThat(told).containsExactly(BEHIND, BEHIND);
  }

  @Test
  void whatIsMissingWhenTheTimeIsOverIsSaid() throws InterruptedException {
    FindingsPending last = CatchingUp.await(() -> BEHIND, Duration.ZERO, any -> {});

    assertThat(last).isEqualTo(BEHIND);
  }
}
