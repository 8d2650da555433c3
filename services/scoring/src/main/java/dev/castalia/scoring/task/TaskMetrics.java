package dev.castalia.scoring.task;

import dev.castalia.events.Aggregation;
import dev.castalia.scoring.metric.Direction;
import dev.castalia.scoring.metric.Metric;
import dev.castalia.scoring.metric.TaskMetric;
import dev.castalia.scoring.task.helper.FunctionReference;
import dev.castalia.scoring.task.helper.Helper;
import dev.castalia.scoring.task.helper.Helpers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads {@code metric_list}; what it leaves out is as the harness has it. */
final class TaskMetrics {

  private static final String KEY = "metric_list";

  private final TaskYaml yaml;
  private final OutputType outputType;

  TaskMetrics(TaskYaml yaml, OutputType outputType) {
    this.yaml = yaml;
    this.outputType = outputType;
  }

  List<TaskMetric> read() {
    List<TaskMetric> metrics = new ArrayList<>();
    for (Map<String, Object> entry : yaml.maps(KEY)) {
      metrics.add(read(entry));
    }
    return metrics.isEmpty() ? defaults().stream().map(this::asHarness).toList() : metrics;
  }

  private TaskMetric read(Map<String, Object> entry) {
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
    return new TaskMetric(metric, aggregation, direction, higherIsBetter);
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
        name instanceof FunctionReference reference
            ? computed(reference)
            : switch (String.valueOf(name)) {
              case "mean" -> Aggregation.MEAN;
              case "perplexity" -> Aggregation.PERPLEXITY;
              case "weighted_perplexity" -> Aggregation.WEIGHTED_PERPLEXITY;
              case "bits_per_byte" -> Aggregation.BITS_PER_BYTE;
              case "f1" -> Aggregation.F1;
              case "matthews_corrcoef" -> Aggregation.MATTHEWS_CORRELATION;
              default ->
                  throw yaml.wrong(
                      KEY,
                      "aggregation '%s' of %s is unknown; known: mean, perplexity, weighted_perplexity, bits_per_byte, f1, matthews_corrcoef"
                          .formatted(name, metric.label()));
            };
    boolean fits =
        switch (aggregation) {
          case MEAN, PERPLEXITY -> !metric.weighted() && !metric.ofClasses();
          case WEIGHTED_PERPLEXITY, BITS_PER_BYTE -> metric.weighted();
          case F1, MACRO_F1, MATTHEWS_CORRELATION -> metric.ofClasses();
          case UNKNOWN -> false;
        };
    if (!fits) {
      throw yaml.wrong(
          KEY, "aggregation " + name + " does not fit " + metric.label() + "; leave it out");
    }
    return aggregation;
  }

  private Aggregation computed(FunctionReference reference) {
    String where = yaml.where(KEY);
    if (Helpers.find(where, reference) instanceof Helper.OfMetric(Aggregation aggregation)) {
      return aggregation;
    }
    throw yaml.wrong(KEY, reference + " is not an aggregation");
  }

  private TaskMetric asHarness(Metric metric) {
    return new TaskMetric(
        metric,
        metric.aggregation(),
        metric.direction(),
        metric.direction() instanceof Direction.Higher);
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
