package dev.castalia.cli.export;

import dev.castalia.cli.gateway.FindingEntry;
import dev.castalia.cli.gateway.TrajectoryEntry;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What can be exported, as rows. The records' components are the columns, in their order; null is a
 * cell without a value.
 */
final class Rows {

  /**
   * A checkpoint's score on one task and metric.
   *
   * @param notFinite NaN, Infinity or -Infinity where there is no value
   * @param documents scored so far
   * @param ofDocuments the task has
   */
  record ScoreRow(
      String model,
      String revision,
      long step,
      String task,
      String version,
      int shots,
      String dtype,
      String source,
      String metric,
      Double value,
      String notFinite,
      Double stderr,
      Integer documents,
      Integer ofDocuments) {}

  /**
   * A point of a trajectory.
   *
   * @param notFinite NaN, Infinity or -Infinity where there is no value
   * @param documents scored so far
   * @param ofDocuments the task has
   */
  record TrajectoryRow(
      String model,
      String task,
      String version,
      String metric,
      String direction,
      Double target,
      Double chance,
      int shots,
      String dtype,
      String source,
      String revision,
      long step,
      long tokensSeen,
      Double value,
      String notFinite,
      Double stderr,
      Integer documents,
      Integer ofDocuments) {}

  /**
   * A finding.
   *
   * @param models names, apart by spaces
   * @param evidence how much there is of what is expected
   * @param details as JSON
   */
  record FindingRow(
      String finding,
      String kind,
      String subject,
      String verdict,
      Double effect,
      Double low,
      Double high,
      Double confidence,
      Double pValue,
      Double qValue,
      String task,
      String metric,
      Integer shots,
      String dtype,
      String source,
      String models,
      int evidence,
      int expected,
      String method,
      String details) {}

  private static final Comparator<String> TEXT = Comparator.nullsFirst(Comparator.naturalOrder());

  private static final Comparator<ScoreRow> BY_CHECKPOINT =
      Comparator.comparing(ScoreRow::model)
          .thenComparing(ScoreRow::step)
          .thenComparing(ScoreRow::revision)
          .thenComparing(ScoreRow::source, TEXT)
          .thenComparing(ScoreRow::task)
          .thenComparing(ScoreRow::shots)
          .thenComparing(ScoreRow::metric);

  private Rows() {}

  /** By checkpoint, then source, task and metric. */
  static List<ScoreRow> scores(List<TrajectoryEntry> trajectories) {
    return trajectories.stream().flatMap(Rows::scores).sorted(BY_CHECKPOINT).toList();
  }

  private static Stream<ScoreRow> scores(TrajectoryEntry line) {
    return line.points().stream()
        .map(
            point ->
                new ScoreRow(
                    line.model(),
                    point.revision(),
                    point.step(),
                    line.task(),
                    line.version(),
                    line.shots(),
                    line.dtype(),
                    line.source(),
                    line.metric().metric(),
                    point.value(),
                    point.notFinite(),
                    point.stderr(),
                    known(point.documents()),
                    known(point.ofDocuments())));
  }

  /** By run, task and metric, then step. */
  static List<TrajectoryRow> trajectories(List<TrajectoryEntry> trajectories) {
    return trajectories.stream().flatMap(Rows::trajectories).toList();
  }

  private static Stream<TrajectoryRow> trajectories(TrajectoryEntry line) {
    return line.points().stream()
        .map(
            point ->
                new TrajectoryRow(
                    line.model(),
                    line.task(),
                    line.version(),
                    line.metric().metric(),
                    line.metric().direction(),
                    line.metric().target(),
                    line.metric().chance(),
                    line.shots(),
                    line.dtype(),
                    line.source(),
                    point.revision(),
                    point.step(),
                    point.tokensSeen(),
                    point.value(),
                    point.notFinite(),
                    point.stderr(),
                    known(point.documents()),
                    known(point.ofDocuments())));
  }

  /** In the order of ids. */
  static List<FindingRow> findings(List<FindingEntry> findings) {
    return findings.stream().map(Rows::finding).toList();
  }

  private static FindingRow finding(FindingEntry it) {
    return new FindingRow(
        it.finding(),
        it.kind(),
        it.subject(),
        it.verdict(),
        it.effect(),
        it.low(),
        it.high(),
        it.confidence(),
        it.pValue(),
        it.qValue(),
        it.task(),
        it.metric(),
        it.shots(),
        it.dtype(),
        it.source(),
        String.join(" ", it.models()),
        it.evidence().size(),
        it.expected(),
        it.method(),
        it.details() == null || it.details().isNull() ? null : it.details().toString());
  }

  /** Sources need not say how many documents they saw. */
  private static Integer known(int documents) {
    return documents == 0 ? null : documents;
  }
}
