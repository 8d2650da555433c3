package dev.castalia.scoring.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.NanoSuite;
import dev.castalia.scoring.checkpoint.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the runtime's errors mean, in its own words. */
class SessionsTest {

  private static final Checkpoint CHECKPOINT = Checkpoint.open(NanoSuite.bundledCheckpoint());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA failure 214: uncorrectable ECC error encountered ; GPU=0 ; hostname=a ; expr=x; ",
        "CUDA failure 700: an illegal memory access was encountered ; GPU=1 ; hostname=a ; expr=x; ",
        "CUBLAS failure 13: CUBLAS_STATUS_EXECUTION_FAILED ; GPU=0 ; hostname=a ; expr=x; "
      })
  void aGpuThatFailedIsLostToTheProcessAndAnotherMayDo(String message) {
    EvaluationException failure = failure(message);

    assertThat(failure.isDeviceLost()).isTrue();
    assertThat(failure.passing()).isTrue();
    assertThat(failure).hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA failure 1: invalid argument ; GPU=0 ; hostname=a ; expr=x; ",
        "CUDA failure 9: invalid configuration argument ; GPU=0 ; hostname=a ; expr=x; ",
        "Non-zero status code returned while running MatMul node: shapes differ"
      })
  void whatIsAboutTheGraphFailsForGood(String message) {
    EvaluationException failure = failure(message);

    assertThat(failure.isDeviceLost()).isFalse();
    assertThat(failure.passing()).isFalse();
  }

  @Test
  void shortageOfMemoryLosesNoGpu() {
    EvaluationException failure =
        failure("CUDA failure 2: out of memory ; GPU=0 ; hostname=a ; expr=x; ");

    assertThat(failure.isOutOfMemory()).isTrue();
    assertThat(failure.isDeviceLost()).isFalse();
  }

  private static EvaluationException failure(String message) {
    return Sessions.failure(CHECKPOINT, "running", new OrtException(message));
  }
}
