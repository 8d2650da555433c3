package dev.castalia.topology.findings;

import dev.castalia.events.AcquisitionCurve;
import dev.castalia.events.Finding;
import dev.castalia.topology.findings.statistics.Acquisition;
import dev.castalia.topology.findings.statistics.Acquisition.Acquired;
import dev.castalia.topology.findings.statistics.Acquisition.NotAcquired;
import dev.castalia.topology.findings.statistics.Acquisition.NotEnoughData;
import dev.castalia.topology.findings.statistics.Measurement;
import java.util.List;

/** When and how suddenly a run acquires an ability, or memorizes. */
final class AcquisitionFinding {

  /** A model after so many steps knows nothing yet. */
  private static final long UNTRAINED = 1;

  private AcquisitionFinding() {}

  static Acquisition.Verdict verdict(Scores scores) {
    List<Integer> there = scores.there();
    boolean isStartKnown =
        !there.isEmpty()
            && (!Double.isNaN(scores.chance()) || scores.step(there.getFirst()) <= UNTRAINED);
    return isStartKnown ? verdict(scores, there) : new NotEnoughData(there.size());
  }

  /**
   * Of some of the run's checkpoints, the first of which is taken for the start where chance is not
   * known.
   */
  static Acquisition.Verdict verdict(Scores scores, List<Integer> checkpoints) {
    if (checkpoints.isEmpty()) {
      return new NotEnoughData(0);
    }
    return Acquisition.of(
        checkpoints.stream().map(scores::ableAt).toList(),
        start(scores, checkpoints.getFirst()),
        Findings.ALPHA);
  }

  /**
   * Chance where it is known, else what the run begins with. So is what an untrained model scores
   * above chance, as one does that always gives the answer that is right most often.
   */
  private static Measurement start(Scores scores, int first) {
    Measurement begin = scores.ableAt(first);
    double chance = scores.sign() * scores.chance();
    boolean isUntrained = scores.step(first) <= UNTRAINED;
    return Double.isNaN(chance) || isUntrained && begin.value() > chance
        ? begin
        : new Measurement(0, chance, 0);
  }

  static Finding of(Scores scores, int expected) {
    Finding.Builder finding =
        Findings.measuredAs(
            Findings.about(
                "acquisition",
                List.of(
                    scores.run().getModel(),
                    scores.run().getTask(),
                    scores.name(),
                    Findings.measured(scores.run())),
                List.of(scores.run().getModel()),
                scores.keys(),
                expected,
                Acquisition.METHOD),
            scores);
    switch (verdict(scores)) {
      case NotEnoughData none -> {}
      case NotAcquired not ->
          Findings.effect(finding, not.gain())
              .setVerdict("not-acquired")
              .setPValue(not.pValue())
              .setDetails(details(scores).build());
      case Acquired acquired ->
          Findings.effect(finding, acquired.gain())
              .setVerdict(
                  switch (acquired.pace()) {
                    case BEFORE -> "before-first-checkpoint";
                    case SUDDEN -> "sudden";
                    case GRADUAL -> "gradual";
                    case UNDETERMINED -> "acquired";
                  })
              .setPValue(acquired.pValue())
              .setDetails(
                  details(scores)
                      .setAcquired(Findings.step(acquired.at()))
                      .setDoublings(acquired.doublings().estimate())
                      .setDoublingsLow(acquired.doublings().low())
                      .setDoublingsHigh(acquired.doublings().high())
                      .build());
    }
    return finding.build();
  }

  private static AcquisitionCurve.Builder details(Scores scores) {
    return AcquisitionCurve.newBuilder()
        .setStart(scores.sign() * start(scores, scores.there().getFirst()).value())
        .setFinal$(scores.value(scores.there().getLast()));
  }
}
