package dev.castalia.topology.intake;

import dev.castalia.events.Aggregation;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.MetricValues;
import dev.castalia.events.RetryRequested;
import dev.castalia.events.ScoreReported;
import dev.castalia.events.SliceScored;
import dev.castalia.events.SweepCancelled;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.events.TaskRegistered;
import dev.castalia.events.UnitId;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.PlainText;
import dev.castalia.schemas.Slices;
import dev.castalia.schemas.Source;
import dev.castalia.topology.Bounds;
import dev.castalia.topology.ScoreOrder;
import dev.castalia.topology.Slicing;
import dev.castalia.topology.SweepCoverage;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** What must hold of an event beyond its schema, and which key it belongs under. */
public final class EventRules {

  /** More are the sign of a slip, and a request's deadline would lie beyond all times. */
  private static final double MOST_MEAN_TOKENS = 1e9;

  private static final long MOST_PARAMETERS = 1_000_000_000_000_000L;

  /** Patterns of a sweep: every checkpoint is held against each. */
  private static final int MOST_PATTERNS = 1000;

  /** Two names, with an @ between them. */
  private static final int LONGEST_PATTERN = 401;

  private static final int LONGEST_STEPS = 10_000;

  private EventRules() {}

  /**
   * The key that the event must have; null for one that may have any.
   *
   * @throws IllegalArgumentException if the event breaks a rule; the message says which, with what
   *     value
   */
  public static String check(SpecificRecord event) {
    return switch (event) {
      case TaskRegistered task -> check(task);
      case CheckpointPublished checkpoint -> check(checkpoint);
      case SweepRequested sweep -> check(sweep);
      case SweepCancelled sweep -> Keys.requireName("sweep", sweep.getSweep());
      case SliceScored score -> check(score);
      case ScoreReported score -> check(score);
      case EvaluationFailed failure -> check(failure);
      case RetryRequested retry -> check(retry);
      default ->
          throw new IllegalArgumentException(
              event.getSchema().getFullName() + " is not an input of the topology");
    };
  }

  /**
   * That the event keeps the rules, and lies under the key that it must have.
   *
   * @param key null where the record has none
   * @throws IllegalArgumentException if it does not; the message says what is wrong, with what
   *     value
   */
  public static void check(String key, SpecificRecord event) {
    String expected = check(event);
    if (expected != null && !expected.equals(key)) {
      throw new IllegalArgumentException(
          "the key is \"" + key + "\" but the value's is \"" + expected + "\"");
    }
  }

  private static String check(TaskRegistered task) {
    Keys.requireName("task", task.getTask());
    Keys.requireName("task version", task.getVersion());
    require(task.getDocuments() >= 1, "documents", task.getDocuments(), "at least 1");
    require(
        task.getSliceDocuments() >= 1, "sliceDocuments", task.getSliceDocuments(), "at least 1");
    require(
        Slicing.count(task) <= Slices.MOST,
        "sliceDocuments",
        task.getSliceDocuments(),
        "so many that %d documents are %d slices at most"
            .formatted(task.getDocuments(), Slices.MOST));
    require(
        task.getMeanTokens() > 0 && task.getMeanTokens() <= MOST_MEAN_TOKENS,
        "meanTokens",
        task.getMeanTokens(),
        "above 0 and at most " + MOST_MEAN_TOKENS);
    require(task.getShots() >= 0, "shots", task.getShots(), "at least 0");
    checkLabels(task.getLanguage(), task.getTags());
    requireText("outputType", task.getOutputType(), Bounds.TEXT);
    requireText("location", task.getLocation(), Bounds.TASK_LOCATION);
    require(!task.getMetrics().isEmpty(), "metrics", task.getMetrics(), "at least one");
    requireCount("metrics", task.getMetrics(), Bounds.METRICS);
    for (MetricSpec metric : task.getMetrics()) {
      check(metric);
      require(
          metric.getAggregation() != Aggregation.UNKNOWN,
          metric.getMetric() + " aggregation",
          metric.getAggregation(),
          "one that this Castalia knows: upgrade it where a newer one wrote this");
    }
    return task.getTask();
  }

  /** What a task's text is, and which groups it is in. */
  private static void checkLabels(String language, List<String> tags) {
    requireText("language", language, Bounds.TEXT);
    requireCount("tags", tags, Bounds.TAGS);
    tags.forEach(tag -> Keys.requireName("tag", tag));
  }

  private static void check(MetricSpec metric) {
    Keys.requireName("metric", metric.getMetric());
    ScoreOrder.of(metric);
    requireFinite(metric.getMetric() + " target", metric.getTarget());
    requireFinite(metric.getMetric() + " chance", metric.getChance());
  }

  private static String check(CheckpointPublished checkpoint) {
    Keys.requireName("model", checkpoint.getModel());
    Keys.requireName("revision", checkpoint.getRevision());
    require(checkpoint.getStep() >= 0, "step", checkpoint.getStep(), "at least 0");
    require(
        checkpoint.getTokensSeen() >= 0, "tokensSeen", checkpoint.getTokensSeen(), "at least 0");
    require(
        checkpoint.getParameters() >= 1 && checkpoint.getParameters() <= MOST_PARAMETERS,
        "parameters",
        checkpoint.getParameters(),
        "at least 1 and at most " + MOST_PARAMETERS);
    Keys.requireName("variant", checkpoint.getVariant());
    requireText("language", checkpoint.getLanguage(), Bounds.TEXT);
    requireText("tokenizer", checkpoint.getTokenizer(), Bounds.LOCATION);
    requireText("location", checkpoint.getLocation(), Bounds.LOCATION);
    if (checkpoint.getSuite() != null) {
      Keys.requireName("suite", checkpoint.getSuite());
    }
    if (checkpoint.getParent() != null) {
      requireCheckpoint("parent", checkpoint.getParent());
    }
    if (checkpoint.getContentHash() != null) {
      Keys.requireName("contentHash", checkpoint.getContentHash());
    }
    return Keys.of(checkpoint);
  }

