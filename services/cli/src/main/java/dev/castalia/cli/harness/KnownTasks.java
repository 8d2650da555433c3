package dev.castalia.cli.harness;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.cli.gateway.MetricEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What results files do not say of tasks and metrics: which values are good and what guessing
 * gives. From {@code tasks.json}; what is not in there is unknown. For one thread.
 */
final class KnownTasks {

  private record Metric(String aggregation, String direction, Double target, Double chance) {}

  private record Task(
      String match, Map<String, Double> chance, List<String> groups, Integer documents) {}

  private record Document(Map<String, Metric> metrics, List<Task> tasks) {}

  private static final Metric UNKNOWN = new Metric("UNKNOWN", "UNKNOWN", null, null);

  private final Map<String, Metric> metrics;
  private final List<Task> tasks;
  private final List<Pattern> patterns = new ArrayList<>();

  /** What was looked up before: hundreds of files are of the same tasks. */
  private final Map<String, List<Task>> found = new HashMap<>();

  private KnownTasks(Document document) {
    this.metrics = document.metrics();
    this.tasks = document.tasks();
    tasks.forEach(task -> patterns.add(Pattern.compile(task.match())));
  }

  static KnownTasks load() {
    try (InputStream in = KnownTasks.class.getResourceAsStream("tasks.json")) {
      return new KnownTasks(new ObjectMapper().readValue(in, Document.class));
    } catch (IOException e) {
      throw new UncheckedIOException("tasks.json of this package cannot be read", e);
    }
  }

  MetricEntry metric(HarnessTask task, String name) {
    int filter = name.indexOf(',');
    String metric = filter < 0 ? name : name.substring(0, filter);
    Metric known = metrics.getOrDefault(metric, UNKNOWN);
    String direction = known.direction();
    Boolean higher = task.higherIsBetter().get(metric);
    if (direction.equals("UNKNOWN") && higher != null) {
      direction = higher ? "HIGHER" : "LOWER";
    }
    Double chance = known.chance();
    for (Task entry : of(task.task())) {
      if (entry.chance() != null && entry.chance().containsKey(metric)) {
        chance = entry.chance().get(metric);
        break;
      }
    }
    return new MetricEntry(name, known.aggregation(), direction, known.target(), chance);
  }

  List<String> groups(HarnessTask task) {
    Set<String> groups = new LinkedHashSet<>(task.groups());
    of(task.task()).stream()
        .filter(entry -> entry.groups() != null)
        .forEach(entry -> groups.addAll(entry.groups()));
    return List.copyOf(groups);
  }

  /**
   * How many documents were scored: as the file says, else what the standard error of a proportion
   * tells, else what the task is known to have; null when nothing does.
   */
  Integer documents(HarnessTask task) {
    if (task.documents() != null) {
      return task.documents();
    }
    for (Map.Entry<String, HarnessTask.Score> score : task.scores().entrySet()) {
      Metric known = metrics.getOrDefault(score.getKey(), UNKNOWN);
      if (known.aggregation().equals("MEAN")) {
        Integer documents = ofProportion(score.getValue());
        if (documents != null) {
          return documents;
        }
      }
    }
    return of(task.task()).stream()
        .map(Task::documents)
        .filter(documents -> documents != null)
        .findFirst()
        .orElse(null);
  }

  /**
   * The n of a proportion p = k/n whose standard error is √(p(1−p)/(n−1)), the harness's; null
   * where the two do not give whole n and k, and so are not of a proportion.
   */
  static Integer ofProportion(HarnessTask.Score score) {
    double p = score.value();
    if (score.stderr() == null || !(score.stderr() > 0) || !(p > 0 && p < 1)) {
      return null;
    }
    double n = p * (1 - p) / (score.stderr() * score.stderr()) + 1;
    double k = p * Math.rint(n);
    boolean whole =
        n < 1e7
            && Math.abs(n - Math.rint(n)) < 1e-6 * n
            && Math.abs(k - Math.rint(k)) < 1e-6 * Math.max(1, k);
    return whole ? (int) Math.rint(n) : null;
  }

  private List<Task> of(String task) {
    return found.computeIfAbsent(task, this::find);
  }

  private List<Task> find(String task) {
    List<Task> matching = new ArrayList<>();
    for (int i = 0; i < patterns.size(); i++) {
      if (patterns.get(i).matcher(task).matches()) {
        matching.add(tasks.get(i));
      }
    }
    return matching;
  }
}
