package dev.castalia.scoring.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code fewshot_config} and {@code fewshot_split}.
 *
 * @param split where examples come from, if said
 * @param prompting what is done otherwise for examples than for documents
 */
record FewshotConfig(
    TaskYaml yaml, Optional<String> split, boolean firstN, Map<String, Object> prompting) {

  private static final String KEY = "fewshot_config";
  private static final Set<String> PROMPTING =
      Set.of(
          "doc_to_text", "doc_to_target", "doc_to_choice", "target_delimiter", "fewshot_delimiter");

  static FewshotConfig of(TaskYaml yaml) {
    Map<String, Object> settings = new LinkedHashMap<>(yaml.map(KEY));
    Object sampler = settings.remove("sampler");
    if (sampler != null && !sampler.equals("first_n") && !sampler.equals("default")) {
      throw yaml.wrong(KEY, "sampler '" + sampler + "' is unknown; known: default, first_n");
    }
    Object split = settings.remove("split");
    settings.keySet().stream()
        .filter(key -> !PROMPTING.contains(key))
        .findFirst()
        .ifPresent(
            key -> {
              throw yaml.wrong(KEY, "'" + key + "' is not supported yet; leave it out");
            });
    return new FewshotConfig(
        yaml,
        split == null ? yaml.optionalString("fewshot_split") : Optional.of(split.toString()),
        "first_n".equals(sampler),
        settings);
  }

  /** The rule where no split is named: training, else validation, else the documents themselves. */
  Fewshot fewshot(DataFiles data, List<Map<String, Object>> documents, String evaluated) {
    String key = split.isPresent() ? "fewshot_split" : "training_split";
    Optional<String> from =
        split
            .or(() -> yaml.optionalString("training_split"))
            .or(() -> yaml.optionalString("validation_split"));
    List<Map<String, Object>> pool = documents;
    if (from.isPresent() && !from.get().equals(evaluated)) {
      pool = data.documents(key, from.get());
      JsonLines.unify(pool);
    }
    boolean excludeItself = split.isPresent() && split.equals(yaml.optionalString("test_split"));
    return new Fewshot(yaml.file().toString(), pool, firstN, excludeItself);
  }
}
