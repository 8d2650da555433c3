package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.task.TaskGroup.Aggregate;
import dev.castalia.scoring.task.TaskIndex.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The tasks and groups that names of a folder mean.
 *
 * @param tasks each once, in the order they were named in
 * @param groups the outermost ones
 * @param errors why some of what was asked for is not among the tasks
 */
public record TaskSelection(
    List<TaskDefinition> tasks, List<TaskGroup> groups, List<TaskException> errors) {

  /** All the groups, children before parents. */
  public List<TaskGroup> allGroups() {
    Map<String, TaskGroup> all = new LinkedHashMap<>();
    groups.forEach(group -> group.bottomUp().forEach(it -> all.putIfAbsent(it.name(), it)));
    return List.copyOf(all.values());
  }

  static final class Builder {

    private static final Set<String> GROUP_KEYS =
        Set.of("group", "group_alias", "task", "aggregate_metric_list", "metadata");

    private final TaskIndex index;
    private final Map<String, TaskDefinition> tasks = new LinkedHashMap<>();
    private final Map<String, TaskGroup> groups = new LinkedHashMap<>();
    private final List<TaskException> errors = new ArrayList<>();

    Builder(TaskIndex index) {
      this.index = index;
    }

    void add(String name, Entry entry) {
      switch (entry) {
        case Entry.OfTask(Path file) -> task(new TaskDefinition(name, file, Map.of(), false));
        case Entry.OfTag(var members) ->
            members.forEach(member -> add(member, index.get(member).orElseThrow()));
        case Entry.OfGroup(Path file) -> outermost(name, file);
      }
    }

    /** A file that need not be in the folder. */
    void add(Path file) {
      Map<String, Object> values = YamlFile.load(file);
      if (values.get("group") != null) {
        outermost(values.get("group").toString(), file);
      } else if (values.get("task") instanceof String name) {
        task(new TaskDefinition(name, file, Map.of(), false));
      } else {
        throw new TaskException(
            file + ": neither a task nor a group; name it with task: or group:");
      }
    }

    TaskSelection build() {
      Set<String> inner = new LinkedHashSet<>();
      groups.values().forEach(group -> inner.addAll(group.children()));
      return new TaskSelection(
          List.copyOf(tasks.values()),
          groups.values().stream().filter(group -> !inner.contains(group.name())).toList(),
          List.copyOf(errors));
    }

    private void outermost(String name, Path file) {
      try {
        groups.putIfAbsent(
            name, new Group(name, file, YamlFile.load(file)).build(Map.of(), Set.of()));
      } catch (TaskException e) {
        errors.add(e);
      }
    }

    private void task(TaskDefinition task) {
      TaskDefinition other = tasks.putIfAbsent(task.name(), task);
      if (other != null && !other.equals(task)) {
        errors.add(
            new TaskException(
                "task '%s' is asked for twice, by %s with %s and by %s with %s; ask for one at a time"
                    .formatted(
                        task.name(),
                        other.file(),
                        other.overrides(),
                        task.file(),
                        task.overrides())));
      }
    }

    /** One group on its way to being read, with all it contains. */
    private final class Group {

      private final String name;
      private final Path file;
      private final Map<String, Object> values;
      private final List<TaskGroup> inner = new ArrayList<>();
      private final Set<String> children = new LinkedHashSet<>();
      private final Set<String> leaves = new LinkedHashSet<>();

      Group(String name, Path file, Map<String, Object> values) {
        this.name = name;
        this.file = file;
        this.values = values;
      }

      TaskGroup build(Map<String, Object> inherited, Set<String> within) {
        if (within.contains(name)) {
          throw wrong("task", "the group contains itself, through " + within);
        }
        Set<String> path = new LinkedHashSet<>(within);
        path.add(name);
        Map<String, Object> overrides = new LinkedHashMap<>(values);
        overrides.keySet().removeAll(GROUP_KEYS);
        overrides.putAll(inherited);
        for (Object member : list(values.get("task"))) {
          try {
            member(member, overrides, path);
          } catch (TaskException e) {
            errors.add(e);
          }
        }
        Map<String, Object> metadata =
            values.get("metadata") instanceof Map<?, ?> map
                ? YamlFile.stringKeys(where("metadata"), map)
                : Map.of();
        return new TaskGroup(
            name,
            String.valueOf(Objects.requireNonNullElse(values.get("group_alias"), name)),
            String.valueOf(metadata.getOrDefault("version", "N/A")),
            list(values.get("aggregate_metric_list")).stream().map(this::aggregate).toList(),
            inner,
            List.copyOf(children),
            List.copyOf(leaves));
      }

      private void member(Object member, Map<String, Object> overrides, Set<String> path) {
        if (member instanceof String reference) {
          reference(reference, overrides, path);
          return;
        }
        Map<String, Object> own = YamlFile.stringKeys(where("task"), member);
        Map<String, Object> merged = new LinkedHashMap<>(overrides);
        merged.putAll(own);
        if (own.get("group") != null) {
          String group = own.get("group").toString();
          if (index.get(group).isPresent()) {
            merged.keySet().removeAll(GROUP_KEYS);
            reference(group, merged, path);
          } else {
            inner(new Group(name + "::" + group, file, own).build(overrides, path));
          }
        } else if (own.get("task") instanceof String task) {
          if (index.get(task).isPresent()) {
            merged.remove("task");
            reference(task, merged, path);
          } else {
            String inline = name + "::" + task;
            merged.put("task", inline);
            leaf(new TaskDefinition(inline, file, merged, true));
          }
        } else {
          throw wrong("task", "a member names neither a task nor a group: " + member);
        }
      }

      private void reference(String member, Map<String, Object> overrides, Set<String> path) {
        switch (index.get(member).orElse(null)) {
          case null ->
              throw wrong(
                  "task", "'" + member + "' is neither a task, a group nor a tag that is known");
          case Entry.OfTask(Path of) -> leaf(new TaskDefinition(member, of, overrides, false));
          case Entry.OfTag(var tasks) -> tasks.forEach(task -> reference(task, overrides, path));
          case Entry.OfGroup(Path of) ->
              inner(new Group(member, of, YamlFile.load(of)).build(overrides, path));
        }
      }

      private void inner(TaskGroup group) {
        inner.add(group);
        children.add(group.name());
        leaves.addAll(group.tasks());
      }

      private void leaf(TaskDefinition task) {
        task(task);
        children.add(task.name());
        leaves.add(task.name());
      }

      private Aggregate aggregate(Object value) {
        Map<String, Object> entry = YamlFile.stringKeys(where("aggregate_metric_list"), value);
        Object aggregation = entry.getOrDefault("aggregation", "mean");
        if (!(entry.get("metric") instanceof String metric)) {
          throw wrong("aggregate_metric_list", "an entry has no metric: " + entry);
        }
        if (!aggregation.equals("mean")) {
          throw wrong(
              "aggregate_metric_list", "aggregation " + aggregation + " is unknown; known: mean");
        }
        return new Aggregate(
            metric,
            list(entry.get("filter_list")).stream().map(String::valueOf).toList(),
            !Boolean.FALSE.equals(entry.get("weight_by_size")));
      }

      private static List<?> list(Object value) {
        return value == null ? List.of() : value instanceof List<?> list ? list : List.of(value);
      }

      private String where(String key) {
        return file + ": " + key;
      }

      private TaskException wrong(String key, String what) {
        return new TaskException(where(key) + ": " + what);
      }
    }
  }
}
