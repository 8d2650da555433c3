package dev.castalia.cli.suite;

import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.scoring.catalog.Catalog;
import dev.castalia.scoring.catalog.CatalogRun;
import dev.castalia.scoring.source.HubReference;
import java.nio.file.Path;
import java.util.List;

/** The checkpoints of runs that a catalog knows, to be fetched from the hub by who scores them. */
public final class CatalogSource {

  private CatalogSource() {}

  /**
   * All checkpoints of the selected runs.
   *
   * @param tokenizer null for the one beside the weights
   */
  public static Announcement announcement(Catalog.Selected selected, Path tokenizer) {
    List<CheckpointEntry> checkpoints =
        selected.runs().stream()
            .flatMap(
                run ->
                    run.steps().stream()
                        .map(step -> entry(selected.catalog(), run, step, tokenizer)))
            .toList();
    return new Announcement(List.of(), checkpoints, List.of(), List.of());
  }

  private static CheckpointEntry entry(Catalog catalog, CatalogRun run, long step, Path tokenizer) {
    String location = new HubReference(run.repository(), run.revision(step)).toString();
    return new CheckpointEntry(
        run.model(),
        run.revision(step),
        step,
        step * catalog.tokensPerStep(),
        run.shape().parameters(),
        run.shape().nonEmbeddingParameters(),
        run.variant(),
        run.seed(),
        catalog.language(),
        null,
        run.learningRate(),
        catalog.suite(),
        tokenizer == null ? location : tokenizer.toString(),
        location);
  }
}
