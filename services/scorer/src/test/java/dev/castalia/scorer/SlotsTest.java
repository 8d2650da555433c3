package dev.castalia.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.model.Device;
import org.junit.jupiter.api.Test;

class SlotsTest {

  @Test
  void onACpuAllSlotsShareIt() throws InterruptedException {
    Slots slots = Slots.on("cpu", 2);

    assertThat(slots.devices()).containsExactly(Device.CPU);
    slots.on(Device.CPU).acquire();
    assertThat(slots.busy()).isEqualTo(1);
    assertThat(slots.on(slots.ofLane(2)).availablePermits()).isEqualTo(1);
  }

  @Test
  void aDeviceThatCannotBeUsedIsNotReplaced() {
    assertThatThrownBy(() -> Slots.on("cuda:99", 1))
        .isInstanceOf(EvaluationException.class)
        .hasMessageContaining("device cuda:99 cannot be used")
        .hasMessageContaining("ask for auto or cpu");
  }
}
