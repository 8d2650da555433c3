package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.metric.Metric;
import dev.castalia.scoring.metric.Outcome;
import dev.castalia.scoring.metric.TaskMetric;
import dev.castalia.scoring.task.data.DataPath;
import dev.castalia.scoring.task.data.Dataset;
import dev.castalia.scoring.task.helper.FunctionReference;
import dev.castalia.scoring.task.helper.Helper;
import dev.castalia.scoring.task.helper.Helpers;
import dev.castalia.scoring.template.PythonText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A task in lm-evaluation-harness's form, with its data. Immutable and thread-safe; holds all of
 * its documents.
 */
public final class Task {

  private static final int PROMPT_TOKENS = 32;

  /** Of a prompt or a continuation: far more than a model reads. */
  private static final int MOST_TOKENS = 1 << 20;

  private final TaskYaml yaml;
  private final String name;
  private final OutputType outputType;
  private final Dataset data;
  private final String split;
  private final List<Map<String, Object>> documents;
  private final List<TaskMetric> metrics;
  private final Optional<Field> counted;
  private final Prompting prompting;
  private final Prompting examplePrompting;
  private final FewshotConfig fewshot;
  private final Field description;
  private String version;

  private Task(TaskYaml yaml, DataPath path) {
    this.yaml = yaml;
    this.name = yaml.string("task");
    this.outputType = outputType(yaml);
    this.metrics = List.copyOf(new TaskMetrics(yaml, outputType).read());
    this.counted = counted(yaml);
    String splitKey = yaml.value("test_split").isPresent() ? "test_split" : "validation_split";
    this.split = yaml.string(splitKey);
    this.data = TaskData.of(yaml, path);
    DocumentProcess process = DocumentProcess.of(yaml);
    this.documents = process.apply(TaskData.documents(yaml, data, splitKey, split));
    if (documents.isEmpty()) {
      throw yaml.wrong(splitKey, "the split has no documents");
    }
    Set<String> columns = documents.getFirst().keySet();
    this.prompting = Prompting.of(yaml, columns, outputType);
    this.fewshot = FewshotConfig.of(yaml, process);
    this.examplePrompting =
        prompting.with(yaml.where("fewshot_config"), fewshot.prompting(), columns, outputType);
    this.description =
        Field.of(
            yaml.where("description"),
            yaml.string("description", ""),
            columns,
            Field.Literals.NEVER);
  }

  /**
   * Reads a task's definition and data, both beside it.
   *
   * @throws TaskException if something in it is wrong or not understood
   */
  public static Task parse(Path file, String text) {
    return new Task(TaskYaml.parse(file, text), DataPath.NONE);
  }

  static Task of(TaskYaml yaml, DataPath data) {
    return new Task(yaml, data);
  }

  /** {@code process_results} does what the metrics do by themselves, or is an error. */
  private static Optional<Field> counted(TaskYaml yaml) {
    String where = yaml.where("process_results");
    return yaml.value("process_results")
        .flatMap(
            value -> {
              if (value instanceof FunctionReference reference
                  && Helpers.find(where, reference) instanceof Helper.OfResults helper) {
                return helper
                    .counted()
                    .map(text -> new Field.Computed(where, new Helper.OfDocument(text)));
              }
              throw new TaskException(where + ": " + value + " is not a function of results");
            });
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

  /**
   * 16 hexadecimal digits that change with the definition and with the data. The first call reads
   * all the data again.
   */
  public synchronized String version() {
    if (version == null) {
      Set<String> read = new LinkedHashSet<>(List.of(split));
      fewshot.source().ifPresent(read::add);
      version = TaskVersion.of(yaml, data, read);
    }
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

  /** The definition as its file gives it, with what it includes. */
  public Map<String, Object> definition() {
    return Collections.unmodifiableMap(yaml.values());
  }

  /**
   * BCP 47 code of the documents' language: as {@code language} or {@code metadata.language} says,
   * else by the name.
   */
  public String language() {
    Object inMetadata = yaml.map("metadata").get("language");
    if (yaml.optionalString("language").isPresent() || inMetadata == null) {
      return yaml.optionalString("language").orElseGet(() -> TaskLanguage.ofName(name));
    }
    return inMetadata.toString();
  }

  /** Documents in the evaluated split. */
  public int documents() {
    return documents.size();
  }

  /** About how many bytes its documents are. */
  public long bytes() {
    return documents.stream().mapToLong(Dataset::bytes).sum();
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

  /** Tokens that a memorization task prompts with, after the prefix token; up to 2^20. */
  public int promptTokens() {
    return tokens(yaml, "prompt_tokens", 0);
  }

  /** Tokens that a memorization task lets the model continue; from 1 to 2^20. */
  public int continuationTokens() {
    return tokens(yaml, "continuation_tokens", 1);
  }

  /** Tokens that a memorization task needs of a document. */
  static int tokens(TaskYaml yaml) {
    return tokens(yaml, "prompt_tokens", 0) + tokens(yaml, "continuation_tokens", 1);
  }

  private static int tokens(TaskYaml yaml, String key, int least) {
    int count = yaml.count(key).orElse(PROMPT_TOKENS);
    if (count < least || count > MOST_TOKENS) {
      throw yaml.wrong(key, count + "; wanted from " + least + " to " + MOST_TOKENS);
    }
    return count;
  }

  /**
   * What is asked of the model, for all documents in order.
   *
   * @throws TaskException if a document does not fit the templates
   */
  public List<Item> items(int shots) {
    List<List<Map<String, Object>>> examples =
        shots == 0
            ? Collections.nCopies(documents.size(), List.of())
            : fewshot.fewshot(data, documents, split).examples(documents, shots);
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
                  question(document, examples, prompting.textOf(document)),
                  prompting.targetTextOf(document)));
      case LOGLIKELIHOOD_ROLLING -> text(document);
      case MEMORIZATION -> memory(prompting.textOf(document));
    };
  }

