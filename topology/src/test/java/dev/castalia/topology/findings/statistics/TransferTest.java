package dev.castalia.topology.findings.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.topology.findings.statistics.Transfer.Answer;
import dev.castalia.topology.findings.statistics.Transfer.Cell;
import dev.castalia.topology.findings.statistics.Transfer.Compared;
import dev.castalia.topology.findings.statistics.Transfer.NotEnoughData;
import dev.castalia.topology.findings.statistics.Transfer.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TransferTest {

  private static final double[] RATES = {0.001, 0.003};
  private static final long[] BASES = {0, 64, 512, 2000};

  private final RandomGenerator random = Draws.random();

  private static List<Cell> cells(LongFunction<Double> newAfter, RandomGenerator random) {
    List<Cell> cells = new ArrayList<>();
    for (long base : BASES) {
      for (double rate : RATES) {
        cells.add(
            new Cell(
                base,
                new Setting(rate, "standard"),
                Draws.normal(0, 0.25, 0.02, random),
                Draws.normal(0, newAfter.apply(base), 0.02, random),
                Draws.normal(0, base == 0 ? 0.25 : 0.75, 0.02, random),
                Draws.normal(0, base == 0 ? 0.25 : 0.75 - 100 * rate, 0.02, random)));
      }
    }
    return cells;
  }

  private static Compared compared(LongFunction<Double> newAfter, RandomGenerator random) {
    return (Compared) Transfer.of(cells(newAfter, random), 0.25, 0.05);
  }

  @Test
  void paysFromTheStepWhereItBeginsToBeBetterThanFromScratch() {
    Compared found = compared(base -> base < 512 ? 0.4 : 0.6, random);

    assertThat(found.answer()).isEqualTo(Answer.PAYS);
    assertThat(found.paysFrom()).isEqualTo(512);
    assertThat(found.baseStep()).isZero();
  }

  @Test
  void hurtsWhereEveryBaseIsWorseThanScratch() {
    assertThat(compared(base -> base == 0 ? 0.6 : 0.4, random).answer()).isEqualTo(Answer.HURTS);
  }

  @Test
  void gainLossAndWhatIsKeptAreThoseOfTheScores() {
    Transfer.Outcome outcome = compared(base -> 0.6, random).outcomes().getLast();

    assertThat(outcome.cell().baseStep()).isEqualTo(2000);
    assertThat(outcome.gain().estimate()).isCloseTo(0.35, within(0.1));
    assertThat(outcome.loss().estimate()).isCloseTo(0.3, within(0.1));
    assertThat(outcome.kept()).isCloseTo(0.4, within(0.2));
  }

  @Test
  void whatAnotherRunBeatsInBothLanguagesIsNotOnTheFront() {
    Measurement low = new Measurement(0, 0.3, 0.01);
    Measurement high = new Measurement(0, 0.6, 0.01);
    Setting same = new Setting(0.001, "standard");
    Cell good = new Cell(0, same, low, high, high, high);
    Cell newOnly = new Cell(64, same, low, new Measurement(0, 0.7, 0.01), high, low);
    Cell bad = new Cell(512, same, low, low, high, low);

    Compared found = (Compared) Transfer.of(List.of(bad, newOnly, good), 0.25, 0.05);

    assertThat(found.outcomes())
        .extracting(Transfer.Outcome::onFront)
        .containsExactly(true, true, false);
  }

  @Test
  void oneBaseStepIsNotEnough() {
    List<Cell> one = cells(base -> 0.6, random).stream().filter(it -> it.baseStep() == 64).toList();

    assertThat(Transfer.of(one, 0.25, 0.05)).isInstanceOf(NotEnoughData.class);
  }

  @Test
  void ratesThatAreScoredOnTheSameDocumentsAreNotCountedAsIndependent() {
    List<Cell> cells = new ArrayList<>();
    for (double rate : new double[] {0.001, 0.002, 0.003}) {
      cells.add(cell(64, rate, 0.5, 0.05));
      cells.add(cell(512, rate, 0.6, 0.05));
    }

    Compared found = (Compared) Transfer.of(cells, 0.25, 0.05);

    assertThat(found.answer()).isEqualTo(Answer.NO_DIFFERENCE);
    assertThat(found.steps().getFirst().pValue()).isCloseTo(0.157, within(0.001));
  }

  @Test
  void runsOfOneBaseAndRateCountAsTheirMean() {
    List<Cell> cells =
        List.of(
            cell(64, 0.001, 0.5, 0.01),
            cell(512, 0.001, 0.9, 0.01),
            cell(512, 0.001, 0.4, 0.01),
            cell(512, 0.001, 0.5, 0.01));

    Compared found = (Compared) Transfer.of(cells, 0.25, 0.05);

    assertThat(found.outcomes()).hasSize(4);
    assertThat(found.steps().getFirst().difference().estimate()).isCloseTo(0.1, within(1e-9));
  }

  @Test
  void whetherItAlwaysPaysIsNotToldWhereTheLatestBaseSharesNoRate() {
    List<Cell> cells =
        List.of(
            cell(64, 0.001, 0.4, 0.01), cell(512, 0.001, 0.6, 0.01), cell(2000, 0.0003, 0.3, 0.01));

    assertThat(Transfer.of(cells, 0.25, 0.05)).isInstanceOf(NotEnoughData.class);
  }

  @Test
  void aBaseThatCannotBeComparedEndsWhatPays() {
    List<Cell> cells =
        List.of(
            cell(64, 0.001, 0.4, 0.01),
            cell(512, 0.001, 0.6, 0.01),
            cell(1000, 0.001, 0.6, Double.NaN),
            cell(2000, 0.001, 0.6, 0.01));

    assertThat(((Compared) Transfer.of(cells, 0.25, 0.05)).paysFrom()).isEqualTo(2000);
  }

  @Test
  void theBestRateIsTheBestOfTheBestData() {
    List<Cell> cells =
        List.of(
            cell(64, "half", 0.001, 0.3, 0.01),
            cell(2000, "half", 0.001, 0.69, 0.01),
            cell(2000, "whole", 0.001, 0.7, 0.01),
            cell(2000, "whole", 0.003, 0.5, 0.01));

    assertThat(((Compared) Transfer.of(cells, 0.25, 0.05)).best())
        .isEqualTo(new Setting(0.001, "whole"));
  }

  private static Cell cell(long base, double rate, double newAfter, double stderr) {
    return cell(base, "standard", rate, newAfter, stderr);
  }

  private static Cell cell(long base, String variant, double rate, double newAfter, double stderr) {
    Measurement any = new Measurement(0, 0.5, 0.01);
    return new Cell(
        base, new Setting(rate, variant), any, new Measurement(0, newAfter, stderr), any, any);
  }

  @Test
  void basesThatAreAllAlikeAreTakenForDifferentAsRarelyAsClaimed() {
    Draws.assertRateAtMost(
        0.05, draw -> compared(base -> 0.5, draw).answer() != Answer.NO_DIFFERENCE);
  }
}
