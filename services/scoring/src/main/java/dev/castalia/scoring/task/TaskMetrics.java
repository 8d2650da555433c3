package dev.castalia.scoring.task;

import dev.castalia.events.Aggregation;
import dev.castalia.scoring.metric.Direction;
import dev.castalia.scoring.metric.Metric;
import dev.castalia.scoring.metric.TaskMetric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** Reads {@code metric_list}; what it leaves out is as the harness has it. */
final class TaskMetrics {

  private static final String KEY = "metric_list";
  private static final Set<String> KEYS = Set.of("metric", "aggregation", "higher_is_better");

  private final TaskYaml yaml;
  private final OutputType outputType;
  private final OptionalDouble chance;

  /**
   * @param chance the accuracy of guessing
   */
  TaskMetrics(TaskYaml yaml, OutputType outputType, OptionalDouble chance) {
    this.yaml = yaml;
    this.outputType = outputType;
    this.chance = chance;
  }

  List<TaskMetric> read() {
    List<TaskMetric> metrics = new ArrayList<>();
    for (Map<String, Object> entry : yaml.maps(KEY)) {
      metrics.add(read(entry));
    }
    return metrics.isEmpty() ? defaults().stream().map(this::asHarness).toList() : metrics;
  }

  private TaskMetric read(Map<String, Object> entry) {
    entry.keySet().stream()
        .filter(key -> !KEYS.contains(key))
        .findFirst()
        .ifPresent(
            key -> {
              throw yaml.wrong(KEY, "unknown key '" + key + "' in " + entry + "; leave it out");
            });
    TaskMetric otherwise = asHarness(metric(entry));
    Metric metric = otherwise.metric();
    Aggregation aggregation =
        entry.containsKey("aggregation")
            ? aggregation(metric, entry.get("aggregation"))
            : otherwise.aggregation();
    Object higher = entry.getOrDefault("higher_is_better", otherwise.higherIsBetter());
    if (!(higher instanceof Boolean higherIsBetter)) {
      throw yaml.wrong(KEY, "higher_is_better is " + higher + "; wanted true or false");
    }
    Direction direction = metric.direction();
    if (!(direction instanceof Direction.Nearest)) {
      direction = higherIsBetter ? Direction.HIGHER : Direction.LOWER;
    }
    return new TaskMetric(metric, aggregation, direction, higherIsBetter, otherwise.chance());
  }

  private Metric metric(Map<String, Object> entry) {
    Object name = entry.get("metric");
    Metric metric =
        Metric.of(String.valueOf(name))
            .orElseThrow(
                () -> yaml.wrong(KEY, "metric '" + name + "' is unknown; known: " + defaults()));
    if (!metric.isOf(outputType)) {
      throw yaml.wrong(KEY, "metric " + name + " is not one of output_type " + outputType.label());
    }
    return metric;
  }

  private Aggregation aggregation(Metric metric, Object name) {
    Aggregation aggregation =
        switch (String.valueOf(name)) {
          case "mean" -> Aggregation.MEAN;
          case "perplexity" -> Aggregation.PERPLEXITY;
          case "weighted_perplexity" -> Aggregation.WEIGHTED_PERPLEXITY;
          case "bits_per_byte" -> Aggregation.BITS_PER_BYTE;
          default ->
              throw yaml.wrong(
                  KEY,
                  "aggregation '%s' of %s is unknown; known: mean, perplexity, weighted_perplexity, bits_per_byte"
                      .formatted(name, metric.label()));
        };
    boolean needsWeights =
        aggregation == Aggregation.WEIGHTED_PERPLEXITY || aggregation == Aggregation.BITS_PER_BYTE;
    if (needsWeights != metric.weighted()) {
      throw yaml.wrong(
          KEY, "aggregation " + name + " does not fit " + metric.label() + "; leave it out");
    }
    return aggregation;
  }

  private TaskMetric asHarness(Metric metric) {
    boolean accuracy =
        metric == Metric.ACC || metric == Metric.ACC_NORM || metric == Metric.ACC_BYTES;
    return new TaskMetric(
        metric,
        metric.aggregation(),
        metric.direction(),
        metric.direction() instanceof Direction.Higher,
        accuracy ? chance : OptionalDouble.empty());
  }

  private List<Metric> defaults() {
    return switch (outputType) {
      case MULTIPLE_CHOICE -> List.of(Metric.ACC, Metric.ACC_NORM);
      case LOGLIKELIHOOD -> List.of(Metric.PERPLEXITY, Metric.ACC);
      case LOGLIKELIHOOD_ROLLING ->
          List.of(Metric.WORD_PERPLEXITY, Metric.BYTE_PERPLEXITY, Metric.BITS_PER_BYTE);
      case MEMORIZATION -> List.of(Metric.EXTRACTABLE, Metric.MEMORIZATION_SCORE);
    };
  }
}
