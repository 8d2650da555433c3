package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.metric.TaskMetric;
import dev.castalia.scoring.template.Template;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A task in lm-evaluation-harness's form, with its data. Immutable and thread-safe; holds all of
 * its documents.
 */
public final class Task {

  private static final int PROMPT_TOKENS = 32;

  private final TaskYaml yaml;
  private final String name;
  private final String version;
  private final OutputType outputType;
  private final List<Map<String, Object>> documents;
  private final List<TaskMetric> metrics;
  private final Prompting prompting;
  private final Prompting examplePrompting;
  private final Fewshot fewshot;
  private final Template description;

  private Task(TaskYaml yaml) {
    this.yaml = yaml;
    this.name = yaml.string("task");
    this.outputType = outputType(yaml);
    DataFiles data = new DataFiles(yaml);
    String splitKey = yaml.value("test_split").isPresent() ? "test_split" : "validation_split";
    this.documents = data.documents(splitKey, yaml.string(splitKey));
    if (documents.isEmpty()) {
      throw yaml.wrong(splitKey, "the split has no documents");
    }
    Set<String> columns = JsonLines.unify(documents);
    this.prompting = Prompting.of(yaml, columns, outputType);
    FewshotConfig config = FewshotConfig.of(yaml);
    this.fewshot = config.fewshot(data, documents, yaml.string(splitKey));
    this.examplePrompting =
        prompting.with(yaml.where("fewshot_config"), config.prompting(), columns, outputType);
    this.description = new Template(yaml.where("description"), yaml.string("description", ""));
    this.metrics = List.copyOf(new TaskMetrics(yaml, outputType, chance()).read());
    this.version = TaskVersion.of(yaml, data);
    refuseLikelihoodPairsOfOtherThanTwo();
  }

  /**
   * Reads a task's definition and data.
   *
   * @throws TaskException if something in it is wrong or not understood
   */
  public static Task parse(Path file, String text) {
    return new Task(TaskYaml.parse(file, text));
  }

  private static OutputType outputType(TaskYaml yaml) {
    String label = yaml.string("output_type", "generate_until");
    return OutputType.of(label)
        .orElseThrow(
            () ->
                yaml.wrong(
                    "output_type",
                    "'%s' is not one of %s"
                        .formatted(
                            label,
                            Arrays.stream(OutputType.values()).map(OutputType::label).toList())));
  }

  public String name() {
    return name;
  }

  public Path file() {
    return yaml.file();
  }

  /** 16 hexadecimal digits that change with the definition and with the data. */
  public String version() {
    return version;
  }

  /** What the task's authors call its version, in {@code metadata}; for results files. */
  public Object authorsVersion() {
    return yaml.map("metadata").getOrDefault("version", "Yaml");
  }

  public OutputType outputType() {
    return outputType;
  }

  public List<TaskMetric> metrics() {
    return metrics;
  }

  public List<String> tags() {
    return yaml.strings("tag");
  }

  /** The definition as its file gives it. */
  public Map<String, Object> definition() {
    return Map.copyOf(yaml.values());
  }

  /**
   * BCP 47 code of the documents' language: as {@code language} or {@code metadata.language} says,
   * else by the name ({@code _ko_}, {@code kobest}), else English.
   */
  public String language() {
    Object inMetadata = yaml.map("metadata").get("language");
    if (yaml.optionalString("language").isPresent() || inMetadata == null) {
      return yaml.optionalString("language").orElseGet(this::languageByName);
    }
    return inMetadata.toString();
  }

  private String languageByName() {
    List<String> parts = List.of(name.toLowerCase(Locale.ROOT).split("[_\\-.]"));
    return parts.contains("ko") || parts.getFirst().equals("kobest") ? "ko" : "en";
  }

  /** Documents in the evaluated split. */
  public int documents() {
    return documents.size();
  }

  /** One document's fields, as in the data. */
  public Map<String, Object> document(int index) {
    return Collections.unmodifiableMap(documents.get(index));
  }

  /**
   * Examples before each document: a task's own 0 wins, then what is asked for, then the task's.
   */
  public int shots(OptionalInt asked) {
    OptionalInt own = yaml.count("num_fewshot");
    if (outputType == OutputType.LOGLIKELIHOOD_ROLLING || outputType == OutputType.MEMORIZATION) {
      return 0;
    }
    if (own.isPresent() && own.getAsInt() == 0) {
      return 0;
    }
    return asked.orElse(own.orElse(0));
  }

