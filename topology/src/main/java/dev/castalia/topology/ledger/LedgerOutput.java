package dev.castalia.topology.ledger;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.topology.state.DocumentScores;
import dev.castalia.topology.state.SweepCounts;
import dev.castalia.topology.state.SweepPlan;

/** What the ledger says, each with the key it is forwarded under. */
public sealed interface LedgerOutput {

  /** Key: checkpoint. */
  record Issued(EvaluationRequested request) implements LedgerOutput {}

  /** Key: scorecard. */
  record Scored(dev.castalia.events.Scorecard scorecard) implements LedgerOutput {}

  /** An elder's score, for one that it stands for. Key: scorecard. */
  record Given(dev.castalia.events.Scorecard scorecard) implements LedgerOutput {}

  /** All of a scorecard's documents are scored, and its run has a counterpart. Key: task. */
  record Documented(DocumentScores scores) implements LedgerOutput {}

  /** Key: unit. */
  record Failed(EvaluationFailed failure) implements LedgerOutput {}

  /** Key: unit. Its failure on record no longer holds. */
  record FailureWithdrawn() implements LedgerOutput {}

  /** Key: sweep. */
  record Counted(SweepCounts counts) implements LedgerOutput {}

  /** Key: sweep. */
  record Planned(SweepPlan plan) implements LedgerOutput {}
}
