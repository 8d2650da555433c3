package dev.castalia.scoring.task.helper;

import static dev.castalia.scoring.task.helper.Documents.text;
import static dev.castalia.scoring.task.helper.Documents.texts;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.template.PythonText;
import dev.castalia.scoring.tokens.PythonSpace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** What goes on after a context, without the marks of the pages it is from. */
final class Hellaswag {

  static final HelperFile FILE =
      new HelperFile(
          "hellaswag/utils.py",
          "07d23b60b28f2a4f658dcf8440623a63fe6644854ce9b846a114dde980dc1214",
          Map.of("process_docs", Documents.map(Hellaswag::endings)));

  /** Python's {@code .} is anything but a line feed. */
  private static final Pattern BRACKETED = Pattern.compile("\\[[^\n]*?]");

  private Hellaswag() {}

  private static Map<String, Object> endings(Map<String, Object> document) {
    String context =
        text(document, "ctx_a") + " " + PythonText.capitalized(text(document, "ctx_b"));
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("query", plain(text(document, "activity_label") + ": " + context));
    columns.put("choices", texts(document, "endings").stream().map(Hellaswag::plain).toList());
    columns.put("gold", number(document));
    return columns;
  }

  private static String plain(String text) {
    String titled = PythonSpace.strip(text).replace(" [title]", ". ");
    return BRACKETED.matcher(titled).replaceAll("").replace("  ", " ");
  }

  private static long number(Map<String, Object> document) {
    String label = text(document, "label");
    try {
      return Long.parseLong(PythonSpace.strip(label));
    } catch (NumberFormatException e) {
      throw new TaskException("label is not a number in document " + document, e);
    }
  }
}
