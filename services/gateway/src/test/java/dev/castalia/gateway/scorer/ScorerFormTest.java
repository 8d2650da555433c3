package dev.castalia.gateway.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.gateway.support.Events;
import dev.castalia.gateway.view.ScorerActivity;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ScorerFormTest {

  @Test
  void aScorerIsAtWorkForLongerThanASliceOfALargeModelTakes() {
    Instant lastAt = Events.EARLIER;
    ScorerActivity activity =
        new ScorerActivity("x", "cuda", "pythia-12b@step1", "sums", 1, 1000, 45, lastAt);

    assertThat(ScorerForm.of(activity).atWorkUntil()).isAfter(lastAt.plusSeconds(60));
  }
}
