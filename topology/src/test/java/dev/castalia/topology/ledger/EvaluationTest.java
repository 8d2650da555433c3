package dev.castalia.topology.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationTest {

  @ParameterizedTest
  @ValueSource(strings = {"float32", "", "float|32", "float32|"})
  void itsKeyIsReadAsItWasWritten(String dtype) {
    Evaluation evaluation = new Evaluation("a@step1", "sum", "v1", 5, dtype);

    assertThat(Evaluation.parse(evaluation.key())).isEqualTo(evaluation);
  }
}
