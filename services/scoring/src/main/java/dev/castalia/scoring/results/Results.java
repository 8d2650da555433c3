package dev.castalia.scoring.results;

import dev.castalia.scoring.metric.Metric;
import dev.castalia.scoring.metric.StandardError;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.score.EncodedTask;
import dev.castalia.scoring.score.MetricValues;
import dev.castalia.scoring.score.Observation;
import dev.castalia.scoring.task.Item;
import dev.castalia.scoring.task.Task;
import dev.castalia.scoring.task.TaskGroup;
import dev.castalia.scoring.task.helper.FunctionReference;
import dev.castalia.scoring.template.PythonText;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One run's results, written as lm-evaluation-harness 0.4 writes them: {@code
 * <output>/<model>/results_<time>.json} and, if wanted, {@code samples_<task>_<time>.jsonl}.
 *
 * @param model what was scored, as its user named it; a path or model@revision
 * @param fingerprint of the weights
 * @param options how the model was run
 * @param started when the run began
 * @param opening how long it took to load the model; part of {@code took}
 * @param took how long it ran
 * @param groups that were asked for and those within them, children before parents
 */
public record Results(
    String model,
    String fingerprint,
    ModelOptions options,
    LocalDateTime started,
    Duration opening,
    Duration took,
    List<TaskResult> tasks,
    List<TaskGroup> groups) {

  private static final Pattern UNSAFE = Pattern.compile("[\"<>:/|\\\\?*\\[\\]]+");
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSSSSS");
  private static final String NOT_AVAILABLE = "N/A";
  private static final String FILTER = ",none";
  private static final int BOOTSTRAP_ITERATIONS = 100_000;

  /** A name as it stands in the harness' paths; two names may become one. */
  public static String fileName(String name) {
    return UNSAFE.matcher(name).replaceAll("__");
  }

  /**
   * Writes the results, and then the samples if asked. Each file appears whole or not at all.
   *
   * @param content of these results
   * @return the results file
   */
  public Path write(Content content, Path output, boolean logSamples) throws IOException {
    Path folder = output.resolve(fileName(model));
    Files.createDirectories(folder);
    String time = started.plus(took).format(ISO);
    Path file = folder.resolve("results_" + time + ".json");
    writeWhole(file, out -> out.write(PythonJson.indented(content.map)));
    if (logSamples) {
      for (TaskResult result : tasks) {
        String name = fileName(result.task().task().name());
        writeWhole(
            folder.resolve("samples_" + name + "_" + time + ".jsonl"),
            out -> writeSamples(result, out));
      }
    }
    return file;
  }

  /** The results file's content. */
  public record Content(Map<String, Object> map) {

    /** The metrics in the order of the file: of tasks, then of groups that have their own. */
    public List<Row> rows() {
      List<Row> rows = new ArrayList<>();
      part("results")
          .forEach((name, metrics) -> metrics(name.toString(), (Map<?, ?>) metrics, rows));
      return rows;
    }

    private void metrics(String name, Map<?, ?> metrics, List<Row> rows) {
      metrics.forEach(
          (key, value) -> {
            int comma = key.toString().indexOf(',');
            if (comma > 0 && value instanceof Double number) {
              String metric = key.toString().substring(0, comma);
              Object error = metrics.get(metric + "_stderr" + key.toString().substring(comma));
              if (error != null) {
                rows.add(
                    new Row(
                        name,
                        (Integer) part("n-shot").get(name),
                        (int) metrics.get("sample_len"),
                        metric,
                        number,
                        error instanceof Double known ? known : Double.NaN));
              }
            }
          });
    }

    private Map<?, ?> part(String key) {
      return (Map<?, ?>) map.get(key);
    }
  }

  /**
   * A metric as it stands in the file.
   *
   * @param name of a task or group
   * @param shots null where tasks of the group differ in it
   * @param standardError NaN where the file says "N/A"
   */
  public record Row(
      String name,
      Integer shots,
      int documents,
      String metric,
      double value,
      double standardError) {}

  /** Computes what the file is to say. */
  public Content content() {
    Map<String, Object> results = new LinkedHashMap<>();
    Map<String, Map<String, Object>> metrics = byTask(Results::metrics);
    GroupResults grouped = new GroupResults(groups, metrics);
    metrics.putAll(grouped.metrics());
    results.put("results", metrics);
    if (!grouped.aggregated().isEmpty()) {
      results.put("groups", grouped.aggregated());
    }
    results.put("group_subtasks", grouped.children());
    results.put("configs", new TreeMap<>(byTask(Results::config)));
    Map<String, Object> versions =
        new TreeMap<>(byTask(result -> result.task().task().authorsVersion()));
    groups.forEach(group -> versions.put(group.name(), group.version()));
    results.put("versions", versions);
    results.put(
        "n-shot", new TreeMap<>(grouped.withShots(byTask(result -> result.task().shots()))));
    results.put(
        "higher_is_better", new TreeMap<>(grouped.withDirections(byTask(Results::higherIsBetter))));
    results.put(
        "n-samples",
        byTask(result -> samples(result.task().available(), result.scores().documents())));
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model", "castalia");
    config.put("model_args", "pretrained=" + model);
    config.put("model_sha256", fingerprint);
    config.put("model_dtype", options.precision().dtype());
    config.put("device", options.device().toString());
    config.put("bootstrap_iters", BOOTSTRAP_ITERATIONS);
    config.put("fewshot_seed", 1234);
    results.put("config", config);
    results.put("date", started.atZone(ZoneId.systemDefault()).toEpochSecond());
    results.put("task_hashes", Map.of());
    results.put("task_fingerprints", byTask(result -> result.task().task().version()));
    results.put("model_source", "castalia");
    results.put("model_name", model);
    results.put("model_name_sanitized", fileName(model));
    results.put("total_evaluation_time_seconds", String.valueOf(took.toNanos() / 1e9));
    Map<String, Object> speed = new LinkedHashMap<>();
    speed.put("opening_seconds", opening.toNanos() / 1e9);
    speed.put("task_seconds", byTask(TaskResult::seconds));
    speed.put("task_tokens", byTask(result -> result.scores().tokens()));
    results.put("speed", speed);
    return new Content(results);
  }

  private static Map<String, Integer> samples(int original, int effective) {
    Map<String, Integer> samples = new LinkedHashMap<>();
    samples.put("original", original);
    samples.put("effective", effective);
    return samples;
  }

  private <T> Map<String, T> byTask(Function<TaskResult, T> value) {
    Map<String, T> map = new LinkedHashMap<>();
    tasks.forEach(result -> map.put(result.task().task().name(), value.apply(result)));
    return map;
  }

  private static Map<String, Object> metrics(TaskResult result) {
    Task task = result.task().task();
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("name", task.name());
    metrics.put("alias", task.definition().getOrDefault("task_alias", task.name()));
    metrics.put("sample_len", result.scores().documents());
    for (MetricValues values : result.scores().metrics()) {
      OptionalDouble error =
          StandardError.of(values.metric().aggregation(), values.values(), values.weights());
      metrics.put(values.metric().name() + FILTER, values.value());
      metrics.put(
          values.metric().name() + "_stderr" + FILTER,
          error.isPresent() ? (Object) error.getAsDouble() : NOT_AVAILABLE);
    }
    return metrics;
  }

  private static Map<String, Object> config(TaskResult result) {
    Map<String, Object> config = new LinkedHashMap<>();
    result.task().task().definition().forEach((key, value) -> config.put(key, written(value)));
    // What says where the task belongs is not of its configuration.
    config.keySet().removeAll(Set.of("tag", "group", "task_list"));
    config.values().removeIf(Objects::isNull);
    config.put("num_fewshot", result.task().shots());
    return config;
  }

  /** Functions by their name. */
  private static Object written(Object value) {
    return switch (value) {
      case FunctionReference reference -> reference.toString();
      case List<?> list -> list.stream().map(Results::written).toList();
      case Map<?, ?> map -> {
        Map<Object, Object> copy = new LinkedHashMap<>();
        map.forEach((key, item) -> copy.put(key, written(item)));
        yield copy;
      }
      case null, default -> value;
    };
  }

  private static Map<String, Boolean> higherIsBetter(TaskResult result) {
    Map<String, Boolean> higher = new LinkedHashMap<>();
    result
        .task()
        .task()
        .metrics()
        .forEach(metric -> higher.put(metric.name(), metric.higherIsBetter()));
    return higher;
  }

  /** One by one: with their few-shot examples they may be many times as large as the task. */
  private static void writeSamples(TaskResult result, Writer out) throws IOException {
    EncodedTask encoded = result.task();
    List<Item> items = encoded.task().items(encoded.shots());
    List<Observation> observations = result.scores().observations();
    for (int i = 0; i < observations.size(); i++) {
      Map<String, Object> sample = sample(result, i, items.get(observations.get(i).document()));
      out.write(PythonJson.line(sample));
      out.write('\n');
    }
  }

  private static Map<String, Object> sample(TaskResult result, int index, Item item) {
    Observation seen = result.scores().observations().get(index);
    Map<String, Object> document = result.task().task().document(seen.document());
    List<List<String>> arguments = arguments(item);
    String target = target(result.task().task(), seen, item);
    List<?> responses =
        seen.responses().stream().map(response -> response(item, response)).toList();
    Map<String, Object> sample = new LinkedHashMap<>();
    sample.put("doc_id", seen.document());
    sample.put("doc", document);
    sample.put("target", target);
    sample.put("arguments", named(arguments));
    sample.put("resps", responses.stream().map(List::of).toList());
    sample.put("filtered_resps", responses);
    sample.put("filter", "none");
    sample.put(
        "metrics",
        result.scores().metrics().stream().map(values -> values.metric().name()).toList());
    sample.put("doc_hash", sha256(PythonJson.indented(document)));
    sample.put("prompt_hash", sha256(arguments.getFirst().getFirst()));
    sample.put("target_hash", sha256(target));
    for (MetricValues values : result.scores().metrics()) {
      sample.put(values.metric().name(), value(values, index));
    }
    return sample;
  }

  /** As the harness's {@code process_results} gives it. */
  private static Object value(MetricValues values, int index) {
    double value = values.values()[index];
    Metric metric = values.metric().metric();
    if (metric.ofClasses()) {
      return List.of((long) values.weights()[index], (long) value);
    }
    return values.weights().length == 0
        ? (Object) value
        : List.of(value, (long) values.weights()[index]);
  }

  private static Object response(Item item, Observation.Response response) {
    String likelihood = PythonText.repr(response.logLikelihood());
    return item instanceof Item.Text
        ? likelihood
        : List.of(likelihood, response.greedy() ? "True" : "False");
  }

  private static List<List<String>> arguments(Item item) {
    return switch (item) {
      case Item.Choices choices ->
          choices.pairs().stream()
              .map(pair -> List.of(pair.context(), pair.continuation()))
              .toList();
      case Item.Continuation(Item.Pair pair) ->
          List.of(List.of(pair.context(), pair.continuation()));
      case Item.Text text -> List.of(List.of(text.text()));
      case Item.Memory(String text) -> List.of(List.of(text));
      case Item.Sequence(var tokens) -> List.of(List.of(tokens.toString()));
    };
  }

  private static Map<String, Map<String, String>> named(List<List<String>> arguments) {
    Map<String, Map<String, String>> named = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      Map<String, String> one = new LinkedHashMap<>();
      for (int j = 0; j < arguments.get(i).size(); j++) {
        one.put("arg_" + j, arguments.get(i).get(j));
      }
      named.put("gen_args_" + i, one);
    }
    return named;
  }

  private static String target(Task task, Observation seen, Item item) {
    return item instanceof Item.Memory || item instanceof Item.Sequence
        ? ""
        : task.target(seen.document());
  }

  /** What a file is to hold. */
  private interface Lines {
    void write(Writer out) throws IOException;
  }

  private static void writeWhole(Path file, Lines content) throws IOException {
    Path partial = file.resolveSibling("." + file.getFileName() + ".partial");
    try (Writer out = Files.newBufferedWriter(partial)) {
      content.write(out);
    }
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
