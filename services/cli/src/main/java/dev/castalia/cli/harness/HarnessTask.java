package dev.castalia.cli.harness;

import java.util.List;
import java.util.Map;

/**
 * What a results file says of one task.
 *
 * @param version as the file gives it; empty where it does not
 * @param shots null where the file gives none for this task
 * @param documents that were scored; null where the file does not say
 * @param ofDocuments that the task has; null where the file does not say
 * @param groups that the file says it belongs to
 * @param higherIsBetter by metric; without those of which the file says nothing
 * @param scores by metric, in the file's order
 */
record HarnessTask(
    String task,
    String version,
    Integer shots,
    Integer documents,
    Integer ofDocuments,
    List<String> groups,
    Map<String, Boolean> higherIsBetter,
    Map<String, Score> scores) {

  /**
   * @param stderr null where the file gives none
   */
  record Score(double value, Double stderr) {}
}
