package dev.castalia.topology.findings.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.topology.findings.statistics.RunSpread.Difference;
import dev.castalia.topology.findings.statistics.RunSpread.NotEnoughData;
import dev.castalia.topology.findings.statistics.RunSpread.Tested;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RunSpreadTest {

  private final RandomGenerator random = Draws.random();

  private static Tested tested(
      int runs, IntFunction<DoubleUnaryOperator> probability, RandomGenerator random) {
    List<List<Measurement>> scores = new ArrayList<>();
    List<Measurement> acquisitions = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      scores.add(Draws.run(probability.apply(run), random));
      if (Acquisition.of(scores.getLast(), new Measurement(0, 0.25, 0), 0.05)
          instanceof Acquisition.Acquired acquired) {
        acquisitions.add(new Measurement(run, acquired.at().estimate(), acquired.spread()));
      }
    }
    return (Tested) RunSpread.of(scores, acquisitions, 0.05);
  }

  @Test
  void runsThatGoDifferentWaysToOneEndAreToldSo() {
    Tested found = tested(5, run -> Draws.ramp(4L << 2 * run, 64L << 2 * run, 0.25, 0.8), random);

    assertThat(found.difference()).isEqualTo(Difference.WAY);
    assertThat(found.ratio().low()).isGreaterThan(1);
    assertThat(found.acquisitionPValue()).isLessThan(0.001);
  }

  @Test
  void runsThatEndDifferentlyAreToldSo() {
    Tested found = tested(5, run -> Draws.ramp(64, 3000, 0.25, 0.6 + 0.08 * run), random);

    assertThat(found.difference()).isIn(Difference.END, Difference.WAY_AND_END);
  }

  @Test
  void aRunThatEndsBeyondAllBoundsEndsDifferently() {
    List<List<Measurement>> scores = new ArrayList<>();
    for (int run = 0; run < 5; run++) {
      scores.add(new ArrayList<>(Draws.run(Draws.ramp(64, 3000, 0.25, 0.6), random)));
    }
    Measurement last = scores.getFirst().removeLast();
    scores.getFirst().add(new Measurement(last.at(), 1e200, last.stderr()));

    Tested found = (Tested) RunSpread.of(scores, List.of(), 0.05);

    assertThat(found.difference()).isEqualTo(Difference.END);
    assertThat(found.endPValue()).isZero();
  }

  @Test
  void twoRunsAreNotEnough() {
    List<Measurement> run = Draws.run(at -> 0.5, random);

    assertThat(RunSpread.of(List.of(run, run), List.of(), 0.05)).isEqualTo(new NotEnoughData(2));
  }

  @Test
  void endsThatDifferByNobodyKnowsHowMuchByChanceAreNotSaidToBeAlike() {
    assertThat(
            RunSpread.of(
                List.of(
                    run(Double.NaN, 3, 2, 0.9),
                    run(Double.NaN, 3, 2, 1.2),
                    run(Double.NaN, 3, 2, 1.5)),
                List.of(),
                0.05))
        .isEqualTo(new NotEnoughData(3));
  }

  @Test
  void waysThatDifferByNobodyKnowsHowMuchByChanceAreNotSaidToBeAlike() {
    List<List<Measurement>> runs = new ArrayList<>();
    for (double middle : new double[] {0.4, 0.5, 0.6}) {
      List<Measurement> run = run(0.01, 0.25, middle, 0.8);
      runs.add(
          List.of(run.get(0), new Measurement(run.get(1).at(), middle, Double.NaN), run.get(2)));
    }

    assertThat(RunSpread.of(runs, List.of(), 0.05)).isEqualTo(new NotEnoughData(3));
  }

  @Test
  void runsThatAreAllPerfectInTheEndAreAlikeThere() {
    Tested found =
        (Tested)
            RunSpread.of(List.of(run(0, 0.5, 1), run(0, 0.5, 1), run(0, 0.5, 1)), List.of(), 0.05);

    assertThat(found.difference()).isEqualTo(Difference.NONE);
  }

  private static List<Measurement> run(double stderr, double... scores) {
    List<Measurement> run = new ArrayList<>();
    for (double score : scores) {
      run.add(new Measurement(run.size(), score, stderr));
    }
    return run;
  }

  @Test
  @Tag("slow")
  void runsThatDifferBySamplingAloneAreTakenForDifferentAsRarelyAsClaimed() {
    DoubleUnaryOperator ramp = Draws.ramp(64, 3000, 0.25, 0.8);

    Draws.assertRateAtMost(0.05, draw -> sampledRuns(ramp, draw).difference() != Difference.NONE);
  }

  @Test
  @Tag("slow")
  void runsThatAreRougherThanSamplingAreTakenForDifferentAsRarelyAsClaimed() {
    DoubleUnaryOperator ramp = Draws.ramp(64, 3000, 0.25, 0.8);

    Draws.assertRateAtMost(
        0.05,
        draw -> sampledRuns(Draws.wobbling(ramp, 2, draw), draw).difference() != Difference.NONE);
  }

  @Test
  @Tag("slow")
  void endsOfNearlyPerfectRunsAreTakenForDifferentAsRarelyAsClaimed() {
    Draws.assertRateAtMost(
        0.05,
        draw -> {
          List<List<Measurement>> runs = new ArrayList<>();
          for (int run = 0; run < 9; run++) {
            runs.add(List.of(new Measurement(0, 0.5, 0.02), Draws.proportion(1, 0.99, 500, draw)));
          }
          return ((Tested) RunSpread.of(runs, List.of(), 0.05)).endPValue() <= 0.05;
        });
  }

  private static Tested sampledRuns(DoubleUnaryOperator probability, RandomGenerator draw) {
    List<List<Measurement>> scores = new ArrayList<>();
    for (int run = 0; run < 5; run++) {
      scores.add(Draws.run(probability, draw));
    }
    return (Tested) RunSpread.of(scores, List.of(), 0.05);
  }
}
