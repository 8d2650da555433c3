package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.source.Roots;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * One task file of lm-evaluation-harness, as keys and values. What it says is either understood,
 * known not to change a score, or an error: nothing is passed over in silence.
 */
final class TaskYaml {

  /** Understood. */
  private static final Set<String> READ =
      Set.of(
          "task",
          "tag",
          "dataset_path",
          "dataset_name",
          "dataset_kwargs",
          "process_docs",
          "process_results",
          "gen_prefix",
          "training_split",
          "validation_split",
          "test_split",
          "fewshot_split",
          "fewshot_config",
          "num_fewshot",
          "output_type",
          "doc_to_text",
          "doc_to_target",
          "doc_to_choice",
          "description",
          "target_delimiter",
          "fewshot_delimiter",
          "metric_list",
          "metadata",
          "language",
          "prompt_tokens",
          "continuation_tokens");

  /** Without effect on the scores of the output types there are. */
  static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "task_alias",
          "group",
          "task_list",
          "unsafe_code",
          "should_decontaminate",
          "doc_to_decontamination_query",
          "generation_kwargs");

  private final Path file;
  private final Map<String, Object> values;
  private final Roots roots;

  private TaskYaml(Path file, Map<String, Object> values, Roots roots) {
    this.file = file;
    this.values = values;
    this.roots = roots;
  }

  /**
   * Reads a file's definition, with what it includes.
   *
   * @param overrides what a group says otherwise of the task
   * @param roots that the file, and each that it names, must lie in
   */
  static TaskYaml load(Path file, Map<String, Object> overrides, Roots roots) {
    return of(file, YamlFile.load(file, roots), overrides, roots);
  }

  /** As {@link #load}, of a text that is or could be in that file. */
  static TaskYaml parse(Path file, String text) {
    return of(file, YamlFile.parse(file, text), Map.of(), Roots.ANY);
  }

  /** A task that a group's file defines within itself. */
  static TaskYaml inline(Path file, Map<String, Object> values) {
    return of(file, values, Map.of(), Roots.ANY);
  }

  private static TaskYaml of(
      Path file, Map<String, Object> values, Map<String, Object> overrides, Roots roots) {
    Map<String, Object> all = new LinkedHashMap<>(values);
    all.putAll(overrides);
    TaskYaml yaml = new TaskYaml(file, all, roots);
    yaml.refuseUnknown();
    return yaml;
  }

  Path file() {
    return file;
  }

  /** Where the files that it names may lie. */
  Roots roots() {
    return roots;
  }

  Map<String, Object> values() {
    return values;
  }

  /** The file and a key, for an error. */
  String where(String key) {
    return file + ": " + key;
  }

  TaskException wrong(String key, String what) {
    return new TaskException(where(key) + ": " + what);
  }

  String string(String key) {
    return optionalString(key).orElseThrow(() -> wrong(key, "missing; a task needs it"));
  }

  String string(String key, String otherwise) {
    return optionalString(key).orElse(otherwise);
  }

  Optional<String> optionalString(String key) {
    Object value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof String text)) {
      throw wrong(key, value + " is not text; put it in quotes");
    }
    return Optional.of(text);
  }

  OptionalInt count(String key) {
    Object value = values.get(key);
    if (value == null) {
      return OptionalInt.empty();
    }
    if (!(value instanceof Integer number) || number < 0) {
      throw wrong(key, value + " is not a whole number from 0");
    }
    return OptionalInt.of(number);
  }

  Optional<Object> value(String key) {
    return Optional.ofNullable(values.get(key));
  }

  Map<String, Object> map(String key) {
    return values.get(key) == null ? Map.of() : YamlFile.stringKeys(where(key), values.get(key));
  }

  /** A text, or a list of texts. */
  List<String> strings(String key) {
    return listOf(key, values.get(key), item -> item instanceof String text ? text : null);
  }

  List<Map<String, Object>> maps(String key) {
    return listOf(key, values.get(key), item -> YamlFile.stringKeys(where(key), item));
  }

  private <T> List<T> listOf(String key, Object value, Function<Object, T> each) {
    List<T> items = new ArrayList<>();
    List<?> given =
        value == null ? List.of() : value instanceof List<?> list ? list : List.of(value);
    for (Object item : given) {
      T converted = each.apply(item);
      if (converted == null) {
        throw wrong(key, item + " is not text; put it in quotes");
      }
      items.add(converted);
    }
    return items;
  }

  private void refuseUnknown() {
    for (Map.Entry<String, Object> entry : values.entrySet()) {
      String key = entry.getKey();
      if (!READ.contains(key) && !WITHOUT_EFFECT.contains(key)) {
        refuse(key, entry.getValue());
      }
    }
  }

  private void refuse(String key, Object value) {
    switch (key) {
      case "repeats" -> {
        if (!Integer.valueOf(1).equals(value)) {
          throw wrong(key, value + ", but a likelihood is the same every time; leave it out");
        }
      }
      case "filter_list",
          "use_prompt",
          "custom_dataset",
          "class",
          "doc_to_image",
          "doc_to_audio" -> {
        if (value != null) {
          throw wrong(key, "not supported yet; write out what it would do, or leave the task out");
        }
      }
      default -> throw wrong(key, "unknown key; correct its spelling or leave it out");
    }
  }
}
