package dev.castalia.gateway.board;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.MetricScore;
import dev.castalia.events.MetricSpec;
import dev.castalia.gateway.api.Numbers;
import dev.castalia.gateway.catalog.Metric;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.Ranks;
import dev.castalia.topology.ScoreOrder;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Checkpoints by their mean over the tasks of a group, each task counting the same. Only those that
 * were scored on all documents of all of them have a rank: means over different ones are not
 * comparable. Where the nearest to a target is best, they rank by their mean distance from it.
 */
@Singleton
public class GroupBoards {

  /** What is compared: a metric over so many boards of different tasks. */
  private record Subject(MetricSpec metric, List<BoardKey> boards) {}

  /**
   * @param changes of each board, as they were before its scores were read
   */
  private record Known(List<Long> changes, List<Mean> means) {}

  private static final int MOST_KEPT = 50;

  /** The last means of each group that somebody asked for, until one of its scores changes. */
  private final Cache<Subject, Known> known = Caffeine.newBuilder().maximumSize(MOST_KEPT).build();

  @Schema(name = "GroupLeaderboard", description = "A page of a group's ranking by one metric.")
  public record GroupLeaderboard(
      @Schema(description = "The group.", examples = "mmlu") String group,
      @Schema(description = "The metric that is averaged.") Metric metric,
      @Schema(description = "Few-shot examples.", examples = "0") int shots,
      @Schema(description = "Who measured; null for Castalia itself.", nullable = true)
          String source,
      @Schema(description = "The tasks averaged over.") List<String> tasks,
      @Schema(
              description =
                  "The entries of this page: those scored on all tasks first, and best first.")
          List<GroupEntry> entries,
      @Schema(description = "Page, from 1.", examples = "1") int page,
      @Schema(description = "Entries a page.", examples = "100") int pageSize,
      @Schema(description = "Entries in all, after the filters.") int total) {}

  @Schema(name = "GroupEntry", description = "One row of a group's leaderboard.")
  public record GroupEntry(
      @Schema(description = "From 1; null where a task is not wholly scored.", nullable = true)
          Integer rank,
      @Schema(description = "The training run.") String model,
      @Schema(description = "The checkpoint of that run.") String revision,
      @Schema(description = "Optimizer steps taken.") long step,
      @Schema(description = "Parameters in all.") long parameters,
      @Schema(description = "What the training data were.", examples = "standard") String variant,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Schema(description = "Seed of the run, if known.")
          Long seed,
      @Schema(
              description = "Mean over the tasks scored, wholly or in part; null where not finite.",
              nullable = true)
          Double value,
      @JsonInclude(JsonInclude.Include.NON_NULL)
          @Schema(description = "NaN, Infinity or -Infinity, where value is null.")
          String notFinite,
      @Schema(
              description = "Standard error, the tasks taken as they are; null where one has none.",
              nullable = true)
          Double stderr,
      @Schema(description = "Tasks of which every document is scored.", examples = "57") int tasks,
      @Schema(description = "Tasks of the group.", examples = "57") int ofTasks) {}

  /**
   * The mean of one checkpoint.
   *
   * @param tasks how many are scored on all of their documents
   * @param sortable lower is better; infinite where the value is not finite
   * @param stderr of a mean of independent scores; null where one has none
   */
  record Mean(
      CheckpointPublished checkpoint, int tasks, double value, double sortable, Double stderr)
      implements BoardFilter.Filtered {

    /** The complete ones first and best first; equals always in the same order. */
    private static final Comparator<Mean> ORDER =
        Comparator.<Mean>comparingInt(mean -> -mean.tasks())
            .thenComparingDouble(Mean::sortable)
            .thenComparing(Mean::model)
            .thenComparingLong(Mean::step)
            .thenComparing(mean -> mean.checkpoint().getRevision());

    private static Mean of(List<Standing> standings) {
      List<MetricScore> scores = standings.stream().map(Standing::score).toList();
      double value =
          scores.stream().mapToDouble(MetricScore::getValue).average().orElse(Double.NaN);
      return new Mean(
          standings.getFirst().checkpoint(),
          (int) standings.stream().filter(Standing::isWhole).count(),
          value,
          ScoreOrder.meanSortable(standings.stream().mapToDouble(Standing::sortable)),
          stderr(scores));
    }

    @Override
    public String model() {
      return checkpoint.getModel();
    }

    @Override
    public long step() {
      return checkpoint.getStep();
    }

    private static Double stderr(List<MetricScore> scores) {
      double squares = 0;
      for (MetricScore score : scores) {
        if (score.getStderr() == null) {
          return null;
        }
        squares += score.getStderr() * score.getStderr();
      }
      return Math.sqrt(squares) / scores.size();
    }
  }

  /**
   * The means over those boards, the complete ones first and best first. Who asks while they are
   * computed waits for them.
   */
  List<Mean> means(Map<BoardKey, Board> boards, MetricSpec metric) {
    Subject subject = new Subject(metric, List.copyOf(boards.keySet()));
    return known
        .asMap()
        .compute(subject, (same, kept) -> upToDate(kept, boards.values(), metric))
        .means;
  }

  private static Known upToDate(Known kept, Collection<Board> boards, MetricSpec metric) {
    List<Long> changes = boards.stream().map(Board::changes).toList();
    return kept != null && kept.changes.equals(changes)
        ? kept
        : new Known(changes, means(boards, metric));
  }

  static List<Mean> means(Collection<Board> boards, MetricSpec metric) {
    Map<String, List<Standing>> standings = new HashMap<>();
    for (Board board : boards) {
      for (Standing standing : board.order(metric.getMetric())) {
        standings
            .computeIfAbsent(Keys.of(standing.checkpoint()), key -> new ArrayList<>())
            .add(standing);
      }
    }
    return standings.values().stream().map(Mean::of).sorted(Mean.ORDER).toList();
  }

  static List<GroupEntry> entries(List<Mean> means, int tasks) {
    int[] ranks =
        Ranks.of(
            means.stream()
                .filter(mean -> mean.tasks() == tasks)
                .mapToDouble(Mean::sortable)
                .toArray());
    List<GroupEntry> entries = new ArrayList<>();
    for (int i = 0; i < means.size(); i++) {
      Mean mean = means.get(i);
      entries.add(
          new GroupEntry(
              i < ranks.length ? ranks[i] : null,
              mean.model(),
              mean.checkpoint().getRevision(),
              mean.step(),
              mean.checkpoint().getParameters(),
              mean.checkpoint().getVariant(),
              mean.checkpoint().getSeed(),
              Numbers.finite(mean.value()),
              Numbers.notFinite(mean.value()),
              Numbers.finite(mean.stderr()),
              mean.tasks(),
              tasks));
    }
    return entries;
  }
}
