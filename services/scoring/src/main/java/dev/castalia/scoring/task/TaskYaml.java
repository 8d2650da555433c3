package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

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
          "dataset_kwargs",
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
          "dataset_name",
          "should_decontaminate",
          "doc_to_decontamination_query",
          "generation_kwargs");

  private final Path file;
  private final Map<String, Object> values;

  private TaskYaml(Path file, Map<String, Object> values) {
    this.file = file;
    this.values = values;
  }

  /** Reads YAML; only plain data: a tag such as {@code !function} is refused. */
  static TaskYaml parse(Path file, String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    Object loaded;
    try {
      loaded = new Yaml(new SafeConstructor(options)).load(text);
    } catch (YAMLException e) {
      if (text.contains("!function")) {
        throw new TaskException(
            file + ": !function names Python code, which Castalia does not run; write a template",
            e);
      }
      throw new TaskException(file + ": not YAML: " + e.getMessage(), e);
    }
    TaskYaml yaml = new TaskYaml(file, stringKeys(file + ": the file", loaded));
    yaml.refuseUnknown();
    return yaml;
  }

  Path file() {
    return file;
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
    return values.get(key) == null ? Map.of() : stringKeys(where(key), values.get(key));
  }

  /** A text, or a list of texts. */
  List<String> strings(String key) {
    return listOf(key, values.get(key), item -> item instanceof String text ? text : null);
  }

  List<Map<String, Object>> maps(String key) {
    return listOf(key, values.get(key), item -> stringKeys(where(key), item));
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
      case "include",
          "process_docs",
          "process_results",
          "filter_list",
          "gen_prefix",
          "use_prompt" -> {
        if (value != null) {
          throw wrong(key, "not supported yet; write out what it would do, or leave the task out");
        }
      }
      default -> throw wrong(key, "unknown key; correct its spelling or leave it out");
    }
  }

  static Map<String, Object> stringKeys(String where, Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new TaskException(where + " is not a mapping of keys to values");
    }
    Map<String, Object> keyed = new LinkedHashMap<>();
    map.forEach((key, item) -> keyed.put(String.valueOf(key), item));
    return keyed;
  }
}