  /** Tokens that a memorization task prompts with, after the prefix token. */
  public int promptTokens() {
    return yaml.count("prompt_tokens").orElse(PROMPT_TOKENS);
  }

  /** Tokens that a memorization task lets the model continue; at least 1. */
  public int continuationTokens() {
    int count = yaml.count("continuation_tokens").orElse(PROMPT_TOKENS);
    if (count == 0) {
      throw yaml.wrong("continuation_tokens", "0; wanted at least 1");
    }
    return count;
  }

  /**
   * What is asked of the model, for all documents in order.
   *
   * @throws TaskException if a document does not fit the templates
   */
  public List<Item> items(int shots) {
    List<List<Map<String, Object>>> examples = fewshot.examples(documents, shots);
    List<Item> items = new ArrayList<>(documents.size());
    for (int i = 0; i < documents.size(); i++) {
      items.add(item(documents.get(i), examples.get(i)));
    }
    return items;
  }

  private Item item(Map<String, Object> document, List<Map<String, Object>> examples) {
    return switch (outputType) {
      case MULTIPLE_CHOICE -> choices(document, examples);
      case LOGLIKELIHOOD ->
          new Item.Continuation(
              new Item.Pair(
                  context(document, examples) + prompting.textOf(document),
                  prompting.targetTextOf(document)));
      case LOGLIKELIHOOD_ROLLING -> new Item.Text(prompting.targetTextOf(document));
      case MEMORIZATION -> new Item.Memory(String.valueOf(prompting.textOf(document)));
    };
  }

  private Item.Choices choices(Map<String, Object> document, List<Map<String, Object>> examples) {
    List<String> choices = prompting.choicesOf(document);
    String before = context(document, examples);
    Object text = prompting.textOf(document);
    if (text instanceof Long right) {
      // The choices are contexts, such as the two readings of a sentence, with one continuation.
      String continuation = prompting.targetDelimiter() + prompting.targetTextOf(document);
      return new Item.Choices(
          choices.stream().map(choice -> new Item.Pair(before + choice, continuation)).toList(),
          choices,
          gold(right, choices));
    }
    return new Item.Choices(
        choices.stream()
            .map(choice -> new Item.Pair(before + text, prompting.targetDelimiter() + choice))
            .toList(),
        choices,
        gold(prompting.targetOf(document), choices));
  }

  private String context(Map<String, Object> document, List<Map<String, Object>> examples) {
    StringBuilder context = new StringBuilder(description.render(document));
    examples.forEach(example -> context.append(examplePrompting.example(example)));
    return context.toString();
  }

  private int[] gold(Object target, List<String> choices) {
    return switch (target) {
      case Long index -> inRange(index, choices);
      case String choice -> inRange(choices.indexOf(choice), choices);
      case List<?> several when several.stream().allMatch(Long.class::isInstance) ->
          several.stream().mapToInt(index -> ((Long) index).intValue()).toArray();
      default ->
          throw yaml.wrong(
              "doc_to_target", target + " is neither an index nor a text of the choices");
    };
  }

  private static int[] inRange(long index, List<String> choices) {
    return index >= 0 && index < choices.size() ? new int[] {(int) index} : new int[0];
  }

  private OptionalDouble chance() {
    if (outputType != OutputType.MULTIPLE_CHOICE) {
      return OptionalDouble.empty();
    }
    return documents.stream()
        .mapToDouble(document -> 1.0 / prompting.choicesOf(document).size())
        .average();
  }

  private void refuseLikelihoodPairsOfOtherThanTwo() {
    Set<String> paired = new HashSet<>(Set.of("likelihood_diff", "pct_stereotype"));
    if (metrics.stream().map(TaskMetric::name).noneMatch(paired::contains)) {
      return;
    }
    for (Map<String, Object> document : documents) {
      int choices = prompting.choicesOf(document).size();
      if (choices != 2) {
        throw yaml.wrong(
            "metric_list",
            "likelihood_diff and pct_stereotype compare two sentences, but a document has "
                + choices);
      }
    }
  }
}
