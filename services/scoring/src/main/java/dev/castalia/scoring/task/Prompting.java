package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.tokens.PythonSpace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a task's documents become text: the fields of the harness's configuration, for the evaluated
 * document or for the examples before it.
 */
record Prompting(
    String where,
    Field text,
    Optional<Field> target,
    Optional<Field> choices,
    String targetDelimiter,
    String fewshotDelimiter,
    Optional<Field> prefix) {

  static Prompting of(TaskYaml yaml, Set<String> columns, OutputType outputType) {
    Object text =
        outputType == OutputType.LOGLIKELIHOOD_ROLLING
            ? yaml.value("doc_to_text").orElse("")
            : yaml.value("doc_to_text")
                .orElseThrow(() -> yaml.wrong("doc_to_text", "missing; a task needs it"));
    Optional<Object> choices = yaml.value("doc_to_choice");
    return new Prompting(
        yaml.file().toString(),
        text(yaml.where("doc_to_text"), text, columns, choices.isPresent()),
        yaml.value("doc_to_target")
            .map(
                value ->
                    target(
                        yaml.where("doc_to_target"),
                        value,
                        columns,
                        choices.isPresent(),
                        outputType)),
        choices.map(value -> choices(yaml.where("doc_to_choice"), value, columns)),
        yaml.string("target_delimiter", " "),
        yaml.string("fewshot_delimiter", "\n\n"),
        yaml.value("gen_prefix").map(value -> prefix(yaml.where("gen_prefix"), value, columns)));
  }

  /** These, with what {@code fewshot_config} says otherwise. */
  Prompting with(
      String where, Map<String, Object> overrides, Set<String> columns, OutputType outputType) {
    Optional<Field> otherChoices =
        overrides.containsKey("doc_to_choice")
            ? Optional.ofNullable(overrides.get("doc_to_choice"))
                .map(value -> choices(where, value, columns))
            : choices;
    boolean literal = choices.isPresent();
    return new Prompting(
        where,
        Optional.ofNullable(overrides.get("doc_to_text"))
            .map(value -> text(where, value, columns, literal))
            .orElse(text),
        Optional.ofNullable(overrides.get("doc_to_target"))
            .map(value -> target(where, value, columns, literal, outputType))
            .or(() -> target),
        otherChoices,
        (String) overrides.getOrDefault("target_delimiter", targetDelimiter),
        (String) overrides.getOrDefault("fewshot_delimiter", fewshotDelimiter),
        overrides.containsKey("gen_prefix")
            ? Optional.ofNullable(overrides.get("gen_prefix"))
                .map(value -> prefix(where, value, columns))
            : prefix);
  }

  private static Field text(String where, Object value, Set<String> columns, boolean choices) {
    return Field.of(where, value, columns, choices ? Field.Literals.NUMBERS : Field.Literals.NEVER);
  }

  private static Field target(
      String where, Object value, Set<String> columns, boolean choices, OutputType outputType) {
    Field.Literals literals =
        outputType == OutputType.LOGLIKELIHOOD_ROLLING
            ? Field.Literals.NEVER
            : choices ? Field.Literals.NUMBERS_AND_LISTS : Field.Literals.LISTS;
    return Field.of(where, value, columns, literals);
  }

  private static Field prefix(String where, Object value, Set<String> columns) {
    return Field.of(where, value, columns, Field.Literals.NEVER);
  }

  private static Field choices(String where, Object value, Set<String> columns) {
    return Field.of(where, value, columns, Field.Literals.ALWAYS);
  }

  /** A String; or a Long where the choices are contexts and this is the right one's index. */
  Object textOf(Map<String, Object> document) {
    return text.of(document);
  }

  /** A String, a Long or a List. */
  Object targetOf(Map<String, Object> document) {
    Object value =
        target
            .orElseThrow(
                () -> new TaskException(where + ": doc_to_target: missing; a task needs it"))
            .of(document);
    // Python's truth values are numbers.
    return value instanceof Boolean truth ? (Object) (truth ? 1L : 0L) : value;
  }

  String targetTextOf(Map<String, Object> document) {
    if (!(targetOf(document) instanceof String text)) {
      throw new TaskException(
          where + ": doc_to_target: " + targetOf(document) + " is not text, for " + document);
    }
    return text;
  }

  List<String> choicesOf(Map<String, Object> document) {
    Object value =
        choices
            .orElseThrow(
                () ->
                    new TaskException(where + ": doc_to_choice: missing; multiple_choice needs it"))
            .of(document);
    if (!(value instanceof List<?> list)
        || list.isEmpty()
        || !list.stream().allMatch(String.class::isInstance)) {
      throw new TaskException(
          where + ": doc_to_choice: " + value + " is not a list of texts, for " + document);
    }
    return list.stream().map(String.class::cast).toList();
  }

  /**
   * An example with its answer, and what separates it from the next. An empty target is no answer;
   * the index of an empty choice is one.
   */
  String example(Map<String, Object> document) {
    String question = example(document, textOf(document));
    String prefix = prefixOf(document);
    Object target = targetOf(document);
    if ("".equals(target)) {
      return question + delimited(question, prefix) + prefix;
    }
    String before = prefix.isEmpty() ? targetDelimiter : delimited(question, prefix);
    return question + before + joined(prefix, answer(document, target)) + fewshotDelimiter;
  }

  /** What follows the question and is not the answer: {@code gen_prefix}, with its delimiter. */
  String prefixAfter(String question, Map<String, Object> document) {
    String prefix = prefixOf(document);
    return delimited(question, prefix) + prefix;
  }

  /** {@code gen_prefix}; empty where there is none. */
  String prefixOf(Map<String, Object> document) {
    return prefix.map(field -> String.valueOf(field.of(document))).orElse("");
  }

  private String delimited(String question, String prefix) {
    return prefix.isEmpty() || question.isEmpty() || touch(question, prefix) ? "" : targetDelimiter;
  }

  private static String joined(String prefix, String answer) {
    return prefix.isEmpty() || answer.isEmpty() || touch(prefix, answer)
        ? prefix + answer
        : prefix + " " + answer;
  }

  /** Whether one of the two has white space where they meet. */
  private static boolean touch(String before, String after) {
    return PythonSpace.isSpace(before.charAt(before.length() - 1))
        || PythonSpace.isSpace(after.charAt(0));
  }

  private String example(Map<String, Object> document, Object text) {
    if (text instanceof Long index) {
      return choice(document, index);
    }
    if (text instanceof String question) {
      return question;
    }
    throw new TaskException(
        where + ": doc_to_text: " + text + " is not text to show in an example");
  }

  private String answer(Map<String, Object> document, Object target) {
    Object answer = target;
    if (answer instanceof Long index && choices.isPresent()) {
      answer = choice(document, index);
    } else if (answer instanceof List<?> list && !list.isEmpty()) {
      answer = list.getFirst();
    }
    if (!(answer instanceof String text)) {
      throw new TaskException(
          where + ": doc_to_target: " + answer + " is not text to show in an example");
    }
    return text;
  }

  /** As Python takes an item: from the end where the index is negative. */
  private String choice(Map<String, Object> document, long index) {
    List<String> all = choicesOf(document);
    long at = index < 0 ? index + all.size() : index;
    if (at < 0 || at >= all.size()) {
      throw new TaskException(
          "%s: %d is not the index of one of the choices %s, for %s"
              .formatted(where, index, all, document));
    }
    return all.get((int) at);
  }
}
