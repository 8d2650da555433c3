package dev.castalia.topology.findings.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Random data with a known answer. The seed is in every failure's message. */
final class Draws {

  static final long SEED = 7;
  static final int DRAWS = 1000;

  private Draws() {}

  static RandomGenerator random() {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
  }

  /** The steps of Pythia's published evaluations. */
  static List<Long> steps() {
    List<Long> steps = new ArrayList<>(List.of(0L));
    for (long step = 1; step <= 512; step *= 2) {
      steps.add(step);
    }
    steps.add(1000L);
    steps.add(3000L);
    for (long step = 13000; step <= 143000; step += 10000) {
      steps.add(step);
    }
    return steps;
  }

  /**
   * The share of right answers, of so many documents, where each is right with that probability.
   */
  static Measurement proportion(
      double at, double probability, int documents, RandomGenerator random) {
    int right = 0;
    for (int i = 0; i < documents; i++) {
      right += random.nextDouble() < probability ? 1 : 0;
    }
    double share = (double) right / documents;
    return new Measurement(at, share, Math.sqrt(share * (1 - share) / (documents - 1)));
  }

  static Measurement normal(double at, double mean, double stderr, RandomGenerator random) {
    return new Measurement(at, mean + stderr * random.nextGaussian(), stderr);
  }

  /** A run of shares of 200 documents, whose probability depends on the place of the step. */
  static List<Measurement> run(DoubleUnaryOperator probability, RandomGenerator random) {
    return steps().stream()
        .map(Measurement::place)
        .map(at -> proportion(at, probability.applyAsDouble(at), 200, random))
        .toList();
  }

  /** A run of scores that are exactly what a curve says at the place of each step. */
  static List<Measurement> exactly(DoubleUnaryOperator curve, double stderr) {
    return steps().stream()
        .map(Measurement::place)
        .map(at -> new Measurement(at, curve.applyAsDouble(at), stderr))
        .toList();
  }

  /** Shares off by so many times the standard error of 200 documents from place to place. */
  static DoubleUnaryOperator wobbling(
      DoubleUnaryOperator probability, double roughness, RandomGenerator random) {
    return at -> {
      double exact = probability.applyAsDouble(at);
      double stderr = Math.sqrt(exact * (1 - exact) / 200);
      return exact + roughness * stderr * random.nextGaussian();
    };
  }

  /** A straight ramp between two steps. */
  static DoubleUnaryOperator ramp(long from, long to, double before, double after) {
    double start = Measurement.place(from);
    double end = Measurement.place(to);
    return at -> before + (after - before) * Math.clamp((at - start) / (end - start), 0, 1);
  }

  static void assertRateAtMost(double rate, Predicate<RandomGenerator> says) {
    assertRateBetween(0, rate, says);
  }

  /**
   * Holds the rate over {@link #DRAWS} against a claim, four standard deviations of chance let
   * pass.
   */
  static void assertRateBetween(double least, double most, Predicate<RandomGenerator> says) {
    double slack = 4 * Math.sqrt(most * (1 - most) / DRAWS);
    assertThat(rate(DRAWS, says))
        .as("share of %d draws, seed %d", DRAWS, SEED)
        .isBetween(least, most + slack);
  }

  /** Over fewer draws, for what takes long. */
  static double rate(int draws, Predicate<RandomGenerator> says) {
    RandomGenerator random = random();
    int said = 0;
    for (int draw = 0; draw < draws; draw++) {
      said += says.test(random) ? 1 : 0;
    }
    return (double) said / draws;
  }
}
