package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
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
    String fewshotDelimiter) {

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
        yaml.string("fewshot_delimiter", "\n\n"));
  }

  /** These, with what {@code fewshot_config} says otherwise. */
  Prompting with(
      String where, Map<String, Object> overrides, Set<String> columns, OutputType outputType) {
    Optional<Field> otherChoices =
        Optional.ofNullable(overrides.get("doc_to_choice"))
            .map(value -> choices(where, value, columns))
            .or(() -> choices);
    boolean literal = otherChoices.isPresent();
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
        (String) overrides.getOrDefault("fewshot_delimiter", fewshotDelimiter));
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

  private static Field choices(String where, Object value, Set<String> columns) {
    return Field.of(where, value, columns, Field.Literals.ALWAYS);
  }

  /** A String; or a Long where the choices are contexts and this is the right one's index. */
  Object textOf(Map<String, Object> document) {
    return text.of(document);
  }

  /** A String, a Long or a List. */
  Object targetOf(Map<String, Object> document) {
    return target
        .orElseThrow(() -> new TaskException(where + ": doc_to_target: missing; a task needs it"))
        .of(document);
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

  /** An example with its answer, and what separates it from the next. */
  String example(Map<String, Object> document) {
    String question = question(document);
    String answer = answer(document);
    return answer.isEmpty() ? question : question + targetDelimiter + answer + fewshotDelimiter;
  }

  private String question(Map<String, Object> document) {
    return textOf(document) instanceof Long index
        ? choicesOf(document).get(index.intValue())
        : (String) textOf(document);
  }

  private String answer(Map<String, Object> document) {
    Object answer = targetOf(document);
    if (answer instanceof Long index && choices.isPresent()) {
      answer = choicesOf(document).get(index.intValue());
    } else if (answer instanceof List<?> list) {
      answer = list.getFirst();
    }
    if (!(answer instanceof String text)) {
      throw new TaskException(
          where + ": doc_to_target: " + answer + " is not text to show in an example");
    }
    return text;
  }
}
