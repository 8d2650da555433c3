package dev.castalia.scoring.task.helper;

import static dev.castalia.scoring.task.helper.Documents.text;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.tokens.PythonSpace;
import java.util.List;
import java.util.Map;

/** The sentence up to its blank, with either option in place, is what is compared. */
final class Winogrande {

  static final HelperFile FILE =
      new HelperFile(
          "winogrande/preprocess_winogrande.py",
          "e55327629264a98f1d383fda24645b6779afb53fa0bce2150042b9416b1ae006",
          Map.of(
              "doc_to_text", new Helper.OfDocument(Winogrande::answer),
              "doc_to_target", new Helper.OfDocument(Winogrande::rest),
              "doc_to_choice", new Helper.OfDocument(Winogrande::choices)));

  private Winogrande() {}

  private static Object answer(Map<String, Object> document) {
    return switch (text(document, "answer")) {
      case "1" -> 0L;
      case "2" -> 1L;
      default -> throw new TaskException("answer is neither 1 nor 2 in document " + document);
    };
  }

  private static Object rest(Map<String, Object> document) {
    return PythonSpace.strip(text(document, "sentence").substring(blank(document) + 1));
  }

  private static Object choices(Map<String, Object> document) {
    String before = text(document, "sentence").substring(0, blank(document));
    return List.of(before + text(document, "option1"), before + text(document, "option2"));
  }

  private static int blank(Map<String, Object> document) {
    int blank = text(document, "sentence").indexOf('_');
    if (blank < 0) {
      throw new TaskException("sentence has no _ in document " + document);
    }
    return blank;
  }
}
