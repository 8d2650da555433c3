package dev.castalia.cli.suite;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.source.HubReference;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A repository of the hub whose branches and tags are a run's checkpoints, named after their steps.
 * The run is named after the repository unless a flag says otherwise.
 */
public final class RunRepository {

  private final String name;
  private final RunFacts facts;
  private final Path tokenizer;

  /**
   * @param name ORG/NAME
   * @param tokenizer null for the repository's own
   * @throws CommandException if a flag of one checkpoint is given, or none tells of the tokens
   */
  public RunRepository(String name, RunFacts facts, Path tokenizer) {
    if (facts.isOneCheckpoint()) {
      throw new CommandException(
          "--revision and --step are of one checkpoint, but all revisions are followed: leave them"
              + " out");
    }
    if (facts.tokensPerStep == null) {
      throw new CommandException(
          HubReference.SCHEME
              + name
              + ": how many training tokens is a step? Give --tokens-per-step N");
    }
    this.name = new HubReference(name, "main").repository();
    this.facts = facts;
    this.tokenizer = tokenizer == null ? null : tokenizer.toAbsolutePath().normalize();
  }

  /** ORG/NAME. */
  public String name() {
    return name;
  }

  /** Whether a branch or tag is a checkpoint: named after its step, as step512. */
  public static boolean isStep(String revision) {
    return CheckpointSource.step(revision).isPresent();
  }

  /**
   * What to publish of a revision: by its commit, so that scorers read the same whatever becomes of
   * the branch.
   */
  public CheckpointEntry entry(String revision, HubReference commit, Checkpoint checkpoint) {
    OptionalLong step = CheckpointSource.step(revision);
    return new CheckpointEntry(
        facts.model != null ? facts.model : name.substring(name.indexOf('/') + 1),
        revision,
        step.orElseThrow(),
        step.orElseThrow() * facts.tokensPerStep,
        checkpoint.parameters(),
        checkpoint.nonEmbeddingParameters(),
        facts.variant,
        facts.seed,
        facts.language,
        facts.parent,
        facts.learningRate,
        null,
        tokenizer == null ? commit.toString() : tokenizer.toString(),
        commit.toString());
  }
}
