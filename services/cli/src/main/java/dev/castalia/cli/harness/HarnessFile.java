package dev.castalia.cli.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.castalia.schemas.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A results file as it is written. Three forms are read: the early one ({@code
 * results.TASK.METRIC}, {@code METRIC_stderr}), that of GPT-NeoX's and BigScience's forks (a list
 * of prompts, {@code model_args} of GPT-NeoX), and today's ({@code "METRIC,FILTER"}, {@code
 * n-samples}, {@code n-shot}, groups).
 *
 * @param pretrained what was loaded, as the file's configuration has it; null where it does not say
 * @param revision of that; null where it does not say
 * @param step the training step, where the file says it as Castalia's exports do: model and
 *     revision are then Castalia's own names; else null
 * @param iteration the training step, where the configuration has it as GPT-NeoX does; else null
 * @param shots of all tasks; null where the file does not say
 * @param parameters of the model; null where the file does not say
 * @param training of the model, where the file says it as Castalia's exports do
 * @param names under which GPT-NeoX's configuration goes, which does not say what was loaded
 * @param leftOut what of it is in no task, and why, for people
 */
record HarnessFile(
    String pretrained,
    String revision,
    Long step,
    Long iteration,
    Integer shots,
    Long parameters,
    Training training,
    List<String> names,
    List<HarnessTask> tasks,
    List<String> leftOut) {

  /** As of {@code CheckpointPublished}; null what the file does not say. */
  record Training(String variant, Long seed, String language, String parent, Double learningRate) {}

  /** Larger files hold samples, or something else. */
  private static final long MAX_BYTES = 64L << 20;

  /** In how many groups, one in the other, a task may be. */
  private static final int MOST_GROUPS = 8;

  private static final String STDERR = "_stderr";

  /** Python writes NaN and Infinity. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /** Numbers among a task's metrics that are none. */
  private static final List<String> NO_METRICS = List.of("sample_len", "sample_count");

  static HarnessFile read(Path file) throws UnreadableResultsException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new UnreadableResultsException(
            "has %d bytes, where a results file has %d at most"
                .formatted(Files.size(file), MAX_BYTES));
      }
      return of(MAPPER.readTree(Files.readAllBytes(file)));
    } catch (JsonProcessingException e) {
      throw new UnreadableResultsException("is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UnreadableResultsException("cannot be read (" + e + ")", e);
    }
  }

  private static HarnessFile of(JsonNode root) throws UnreadableResultsException {
    List<String> leftOut = new ArrayList<>();
    List<HarnessTask> tasks = tasks(root, leftOut);
    if (tasks.isEmpty()) {
      throw new UnreadableResultsException(
          "holds no results of lm-evaluation-harness: there is no score under \"results\"");
    }
    JsonNode config = root.path("config");
    JsonNode given = config.has("model_args") ? config.path("model_args") : root.path("model_args");
    Map<String, String> arguments = arguments(given);
    String pretrained = arguments.get("pretrained");
    if (pretrained == null) {
      pretrained = text(root.path("model_name"));
    }
    String revision = arguments.get("revision");
    if (revision == null) {
      revision = text(config.path("model_revision"));
    }
    // 'castalia score' writes what was asked of it.
    int at = pretrained == null ? -1 : pretrained.indexOf('@', pretrained.lastIndexOf('/') + 1);
    if (at > 0 && revision == null) {
      revision = pretrained.substring(at + 1);
      pretrained = pretrained.substring(0, at);
    }
    return new HarnessFile(
        pretrained,
        revision,
        whole(config.path("model_step")),
        whole(given.path("iteration")),
        config.path("num_fewshot").isInt() ? config.path("num_fewshot").intValue() : null,
        config.path("model_num_parameters").asLong() > 0
            ? config.path("model_num_parameters").asLong()
            : null,
        training(config),
        names(given),
        tasks,
        leftOut);
  }

  private static Training training(JsonNode config) {
    JsonNode learningRate = config.path("model_learning_rate");
    return new Training(
        text(config.path("model_variant")),
        whole(config.path("model_seed")),
        text(config.path("model_language")),
        text(config.path("model_parent")),
        learningRate.isNumber() ? learningRate.doubleValue() : null);
  }

  private static List<String> names(JsonNode given) {
    List<String> names = new ArrayList<>();
    String prefix = text(given.path("eval_results_prefix"));
    if (prefix != null) {
      names.add(prefix);
    }
    given.path("config_files").properties().forEach(file -> names.add(file.getKey()));
    return names;
  }

  /** {@code a=1,b=2} as the command line has it, or an object; what is not a scalar is left out. */
  private static Map<String, String> arguments(JsonNode given) {
    Map<String, String> arguments = new LinkedHashMap<>();
    if (given.isTextual()) {
      for (String argument : given.textValue().split(",")) {
        int equals = argument.indexOf('=');
        if (equals > 0) {
          arguments.put(
              argument.substring(0, equals).strip(), argument.substring(equals + 1).strip());
        }
      }
    } else {
      given
          .properties()
          .forEach(
              argument -> {
                if (argument.getValue().isValueNode() && !argument.getValue().isNull()) {
                  arguments.put(argument.getKey(), argument.getValue().asText());
                }
              });
    }
    return arguments;
  }

  private static Long whole(JsonNode node) {
    return node.canConvertToLong() ? node.longValue() : null;
  }

  private static String text(JsonNode node) {
    return node.isTextual() && !node.textValue().isBlank() ? node.textValue() : null;
  }

  private static List<HarnessTask> tasks(JsonNode root, List<String> leftOut) {
    Map<String, JsonNode> found = new LinkedHashMap<>();
    JsonNode results = root.path("results");
    if (results.isArray()) {
      results.forEach(
          result ->
              found.put(
                  result.path("task_name").asText() + "+" + result.path("prompt_name").asText(),
                  result));
    } else if (results.isObject()) {
      results.properties().forEach(task -> found.put(task.getKey(), task.getValue()));
    } else {
      root.path("table_results")
          .properties()
          .forEach(task -> found.put(task.getKey(), task.getValue()));
    }
    root.path("groups")
        .properties()
        .forEach(group -> found.putIfAbsent(group.getKey(), group.getValue()));
    List<HarnessTask> tasks = new ArrayList<>();
    found.forEach(
        (name, result) -> {
          Map<String, HarnessTask.Score> scores = scores(result);
          if (name.isBlank() || scores.isEmpty()) {
            return;
          }
          SortedSet<Integer> shots = shots(root, name, 0);
          if (shots.size() > 1) {
            leftOut.add(
                "%s is left out, whose tasks are of %s shots"
                    .formatted(
                        name,
                        shots.stream().map(String::valueOf).collect(Collectors.joining(" and "))));
          } else {
            tasks.add(task(root, name, shots.isEmpty() ? null : shots.first(), scores));
          }
        });
    return tasks;
  }

  private static HarnessTask task(
      JsonNode root, String name, Integer shots, Map<String, HarnessTask.Score> scores) {
    JsonNode version = root.path("versions").path(name);
    Map<String, Boolean> higherIsBetter = new LinkedHashMap<>();
    root.path("higher_is_better")
        .path(name)
        .properties()
        .forEach(
            metric -> {
              if (metric.getValue().isBoolean()) {
                higherIsBetter.put(metric.getKey(), metric.getValue().booleanValue());
              }
            });
    Integer documents = samples(root, name, "effective", 0);
    Integer ofDocuments = samples(root, name, "original", 0);
    return new HarnessTask(
        Keys.keyable(name),
        version.isValueNode() && !version.isNull() ? version.asText() : "",
        shots,
        documents,
        documents == null || ofDocuments == null || ofDocuments < documents ? null : ofDocuments,
        groups(root, name),
        higherIsBetter,
        scores);
  }

  /** Of a group for which the file gives none, those of its tasks. */
  private static SortedSet<Integer> shots(JsonNode root, String name, int depth) {
    SortedSet<Integer> found = new TreeSet<>();
    JsonNode shots = root.path("n-shot").path(name);
    if (shots.isInt()) {
      found.add(shots.intValue());
    } else if (depth <= MOST_GROUPS) {
      for (JsonNode subtask : root.path("group_subtasks").path(name)) {
        found.addAll(shots(root, subtask.asText(), depth + 1));
      }
    }
    return found;
  }

  /**
   * Documents, of a group those of its tasks.
   *
   * @param which the effective ones, which were scored, or the original ones, which there are
   */
  private static Integer samples(JsonNode root, String name, String which, int depth) {
    JsonNode samples = root.path("n-samples").path(name).path(which);
    if (samples.isInt()) {
      return samples.intValue();
    }
    JsonNode subtasks = root.path("group_subtasks").path(name);
    if (subtasks.isEmpty() || depth > MOST_GROUPS) {
      return null;
    }
    int sum = 0;
    for (JsonNode subtask : subtasks) {
      Integer documents = samples(root, subtask.asText(), which, depth + 1);
      if (documents == null) {
        return null;
      }
      sum += documents;
    }
    return sum;
  }

  private static List<String> groups(JsonNode root, String name) {
    List<String> groups = new ArrayList<>();
    root.path("group_subtasks")
        .properties()
        .forEach(
            group -> {
              for (JsonNode subtask : group.getValue()) {
                if (subtask.asText().equals(name)) {
                  groups.add(Keys.keyable(group.getKey()));
                }
              }
            });
    return groups;
  }

  private static Map<String, HarnessTask.Score> scores(JsonNode result) {
    Map<String, HarnessTask.Score> scores = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : result.properties()) {
      String name = field.getKey();
      int comma = name.indexOf(',');
      String metric = comma < 0 ? name : name.substring(0, comma);
      String filter = comma < 0 ? "" : name.substring(comma);
      JsonNode value = field.getValue();
      JsonNode stderr = result.path(metric + STDERR + filter);
      // Castalia writes null for what is not finite.
      boolean isScore = value.isNumber() || value.isNull() && !stderr.isMissingNode();
      if (isScore && !metric.endsWith(STDERR) && !NO_METRICS.contains(metric)) {
        scores.put(
            Keys.keyable(filter.equals(",none") ? metric : name),
            new HarnessTask.Score(
                value.isNull() ? Double.NaN : value.doubleValue(),
                stderr.isNumber() && Double.isFinite(stderr.doubleValue())
                    ? stderr.doubleValue()
                    : null));
      }
    }
    return scores;
  }
}
