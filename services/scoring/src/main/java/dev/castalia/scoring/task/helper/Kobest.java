package dev.castalia.scoring.task.helper;

import static dev.castalia.scoring.task.helper.Documents.number;
import static dev.castalia.scoring.task.helper.Documents.text;

import dev.castalia.events.Aggregation;
import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.tokens.PythonSpace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Korean tasks: plausible alternatives, endings, sentiment, words in context. */
final class Kobest {

  static final HelperFile FILE =
      new HelperFile(
          "kobest/utils.py",
          "d4d9c2afaef727c9d7ac97db311879be3aa04feb7d10fd3ab140844b793ad4a7",
          Map.of(
              "copa_doc_to_text", new Helper.OfDocument(Kobest::premise),
              "copa_doc_to_target", new Helper.OfDocument(Kobest::rightAlternative),
              "copa_doc_to_choice", new Helper.OfDocument(Kobest::alternatives),
              "sentineg_doc_to_text",
                  new Helper.OfDocument(it -> "문장: " + text(it, "sentence") + " 긍부정:"),
              "wic_doc_to_text", new Helper.OfDocument(Kobest::sameMeaning),
              "hellaswag_process_doc", Documents.map(Kobest::endings),
              "macro_f1_score", new Helper.OfMetric(Aggregation.MACRO_F1)));

  private Kobest() {}

  private static Object premise(Map<String, Object> document) {
    String connector =
        switch (PythonSpace.strip(text(document, "question"))) {
          case "원인" -> " 왜냐하면";
          case "결과" -> " 그래서";
          default ->
              throw new TaskException("question is neither 원인 nor 결과 in document " + document);
        };
    return text(document, "premise") + " " + connector;
  }

  private static Object rightAlternative(Map<String, Object> document) {
    return text(document, number(document, "label") == 0 ? "alternative_1" : "alternative_2");
  }

  private static Object alternatives(Map<String, Object> document) {
    return List.of(text(document, "alternative_1"), text(document, "alternative_2"));
  }

  private static Object sameMeaning(Map<String, Object> document) {
    return "문장1: %s 문장2: %s 두 문장에서 %s가 같은 뜻으로 쓰였나?"
        .formatted(
            text(document, "context_1"), text(document, "context_2"), text(document, "word"));
  }

  private static Map<String, Object> endings(Map<String, Object> document) {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("query", "문장: " + text(document, "context"));
    columns.put(
        "choices",
        List.of(
            text(document, "ending_1"),
            text(document, "ending_2"),
            text(document, "ending_3"),
            text(document, "ending_4")));
    columns.put("gold", number(document, "label"));
    return columns;
  }
}
