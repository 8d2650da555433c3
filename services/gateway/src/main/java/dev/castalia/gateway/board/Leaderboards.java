package dev.castalia.gateway.board;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.castalia.events.BoardEntry;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.gateway.api.Numbers;
import dev.castalia.gateway.catalog.Metric;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The forms in which boards are given. */
public final class Leaderboards {

  private static final String DTYPE = "Precision computed in; empty where a source does not say.";
  private static final String SOURCE = "Who measured; null for Castalia itself.";

  private Leaderboards() {}

  @Schema(name = "Leaderboards", description = "The boards there are.")
  public record Index(List<BoardSummary> leaderboards) {}

  @Schema(name = "BoardSummary", description = "A board, without its entries.")
  public record BoardSummary(
      @Schema(description = "Name of the task.", examples = "nano_agreement") String task,
      @Schema(description = "Version of the task that is ranked.") String version,
      @Schema(description = "BCP 47 tag of the task's text.", examples = "en") String language,
      @Schema(description = "Tags of the task.") List<String> tags,
      @Schema(description = "Few-shot examples.", examples = "0") int shots,
      @Schema(description = DTYPE, examples = "float32") String dtype,
      @Schema(description = SOURCE, nullable = true) String source,
      @Schema(description = "What can rank, the task's main metric first.") List<Metric> metrics,
      @Schema(description = "Checkpoints scored.", examples = "176") int total) {}

  @Schema(name = "Leaderboard", description = "A page of one task's ranking by one metric.")
  public record Leaderboard(
      @Schema(description = "Name of the task.", examples = "nano_agreement") String task,
      @Schema(
              description = "Version of the task that is ranked; null while nothing is.",
              nullable = true)
          String version,
      @Schema(description = "The metric that ranks.") Metric metric,
      @Schema(description = "Few-shot examples.", examples = "0") int shots,
      @Schema(description = DTYPE, examples = "float32") String dtype,
      @Schema(description = SOURCE, nullable = true) String source,
      @Schema(description = "Who measured the same, castalia being Castalia itself.")
          List<String> sources,
      @Schema(description = "The entries of this page, best first; not finite values last.")
          List<Entry> entries,
      @Schema(description = "Page, from 1.", examples = "1") int page,
      @Schema(description = "Entries a page.", examples = "100") int pageSize,
      @Schema(description = "Entries in all, after the filters.", examples = "176") int total) {}

  @Schema(name = "BoardEntry", description = "One row of a leaderboard.")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Entry(
      @Schema(
              description =
                  "From 1, among what the filters leave; equals share a rank and the next is"
                      + " skipped past them.",
              examples = "1")
          int rank,
      @Schema(description = "The training run.", examples = "nano-74k") String model,
      @Schema(description = "The checkpoint of that run.", examples = "step512") String revision,
      @Schema(description = "Optimizer steps taken.", examples = "512") long step,
      @Schema(description = "Training tokens seen.") Long tokensSeen,
      @Schema(description = "Parameters in all.", examples = "74368") long parameters,
      @Schema(description = "What the training data were.", examples = "standard") String variant,
      @Schema(description = "Seed of the run, if known.") Long seed,
      @JsonInclude
          @Schema(
              description = "The metric's value; null where it is not finite.",
              examples = "0.79",
              nullable = true)
          Double value,
      @Schema(description = "NaN, Infinity or -Infinity, where value is null.") String notFinite,
      @JsonInclude @Schema(description = "Standard error, if there is one.", nullable = true)
          Double stderr,
      @Schema(
              description = "Documents scored so far; 0 where a source does not say.",
              examples = "300")
          int documents,
      @Schema(description = "Documents the task has.", examples = "300") int ofDocuments,
      @Schema(
              description =
                  "Whether its 95 % interval and that of the first are apart; false: they are not"
                      + " distinguishable. Left out where one has no standard error.")
          Boolean apartFromFirst,
      @Schema(description = "The same of the entry before it.") Boolean apartFromPrevious) {

    static Entry of(
        int rank, Standing standing, Boolean apartFromFirst, Boolean apartFromPrevious) {
      CheckpointPublished checkpoint = standing.checkpoint();
      return new Entry(
          rank,
          checkpoint.getModel(),
          checkpoint.getRevision(),
          checkpoint.getStep(),
          checkpoint.getTokensSeen(),
          checkpoint.getParameters(),
          checkpoint.getVariant(),
          checkpoint.getSeed(),
          Numbers.finite(standing.score().getValue()),
          Numbers.notFinite(standing.score().getValue()),
          Numbers.finite(standing.score().getStderr()),
          standing.card().getDocuments(),
          standing.card().getOfDocuments(),
          apartFromFirst,
          apartFromPrevious);
    }

    static Entry of(BoardEntry entry) {
      return new Entry(
          entry.getRank(),
          entry.getModel(),
          entry.getRevision(),
          entry.getStep(),
          null,
          entry.getParameters(),
          entry.getVariant(),
          entry.getSeed(),
          Numbers.finite(entry.getValue()),
          Numbers.notFinite(entry.getValue()),
          Numbers.finite(entry.getStderr()),
          entry.getDocuments(),
          entry.getOfDocuments(),
          entry.getApartFromFirst(),
          entry.getApartFromPrevious());
    }
  }

  /** The top of a board as the aggregator ranked it. */
  @Schema(name = "TopOfLeaderboard", description = "The top of a board, as events carry it.")
  public record Top(
      String task,
      String version,
      Metric metric,
      int shots,
      String dtype,
      String source,
      List<Entry> entries,
      int total) {

    public static Top of(dev.castalia.events.Leaderboard board) {
      return new Top(
          board.getTask(),
          board.getVersion(),
          Metric.of(board.getMetric()),
          board.getShots(),
          board.getDtype(),
          board.getSource(),
          board.getEntries().stream().map(Entry::of).toList(),
          board.getTotal());
    }
  }
}
