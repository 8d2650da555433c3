package dev.castalia.topology.findings;

import dev.castalia.events.BiasTrajectory;
import dev.castalia.events.Finding;
import dev.castalia.events.SignedPoint;
import dev.castalia.events.TrajectoryPhase;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.findings.statistics.Interval;
import dev.castalia.topology.findings.statistics.Measurement;
import dev.castalia.topology.findings.statistics.Phases;
import dev.castalia.topology.findings.statistics.Phases.Moving;
import dev.castalia.topology.findings.statistics.Phases.NotEnoughData;
import dev.castalia.topology.findings.statistics.Phases.Phase;
import dev.castalia.topology.findings.statistics.Phases.Steady;
import java.util.List;
import java.util.Locale;

/** How a bias moves over a run. */
final class BiasFinding {

  private BiasFinding() {}

  static Finding of(Scores scores, int expected) {
    Finding.Builder finding =
        Findings.measuredAs(
            Findings.about(
                "bias-trajectory",
                List.of(
                    scores.run().getModel(),
                    scores.run().getTask(),
                    scores.name(),
                    Findings.measured(scores.run())),
                List.of(scores.run().getModel()),
                scores.keys(),
                expected,
                Phases.METHOD),
            scores);
    double target = scores.metric().getTarget() == null ? 0 : scores.metric().getTarget();
    switch (Phases.of(scores.there().stream().map(scores::at).toList(), target, Findings.ALPHA)) {
      case NotEnoughData none -> finding.setDetails(details(scores, target, null));
      case Steady steady ->
          finding
              .setVerdict("no-phase-change")
              .setPValue(steady.pValue())
              .setDetails(details(scores, target, null));
      case Moving moving ->
          Findings.effect(finding, moving.change())
              .setVerdict(verdict(moving.distance()))
              .setPValue(moving.pValue())
              .setDetails(details(scores, target, moving));
    }
    return finding.build();
  }

  private static String verdict(Interval distance) {
    if (distance.low() > 0) {
      return "moves-away";
    }
    return distance.high() < 0 ? "moves-nearer" : "moves";
  }

  private static BiasTrajectory details(Scores scores, double target, Moving moving) {
    BiasTrajectory.Builder details =
        BiasTrajectory.newBuilder()
            .setTarget(target)
            .setPoints(scores.there().stream().map(i -> point(scores, i, target)).toList())
            .setPhases(List.of());
    if (moving != null) {
      details
          .setPhases(moving.phases().stream().map(BiasFinding::phase).toList())
          .setOnset(Findings.step(moving.onset()))
          .setPlateau(Findings.step(moving.plateau()))
          .setDistance(moving.distance().estimate())
          .setDistanceLow(moving.distance().low())
          .setDistanceHigh(moving.distance().high());
    }
    return details.build();
  }

  private static SignedPoint point(Scores scores, int i, double target) {
    double signed = scores.value(i) - target;
    Interval band = Interval.normal(signed, scores.stderr(i), Findings.CONFIDENCE);
    return new SignedPoint(
        Keys.checkpoint(scores.run().getModel(), scores.checkpoint(i).getRevision()),
        scores.step(i),
        signed,
        Findings.known(band.low()),
        Findings.known(band.high()));
  }

  private static TrajectoryPhase phase(Phase phase) {
    return new TrajectoryPhase(
        phase.direction().name().toLowerCase(Locale.ROOT),
        Measurement.step(phase.from()),
        Measurement.step(phase.to()),
        phase.start(),
        phase.end());
  }
}
