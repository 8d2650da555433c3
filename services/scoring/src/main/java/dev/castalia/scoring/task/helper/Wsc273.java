package dev.castalia.scoring.task.helper;

import static dev.castalia.scoring.task.helper.Documents.number;
import static dev.castalia.scoring.task.helper.Documents.text;
import static dev.castalia.scoring.task.helper.Documents.texts;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.tokens.PythonSpace;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The options in the form that the pronoun has in the sentence. */
final class Wsc273 {

  static final HelperFile FILE =
      new HelperFile(
          "wsc273/utils.py",
          "2c295d37e8d75f58a5ce948839d20cb9971d1c0d7627878291bebd4584c63507",
          Map.of("process_doc", Documents.map(Wsc273::normalized)));

  private static final Set<String> POSSESSIVE = Set.of("my", "his", "her", "our", "their");
  private static final Set<String> UPPER =
      Set.of("A", "An", "The", "She", "He", "It", "They", "My", "His", "Her", "Their");

  private Wsc273() {}

  private static Map<String, Object> normalized(Map<String, Object> document) {
    String text = text(document, "text").replace("  ", " ");
    List<String> options = texts(document, "options");
    if (options.size() != 2) {
      throw new TaskException("options are not two in document " + document);
    }
    return Map.of(
        "text",
        text,
        "options",
        options.stream().map(option -> normalized(document, text, option)).toList());
  }

  private static String normalized(Map<String, Object> document, String text, String option) {
    String whole =
        POSSESSIVE.contains(text(document, "pronoun").toLowerCase(Locale.ROOT))
            ? option + "'s"
            : option;
    String first = PythonSpace.split(whole).stream().findFirst().orElse("");
    boolean startsSentence = point(text, number(document, "pronoun_loc") - 2) == '.';
    return !startsSentence && UPPER.contains(first)
        ? whole.replace(first, first.toLowerCase(Locale.ROOT))
        : whole;
  }

  /** {@code text[index]}, from the end where the index is negative. */
  private static int point(String text, long index) {
    int[] points = text.codePoints().toArray();
    long at = index < 0 ? index + points.length : index;
    if (at < 0 || at >= points.length) {
      throw new TaskException("pronoun_loc is outside of the text: " + text);
    }
    return points[(int) at];
  }
}
