package dev.castalia.scorer;

import dev.castalia.events.FailureKind;
import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.ScoringException;
import org.jboss.logging.Logger;

/**
 * Why a unit was not scored.
 *
 * @param reason what was wrong, with what value
 * @param remedy what to do about it
 */
record Cause(FailureKind kind, String reason, String remedy) {

  private static final Logger LOG = Logger.getLogger(Cause.class);
  private static final String MEND =
      "mend what the reason names, then have it tried again with 'castalia retry'";
  private static final String BY_ITSELF = "nothing yet: it is tried again by itself, up to a bound";

  /** What the same attempt may do without later. */
  static Cause passing(ScoringException failure) {
    return new Cause(FailureKind.PASSING, failure.getMessage(), BY_ITSELF);
  }

  /** Whatever it was: what a checkpoint or a task can bring about is an answer, too. */
  static Cause of(Throwable failure) {
    return switch (failure) {
      case RefusedException refused ->
          new Cause(
              FailureKind.REFUSED,
              refused.getMessage(),
              "nothing while other scorers have the right files: one of them takes it");
      case ScoringException passing when passing.passing() -> passing(passing);
      case CheckpointException checkpoint ->
          new Cause(
              FailureKind.PERMANENT,
              checkpoint.getMessage(),
              MEND + ", or take the checkpoint out with 'castalia retire'");
      case ScoringException permanent ->
          new Cause(FailureKind.PERMANENT, permanent.getMessage(), MEND);
      case OutOfMemoryError memory ->
          new Cause(
              FailureKind.PASSING,
              "the scorer ran out of memory: " + memory.getMessage(),
              "give the scorer's Java more memory, or run fewer checkpoints at once");
      case StackOverflowError _ ->
          new Cause(
              FailureKind.PERMANENT,
              "something in the task or the checkpoint is nested too deeply",
              "look at the files of both, then have it tried again with 'castalia retry'");
      default -> {
        LOG.error("Unexpected while scoring", failure);
        yield new Cause(
            FailureKind.PASSING,
            "unexpected, a defect of Castalia: " + failure,
            "report it with the trace in the scorer's log; it is tried again, up to a bound");
      }
    };
  }
}