  private Item memory(Object text) {
    if (!(text instanceof List<?> tokens)
        || !tokens.stream().allMatch(token -> token instanceof Number)) {
      return new Item.Memory(String.valueOf(text));
    }
    if (promptTokens() == 0) {
      throw yaml.wrong("prompt_tokens", "0; a sequence has no prefix token, so at least 1");
    }
    return new Item.Sequence(tokens.stream().map(token -> ((Number) token).intValue()).toList());
  }

  private Item.Text text(Map<String, Object> document) {
    String text = prompting.targetTextOf(document);
    return new Item.Text(
        text, counted.map(field -> String.valueOf(field.of(document))).orElse(text));
  }

  private Item.Choices choices(Map<String, Object> document, List<Map<String, Object>> examples) {
    List<String> choices = prompting.choicesOf(document);
    refuseLikelihoodPairsOfOtherThanTwo(choices);
    List<Item.Pair> pairs = new ArrayList<>();
    Object text = prompting.textOf(document);
    Object right;
    if (text instanceof Long index) {
      // The choices are contexts, such as the two readings of a sentence, with one continuation.
      right = index;
      String continuation =
          prompting.targetDelimiter() + PythonText.str(prompting.targetOf(document));
      String before = before(document, examples);
      // The harness puts no delimiter between such a context and gen_prefix.
      String after = prompting.prefixOf(document);
      choices.forEach(choice -> pairs.add(new Item.Pair(before + choice + after, continuation)));
    } else {
      right = prompting.targetOf(document);
      String context = question(document, examples, text);
      choices.forEach(
          choice -> pairs.add(new Item.Pair(context, prompting.targetDelimiter() + choice)));
    }
    if (metrics.stream().anyMatch(metric -> metric.metric() == Metric.ACC_MUTUAL_INFO)) {
      choices.forEach(choice -> pairs.add(new Item.Pair("", prompting.targetDelimiter() + choice)));
    }
    return new Item.Choices(pairs, choices, gold(right, choices, document));
  }

  private String question(
      Map<String, Object> document, List<Map<String, Object>> examples, Object text) {
    if (!(text instanceof String question)) {
      throw yaml.wrong("doc_to_text", text + " is not text, for " + document);
    }
    return before(document, examples) + question + prompting.prefixAfter(question, document);
  }

  /** What comes before the question: the description and the examples. */
  private String before(Map<String, Object> document, List<Map<String, Object>> examples) {
    StringBuilder before = new StringBuilder(String.valueOf(description.of(document)));
    examples.forEach(example -> before.append(examplePrompting.example(example)));
    return before.toString();
  }

  private int[] gold(Object target, List<String> choices, Map<String, Object> document) {
    return switch (target) {
      case Long index -> new int[] {goldIndex(index, choices, document)};
      case String choice ->
          new int[] {choices.contains(choice) ? choices.indexOf(choice) : Outcome.Choice.NONE};
      case List<?> several when several.stream().allMatch(Long.class::isInstance) ->
          several.stream().mapToInt(index -> goldIndex((Long) index, choices, document)).toArray();
      default ->
          throw yaml.wrong(
              "doc_to_target", target + " is neither an index nor a text of the choices");
    };
  }

  private int goldIndex(long index, List<String> choices, Map<String, Object> document) {
    if (index >= choices.size() || index == Outcome.Choice.NONE) {
      return Outcome.Choice.NONE;
    }
    if (index < -choices.size()) {
      throw new TaskException(
          "%s: %d is not the index of one of the choices %s, for %s; correct the data"
              .formatted(yaml.file(), index, choices, document));
    }
    return (int) index;
  }

  /** The accuracy of guessing; empty for a task without choices. Renders every document. */
  public OptionalDouble chance() {
    if (outputType != OutputType.MULTIPLE_CHOICE) {
      return OptionalDouble.empty();
    }
    return documents.stream()
        .mapToDouble(document -> 1.0 / prompting.choicesOf(document).size())
        .average();
  }

  /** What is right for a document, as the harness's logs have it. */
  public String target(int index) {
    return PythonText.str(prompting.targetOf(documents.get(index)));
  }

  private void refuseLikelihoodPairsOfOtherThanTwo(List<String> choices) {
    if (choices.size() != 2 && metrics.stream().anyMatch(metric -> metric.metric().ofPairs())) {
      throw yaml.wrong(
          "metric_list",
          "likelihood_diff and pct_stereotype compare two sentences, but a document has "
              + choices.size());
    }
  }
}
