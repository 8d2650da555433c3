package dev.castalia.cli.gateway;

import java.util.List;

/**
 * What somebody else measured of one checkpoint, as the gateway takes it.
 *
 * @param source who
 */
public record ReportEntry(String source, CheckpointEntry checkpoint, List<TaskReport> tasks) {

  /**
   * @param version as the source gives it; empty when it does not
   * @param documents that were scored; null when not known
   * @param ofDocuments that the task has; null when not known
   */
  public record TaskReport(
      String task,
      String version,
      String language,
      List<String> tags,
      int shots,
      Integer documents,
      Integer ofDocuments,
      List<MetricReport> metrics) {}

  /**
   * @param value null where it is not finite
   * @param notFinite NaN, Infinity or -Infinity where value is null
   * @param stderr null when not known
   */
  public record MetricReport(MetricEntry metric, Double value, String notFinite, Double stderr) {

    public static MetricReport of(MetricEntry metric, double value, Double stderr) {
      return Double.isFinite(value)
          ? new MetricReport(metric, value, null, stderr)
          : new MetricReport(metric, null, Double.toString(value), stderr);
    }
  }

  /** How many scores it holds. */
  public int scores() {
    return tasks.stream().mapToInt(task -> task.metrics().size()).sum();
  }
}
