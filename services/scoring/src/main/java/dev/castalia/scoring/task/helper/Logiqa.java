package dev.castalia.scoring.task.helper;

import static dev.castalia.scoring.task.helper.Documents.text;
import static dev.castalia.scoring.task.helper.Documents.texts;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.tokens.PythonSpace;
import java.util.List;
import java.util.Map;

/** Passage, question and lettered choices. */
final class Logiqa {

  static final HelperFile FILE =
      new HelperFile(
          "logiqa/utils_logiqa.py",
          "46399f40065469d234c0c9e1ef3de9b67e50d5fe1c2c4130607eda2dda268260",
          Map.of(
              "doc_to_text", new Helper.OfDocument(Logiqa::prompt),
              "doc_to_target", new Helper.OfDocument(Logiqa::right)));

  private static final List<String> LETTERS = List.of("a", "b", "c", "d");

  private Logiqa() {}

  private static Object prompt(Map<String, Object> document) {
    StringBuilder prompt = new StringBuilder();
    prompt.append("Passage: ").append(text(document, "context")).append('\n');
    prompt.append("Question: ").append(text(document, "question")).append("\nChoices:\n");
    List<String> options = texts(document, "options");
    for (int i = 0; i < Math.min(options.size(), LETTERS.size()); i++) {
      prompt.append((char) ('A' + i)).append(". ").append(options.get(i)).append('\n');
    }
    return prompt.append("Answer:").toString();
  }

  private static Object right(Map<String, Object> document) {
    int index = LETTERS.indexOf(PythonSpace.strip(text(document, "label")));
    if (index < 0) {
      throw new TaskException("label is none of " + LETTERS + " in document " + document);
    }
    return (long) index;
  }
}
