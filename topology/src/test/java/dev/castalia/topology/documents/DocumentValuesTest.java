package dev.castalia.topology.documents;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DocumentValuesTest {

  private static double[] roundTrip(double... values) {
    return DocumentValues.unpack(DocumentValues.pack(values), values.length);
  }

  @Test
  void rightAndWrongTakeABitEach() {
    double[] values = new double[1000];
    for (int i = 0; i < values.length; i += 3) {
      values[i] = 1;
    }

    assertThat(DocumentValues.pack(values).remaining()).isEqualTo(126);
    assertThat(roundTrip(values)).isEqualTo(values);
  }

  @Test
  void othersTakeAFloatEach() {
    assertThat(roundTrip(-12.25, 0, 1, Double.NaN)).containsExactly(-12.25, 0, 1, Double.NaN);
    assertThat(DocumentValues.pack(new double[] {0.5, 1}).remaining()).isEqualTo(9);
  }

  @Test
  void noneTakeNothing() {
    assertThat(DocumentValues.pack(new double[0]).remaining()).isZero();
    assertThat(DocumentValues.unpack(DocumentValues.NONE, 5)).isEmpty();
  }
}
