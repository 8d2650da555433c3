package dev.castalia.scoring.task.helper;

import static dev.castalia.scoring.task.helper.Documents.number;
import static dev.castalia.scoring.task.helper.Documents.text;

import dev.castalia.scoring.tokens.PythonSpace;
import java.util.List;
import java.util.Map;

/** Does the marked pronoun refer to the noun? */
final class SuperGlueWsc {

  static final HelperFile FILE =
      new HelperFile(
          "super_glue/wsc/preprocess_wsc.py",
          "af369d50024ef69d607630f79c70669b15d0501f3800be9ee46c98bb605d43fa",
          Map.of("default_doc_to_text", new Helper.OfDocument(SuperGlueWsc::prompt)));

  private SuperGlueWsc() {}

  private static Object prompt(Map<String, Object> document) {
    String whole = text(document, "text");
    String pronoun = text(document, "span2_text");
    String noun = text(document, "span1_text");
    List<String> words = PythonSpace.split(whole);
    int before = (int) Math.clamp(number(document, "span2_index"), 0, words.size());
    String pre = String.join(" ", words.subList(0, before));
    // Lengths only: the words before may have been apart by other white space.
    int[] points = whole.codePoints().toArray();
    int from = Math.min(points.length, codePoints(pre) + codePoints(pronoun) + 1);
    String post = new String(points, from, points.length - from);
    return "Passage: "
        + detokenized(pre + " *" + pronoun + "*" + post)
        + "\nQuestion: In the passage above, does the pronoun \"*"
        + pronoun
        + "*\" refer to \"*"
        + noun
        + "*\"?\nAnswer:";
  }

  private static int codePoints(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String detokenized(String text) {
    return text.replace(" n't", "n't")
        .replace(" )", ")")
        .replace("( ", "(")
        .replace("\" ", "\"")
        .replace(" \"", "\"")
        .replaceAll(" (['.,])", "$1");
  }
}