  private static String check(SweepRequested sweep) {
    Keys.requireName("sweep", sweep.getSweep());
    require(!sweep.getTasks().isEmpty(), "tasks", sweep.getTasks(), "at least one");
    for (SweepTask task : sweep.getTasks()) {
      Keys.requireName("task", task.getTask());
      Integer shots = task.getShots();
      require(shots == null || shots >= 0, "shots", shots, "at least 0, or null");
    }
    Keys.requireName("dtype", sweep.getDtype());
    requireCount("models", sweep.getModels(), MOST_PATTERNS);
    for (String pattern : sweep.getModels()) {
      requireLength("a model's pattern", pattern, LONGEST_PATTERN);
    }
    int stepsLength = sweep.getSteps().length();
    require(
        stepsLength <= LONGEST_STEPS,
        "the length of steps",
        stepsLength,
        "at most " + LONGEST_STEPS + ": A..B or every:N name many");
    SweepCoverage.of(sweep);
    return sweep.getSweep();
  }

  private static String check(SliceScored score) {
    check(score.getUnit());
    requireText("fingerprint", score.getFingerprint(), Bounds.TEXT);
    require(!score.getMetrics().isEmpty(), "metrics", score.getMetrics(), "at least one");
    requireCount("metrics", score.getMetrics(), Bounds.METRICS);
    int documents = score.getUnit().getEnd() - score.getUnit().getStart();
    for (MetricValues metric : score.getMetrics()) {
      int values = metric.getValues().size();
      int weights = metric.getWeights().size();
      require(
          values == documents,
          metric.getMetric() + " values",
          values,
          "one for each of the slice's " + documents + " documents");
      require(
          weights == 0 || weights == values,
          metric.getMetric() + " weights",
          weights,
          "none, or one a value");
    }
    return Keys.of(score.getUnit());
  }

  private static String check(ScoreReported score) {
    check(score.getCheckpoint());
    Keys.requireName("task", score.getTask());
    Keys.requireName("source", score.getSource());
    require(
        !score.getSource().equals(Source.OWN),
        "source",
        score.getSource(),
        "the name of whoever measured it: by that one Castalia's own scores are asked for");
    requireText("version", score.getVersion(), Bounds.TEXT);
    checkLabels(score.getLanguage(), score.getTags());
    check(score.getMetric());
    require(score.getShots() >= 0, "shots", score.getShots(), "at least 0");
    Integer documents = score.getDocuments();
    require(documents == null || documents >= 1, "documents", documents, "at least 1, or null");
    Integer ofDocuments = score.getOfDocuments();
    require(
        ofDocuments == null || documents != null && ofDocuments >= documents,
        "ofDocuments",
        ofDocuments,
        "no fewer than documents, or null");
    Double stderr = score.getStderr();
    require(
        stderr == null || stderr >= 0 && Double.isFinite(stderr),
        "stderr",
        stderr,
        "finite and at least 0, or null");
    return Keys.of(score);
  }

  private static String check(EvaluationFailed failure) {
    if (failure.getUnit() == null) {
      return null;
    }
    check(failure.getUnit());
    return Keys.of(failure.getUnit());
  }

  private static String check(RetryRequested retry) {
    check(retry.getUnit());
    return Keys.of(retry.getUnit());
  }

  private static void check(UnitId unit) {
    requireCheckpoint("checkpoint", unit.getCheckpoint());
    Keys.requireName("task", unit.getTask());
    Keys.requireName("task version", unit.getVersion());
    Keys.requireName("dtype", unit.getDtype());
    require(unit.getShots() >= 0, "shots", unit.getShots(), "at least 0");
    require(unit.getStart() >= 0, "start", unit.getStart(), "at least 0");
    require(unit.getEnd() > unit.getStart(), "end", unit.getEnd(), "above start");
  }

  /** model@revision, of which both are names. */
  private static void requireCheckpoint(String field, String checkpoint) {
    String model = Keys.model(checkpoint);
    Keys.requireName("model of " + field, model);
    Keys.requireName("revision of " + field, checkpoint.substring(model.length() + 1));
  }

  private static void requireText(String field, String text, int most) {
    requireLength(field, text, most);
    require(PlainText.isLine(text), field, text, "without control characters");
  }

  private static void requireLength(String field, String text, int most) {
    require(text.length() <= most, "the length of " + field, text.length(), "at most " + most);
  }

  private static void requireCount(String field, List<?> items, int most) {
    require(items.size() <= most, "the number of " + field, items.size(), "at most " + most);
  }

  private static void requireFinite(String field, Double number) {
    require(number == null || Double.isFinite(number), field, number, "a finite number, or null");
  }

  private static void require(boolean holds, String field, Object value, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(field + " is " + value + " but must be " + rule);
    }
  }
}
