package dev.castalia.scoring.task.helper;

import static dev.castalia.scoring.task.helper.Documents.text;

import dev.castalia.scoring.tokens.PythonSpace;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Text as it was before WikiText's tokenization; words and bytes are counted before that. */
final class Wikitext {

  static final HelperFile FILE =
      new HelperFile(
          "wikitext/preprocess_wikitext.py",
          "a44020374b172159bf5be80a64d2c4194c9d5c77284f696ac666361338c8da7d",
          Map.of(
              "wikitext_detokenizer",
              new Helper.OfDocument(document -> detokenized(text(document, "page"))),
              "process_results",
              new Helper.OfResults(Optional.of(document -> text(document, "page")))));

  private static final Pattern SPACED_PARENTHESES = spaced("\\(", "\\)");
  private static final Pattern SPACED_BRACKETS = spaced("\\[", "\\]");
  private static final Pattern SPACED_BRACES = spaced("\\{", "\\}");
  private static final Pattern SPACED_DOUBLE_QUOTES = spaced("\"", "\"");
  private static final Pattern SPACED_SINGLE_QUOTES = spaced("'", "'");

  private Wikitext() {}

  private static String detokenized(String page) {
    String text =
        page.replace("s '", "s'")
            // The pattern asks for slashes, so that it hardly ever matches; the same is done here.
            .replaceAll("/' [0-9]/", "/'[0-9]/")
            .replace(" @-@ ", "-")
            .replace(" @,@ ", ",")
            .replace(" @.@ ", ".")
            .replace(" : ", ": ")
            .replace(" ; ", "; ")
            .replace(" . ", ". ")
            .replace(" ! ", "! ")
            .replace(" ? ", "? ")
            .replace(" , ", ", ");
    text = SPACED_PARENTHESES.matcher(text).replaceAll("($1)");
    text = SPACED_BRACKETS.matcher(text).replaceAll("[$1]");
    text = SPACED_BRACES.matcher(text).replaceAll("{$1}");
    text = SPACED_DOUBLE_QUOTES.matcher(text).replaceAll("\"$1\"");
    text = SPACED_SINGLE_QUOTES.matcher(text).replaceAll("'$1'");
    return text.replace("= = = =", "====")
        .replace("= = =", "===")
        .replace("= =", "==")
        .replace(" ° ", "°")
        .replace(" \n", "\n")
        .replace("\n ", "\n")
        .replace(" N ", " 1 ")
        .replace(" 's", "'s");
  }

  /** What is between, without the white space at its ends, {@code \s} being Python's. */
  private static Pattern spaced(String open, String close) {
    String space = PythonSpace.REGEX + "*";
    return Pattern.compile(open + space + "([^" + close + "]*?)" + space + close);
  }
}
