package dev.castalia.topology.findings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.events.ContinuedRun;
import dev.castalia.events.ContinuedTraining;
import dev.castalia.events.Finding;
import dev.castalia.topology.state.RunSeries;
import dev.castalia.topology.state.SeriesMetric;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContinuedFindingsTest {

  private final Map<String, List<RunSeries>> runs = new TreeMap<>();

  @BeforeEach
  void base() {
    TreeMap<Long, Double> korean = new TreeMap<>(Map.of(64L, 0.5, 512L, 0.55, 2000L, 0.6));
    TreeMap<Long, Double> english = new TreeMap<>(Map.of(64L, 0.6, 512L, 0.7, 2000L, 0.8));
    runs.put(
        "base",
        List.of(
            MadeUpSeries.of("base", "korean", korean).setTaskLanguage("ko").build(),
            MadeUpSeries.of("base", "english", english).build()));
  }

  @Test
  void oneRunThatDivergesDoesNotMakeTheBaseCheckpointsWhatIsCompared() {
    for (long from : new long[] {64, 512, 2000}) {
      for (double rate : new double[] {0.001, 0.003, 0.01}) {
        double later = from == 2000 && rate == 0.01 ? Double.NaN : 0.7;
        continued("ko-" + from + "-" + rate, from, rate, 0, 0.5, 100, later, 300, later);
      }
    }

    ContinuedTraining details = (ContinuedTraining) found().getDetails();

    assertThat(details.getStep()).isEqualTo(300);
    assertThat(details.getRuns())
        .hasSize(8)
        .extracting(ContinuedRun::getGain)
        .allMatch(gain -> gain > 0.05);
  }

  @Test
  void runsAreComparedWhereThoseFromTheMostBaseStepsAre() {
    continued("ko-64", 64, 0.001, 300, 0.6);
    continued("ko-2000-a", 2000, 0.001, 300, 0.7, 1000, 0.7);
    continued("ko-2000-b", 2000, 0.003, 300, 0.7, 1000, 0.7);

    Finding found = found();

    assertThat(found.getVerdict()).isEqualTo("pays");
    assertThat(((ContinuedTraining) found.getDetails()).getStep()).isEqualTo(300);
  }

  @Test
  void whatIsLostIsOfTheOldTasksMainMetricWhereItHasNotThatOfTheNewOne() {
    continued("ko-64", 64, 0.001, 300, 0.6);
    continued("ko-2000", 2000, 0.001, 300, 0.7);
    runs.values().forEach(tasks -> tasks.getLast().setMetrics(byBits(tasks.getLast())));

    Finding found = found();

    assertThat(found.getVerdict()).isEqualTo("pays");
    assertThat(found.getMetric()).isEqualTo("acc");
    assertThat(found.getSubject())
        .isEqualTo("base|ko|korean|0|english|acc|bits_per_byte|0|float32");
    ContinuedTraining details = (ContinuedTraining) found.getDetails();
    assertThat(details.getOldMetric()).isEqualTo("bits_per_byte");
    assertThat(details.getRuns().getLast().getLoss()).isCloseTo(-0.1, within(1e-9));
  }

  @Test
  void ofMoreFindingsThanThereIsRoomForTheFirstAreTold() {
    continued("ko-64", 64, 0.001, 300, 0.6);
    runs.values().forEach(tasks -> tasks.getFirst().setMetrics(twice(tasks.getFirst())));

    assertThat(ContinuedFindings.of("base", runs, 1))
        .singleElement()
        .extracting(Finding::getMetric)
        .isEqualTo("acc");
    assertThat(ContinuedFindings.of("base", runs, 3)).hasSize(2);
  }

  /** By its metric under another name, too. */
  private static List<SeriesMetric> twice(RunSeries run) {
    SeriesMetric accuracy = run.getMetrics().getFirst();
    return List.of(accuracy, SeriesMetric.newBuilder(accuracy).setMetric("acc_norm").build());
  }

  private static List<SeriesMetric> byBits(RunSeries run) {
    SeriesMetric accuracy = run.getMetrics().getFirst();
    return List.of(
        SeriesMetric.newBuilder(accuracy)
            .setMetric("bits_per_byte")
            .setDirection("LOWER")
            .setChance(null)
            .build());
  }

  @Test
  void runsThatAreScoredBeforeTheyAreTrainedOnOnlyAreNotCompared() {
    continued("ko-64", 64, 0.001, 0, 0.5);
    continued("ko-2000", 2000, 0.001, 0, 0.6);

    assertThat(found().getVerdict()).isEqualTo("not-enough-data");
  }

  @Test
  void runsOfOneBaseAndRateThatScoreAlikeAreBothNamed() {
    continued("ko-64-a", 64, 0.001, 300, 0.6);
    continued("ko-64-b", 64, 0.001, 300, 0.6);

    assertThat(((ContinuedTraining) found().getDetails()).getRuns())
        .extracting(ContinuedRun::getCheckpoint)
        .containsExactly("ko-64-a@step300", "ko-64-b@step300");
  }

  @Test
  void runsOnOtherDataAreNotComparedWithEachOther() {
    continued("whole-64", 64, 0.001, 300, 0.6);
    continued("whole-2000", 2000, 0.001, 300, 0.7);
    continued("half-2000", 2000, 0.001, 300, 0.5);
    runs.get("half-2000").forEach(it -> it.setVariant("half"));

    Finding found = found();

    assertThat(found.getVerdict()).isEqualTo("pays");
    assertThat(found.getEffect()).isCloseTo(0.1, within(1e-9));
    assertThat(((ContinuedTraining) found.getDetails()).getRuns())
        .extracting(ContinuedRun::getVariant)
        .containsExactly("standard", "half", "standard");
  }

  /**
   * @param scores a step and the score there, in turn; the same on both tasks
   */
  private void continued(String model, long from, double rate, double... scores) {
    TreeMap<Long, Double> byStep = new TreeMap<>();
    for (int i = 0; i < scores.length; i += 2) {
      byStep.put((long) scores[i], scores[i + 1]);
    }
    runs.put(
        model,
        List.of("ko", "en").stream()
            .map(
                language ->
                    MadeUpSeries.of(model, language.equals("ko") ? "korean" : "english", byStep)
                        .setTaskLanguage(language)
                        .setLanguage("ko")
                        .setParent("base@step" + from)
                        .setLearningRate(rate)
                        .build())
            .toList());
  }

  private Finding found() {
    return ContinuedFindings.of("base", runs, 10).getFirst();
  }
}
