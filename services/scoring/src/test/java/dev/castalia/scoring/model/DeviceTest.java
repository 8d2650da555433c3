package dev.castalia.scoring.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.scoring.EvaluationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {

  @Test
  void whatStandsInForAGpuSaysWhy() {
    Device.Found found = Device.find("auto");

    if (found.device().equals(Device.CPU)) {
      assertThat(found.fallback()).isNotBlank();
    } else {
      assertThat(found.fallback()).isNull();
    }
  }

  @Test
  void theCpuNeedsNoReason() {
    assertThat(Device.find("cpu")).isEqualTo(new Device.Found(Device.CPU, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gpu", "cuda:", "cuda:x", "CPU"})
  void anUnknownNameIsRefusedWithThoseThereAre(String name) {
    assertThatThrownBy(() -> Device.find(name))
        .isInstanceOf(EvaluationException.class)
        .hasMessageContaining("'" + name + "'")
        .hasMessageContaining("auto, cpu, cuda or cuda:N");
  }
}
