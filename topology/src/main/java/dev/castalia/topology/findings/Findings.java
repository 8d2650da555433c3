package dev.castalia.topology.findings;

import dev.castalia.events.Finding;
import dev.castalia.events.StepEstimate;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.findings.statistics.Interval;
import dev.castalia.topology.findings.statistics.Measurement;
import dev.castalia.topology.state.RunSeries;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** What findings of all kinds have in common. */
final class Findings {

  static final String NOT_ENOUGH_DATA = "not-enough-data";
  static final String NO_DIFFERENCE = "no-difference";

  /** Rate of false answers, and of false discoveries in a family of tests. */
  static final double ALPHA = 0.05;

  static final double CONFIDENCE = 1 - ALPHA;

  private Findings() {}

  /**
   * A finding without a verdict yet.
   *
   * @param subject parts of what it is about
   * @param evidence keys of checkpoints
   */
  static Finding.Builder about(
      String kind,
      List<String> subject,
      Collection<String> models,
      Collection<String> evidence,
      int expected,
      String method) {
    String joined = String.join(Keys.SEPARATOR, subject);
    return Finding.newBuilder()
        .setFinding(kind + Keys.SEPARATOR + joined)
        .setKind(kind)
        .setSubject(joined)
        .setVerdict(NOT_ENOUGH_DATA)
        .setEvidence(evidence.stream().distinct().sorted().toList())
        .setExpected(expected)
        .setMethod(method)
        .setComputedAt(Instant.EPOCH)
        .setModels(models.stream().distinct().sorted().toList());
  }

  /** Says where its scores are from. */
  static Finding.Builder measuredAs(Finding.Builder finding, RunSeries run) {
    return finding.setDtype(run.getDtype()).setSource(run.getSource()).setSuite(run.getSuite());
  }

  static Finding.Builder measuredAs(Finding.Builder finding, Scores scores) {
    return measuredAs(finding, scores.run())
        .setTask(scores.run().getTask())
        .setMetric(scores.name())
        .setShots(scores.run().getShots());
  }

  static Finding.Builder effect(Finding.Builder finding, Interval effect) {
    return finding
        .setEffect(effect.estimate())
        .setLow(effect.low())
        .setHigh(effect.high())
        .setConfidence(CONFIDENCE);
  }

  static StepEstimate step(Interval place) {
    return place == null
        ? null
        : new StepEstimate(
            Measurement.step(place.estimate()),
            Measurement.step(place.low()),
            Measurement.step(place.high()));
  }

  static Double known(double value) {
    return Double.isNaN(value) ? null : value;
  }

  static String measured(RunSeries run) {
    return Keys.measured(run.getShots(), run.getDtype(), run.getSource());
  }

  static String suite(String suite) {
    return suite == null ? "" : suite;
  }

  /** A run, and what it goes on from if it does. */
  static String run(String model, String parent) {
    return parent == null ? model : model + Keys.SEPARATOR + parent;
  }

  static String suiteKey(String suite, String dtype, String source) {
    return String.join(Keys.SEPARATOR, suite(suite), dtype, source == null ? "" : source);
  }

  /** In place of a draft that is withdrawn. */
  static Finding withdrawn(String finding) {
    return about("", List.of(), List.of(), List.of(), 0, "")
        .setFinding(finding)
        .setVerdict("")
        .build();
  }
}
