package dev.castalia.scoring.task;

import dev.castalia.scoring.task.data.Dataset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code fewshot_config} and {@code fewshot_split}. Where the former says null, there is none, but
 * for {@code doc_to_text} and {@code doc_to_target}, which are then the task's own.
 *
 * @param split where examples come from, if said
 * @param samples the examples themselves, if said and no split is
 * @param prompting what is done otherwise for examples than for documents
 */
record FewshotConfig(
    TaskYaml yaml,
    Optional<String> split,
    Optional<List<Map<String, Object>>> samples,
    boolean firstN,
    DocumentProcess process,
    Map<String, Object> prompting) {

  private static final String KEY = "fewshot_config";
  private static final Set<String> PROMPTING =
      Set.of(
          "doc_to_text",
          "doc_to_target",
          "doc_to_choice",
          "target_delimiter",
          "fewshot_delimiter",
          "gen_prefix");

  /**
   * @param process of the task's own documents, which is that of examples unless said otherwise
   */
  static FewshotConfig of(TaskYaml yaml, DocumentProcess process) {
    Map<String, Object> settings = new LinkedHashMap<>(yaml.map(KEY));
    Object sampler = settings.remove("sampler");
    if (sampler != null && !sampler.equals("first_n") && !sampler.equals("default")) {
      throw yaml.wrong(KEY, "sampler '" + sampler + "' is unknown; known: default, first_n");
    }
    Optional<String> split =
        settings.containsKey("split")
            ? Optional.ofNullable(settings.remove("split")).map(Object::toString)
            : yaml.optionalString("fewshot_split");
    Object samples = settings.remove("samples");
    DocumentProcess examples =
        settings.containsKey("process_docs")
            ? DocumentProcess.of(yaml.where(KEY), settings.remove("process_docs"))
            : process;
    // The harness reads it and makes no use of it.
    settings.remove("fewshot_indices");
    settings.keySet().stream()
        .filter(key -> !PROMPTING.contains(key))
        .findFirst()
        .ifPresent(
            key -> {
              throw yaml.wrong(KEY, "'" + key + "' is not supported; leave it out");
            });
    for (String delimiter : List.of("target_delimiter", "fewshot_delimiter")) {
      if (settings.containsKey(delimiter) && settings.get(delimiter) == null) {
        throw yaml.wrong(KEY, delimiter + " is null; leave it out, or write \"\"");
      }
    }
    return new FewshotConfig(
        yaml,
        split,
        Optional.ofNullable(samples).map(given -> samples(yaml, given)),
        "first_n".equals(sampler),
        examples,
        settings);
  }

  private static List<Map<String, Object>> samples(TaskYaml yaml, Object given) {
    if (!(given instanceof List<?> list)) {
      throw yaml.wrong(KEY, "samples: " + given + " is not a list of documents");
    }
    List<Map<String, Object>> samples = new ArrayList<>();
    for (Object sample : list) {
      Map<String, Object> document = YamlFile.stringKeys(yaml.where(KEY), sample);
      document.replaceAll(
          (key, value) -> value instanceof Integer i ? (Object) i.longValue() : value);
      samples.add(document);
    }
    return samples;
  }

  /**
   * Where examples come from: the split that is named, else training, else validation, else the
   * documents themselves.
   */
  Fewshot fewshot(Dataset data, List<Map<String, Object>> documents, String evaluated) {
    // As the harness has it: also where neither is named.
    boolean excludeItself = split.equals(yaml.optionalString("test_split"));
    return new Fewshot(
        yaml.file().toString(), pool(data, documents, evaluated), firstN, excludeItself);
  }

  private List<Map<String, Object>> pool(
      Dataset data, List<Map<String, Object>> documents, String evaluated) {
    if (split.isPresent()) {
      return process.apply(read(data, "fewshot_split", split.get()));
    }
    if (samples.isPresent()) {
      return samples.get();
    }
    Optional<String> from = source();
    return from.isEmpty() || from.get().equals(evaluated)
        ? documents
        : DocumentProcess.of(yaml).apply(read(data, "training_split", from.get()));
  }

  /** The split that examples are drawn from, if one is named. */
  Optional<String> source() {
    return split
        .or(() -> samples.isPresent() ? Optional.empty() : yaml.optionalString("training_split"))
        .or(() -> samples.isPresent() ? Optional.empty() : yaml.optionalString("validation_split"));
  }

  private List<Map<String, Object>> read(Dataset data, String key, String from) {
    return TaskData.documents(yaml, data, key, from);
  }
}
