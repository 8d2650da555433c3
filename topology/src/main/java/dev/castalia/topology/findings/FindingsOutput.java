package dev.castalia.topology.findings;

import dev.castalia.events.Finding;
import dev.castalia.events.FindingsPending;
import dev.castalia.topology.state.RunDigest;

/** What the stages of the findings forward. */
public sealed interface FindingsOutput {

  /** For readers. Key: finding. */
  record Found(Finding finding) implements FindingsOutput {}

  /** The finding has lost what it was about. Key: finding. */
  record Withdrawn() implements FindingsOutput {}

  /** For readers: how much a stage has still to compute from. Key: pending|stage|partition. */
  record Waiting(FindingsPending pending) implements FindingsOutput {}

  /**
   * One of a family of tests, whose verdict, as it is if there is an effect, waits for the others;
   * empty when it is withdrawn. Key: suite.
   */
  record Drafted(Finding draft) implements FindingsOutput {}

  /** What a run is; without checkpoints when it is withdrawn. Key: suite. */
  record Digested(RunDigest digest) implements FindingsOutput {}
}
