package dev.castalia.cli.export;

import dev.castalia.cli.gateway.FindingEntry;
import dev.castalia.cli.gateway.TrajectoryEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** What can be exported, as tables: a row of headings, then one of texts a score or finding. */
final class Tables {

  private Tables() {}

  /** By checkpoint, then task and metric. */
  static List<List<String>> scorecards(List<TrajectoryEntry> trajectories) {
    List<List<String>> rows = new ArrayList<>();
    for (TrajectoryEntry line : trajectories) {
      for (TrajectoryEntry.Point point : line.points()) {
        rows.add(
            row(
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
                point.stderr(),
                point.documents() == 0 ? null : point.documents()));
      }
    }
    rows.sort(
        Comparator.comparing((List<String> it) -> it.get(0))
            .thenComparing(it -> Long.valueOf(it.get(2)))
            .thenComparing(it -> it.get(1))
            .thenComparing(it -> it.get(7))
            .thenComparing(it -> it.get(3))
            .thenComparing(it -> Integer.valueOf(it.get(5)))
            .thenComparing(it -> it.get(8)));
    rows.addFirst(
        List.of(
            "model",
            "revision",
            "step",
            "task",
            "version",
            "shots",
            "dtype",
            "source",
            "metric",
            "value",
            "stderr",
            "documents"));
    return rows;
  }

  /** By run, task and metric, then step. */
  static List<List<String>> trajectories(List<TrajectoryEntry> trajectories) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "model",
            "task",
            "version",
            "metric",
            "direction",
            "target",
            "chance",
            "shots",
            "dtype",
            "source",
            "revision",
            "step",
            "tokens_seen",
            "value",
            "stderr",
            "documents"));
    for (TrajectoryEntry line : trajectories) {
      for (TrajectoryEntry.Point point : line.points()) {
        rows.add(
            row(
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
                point.stderr(),
                point.documents() == 0 ? null : point.documents()));
      }
    }
    return rows;
  }

  /** In the order of ids. */
  static List<List<String>> findings(List<FindingEntry> findings) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "finding",
            "kind",
            "subject",
            "verdict",
            "effect",
            "low",
            "high",
            "confidence",
            "p_value",
            "q_value",
            "task",
            "metric",
            "shots",
            "source",
            "models",
            "evidence",
            "expected",
            "method",
            "details"));
    for (FindingEntry it : findings) {
      rows.add(
          row(
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
              it.source(),
              String.join(" ", it.models()),
              it.evidence().size(),
              it.expected(),
              it.method(),
              it.details() == null || it.details().isNull() ? null : it.details()));
    }
    return rows;
  }

  private static List<String> row(Object... values) {
    return Arrays.stream(values).map(it -> Objects.toString(it, "")).toList();
  }
}
