package dev.castalia.cli.harness;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Training steps in the names of revisions, folders and files. */
final class Steps {

  private static final Pattern STEP =
      Pattern.compile(
          "(?i)(?:step|iter|checkpoint)[-_]?(\\d{1,12})(?!\\d)|-(\\d{1,12})-\\d+-?shot");

  /** As GPT-NeoX names them, too. */
  private static final Pattern STEP_ALONE =
      Pattern.compile("(?i)(?:global[-_]?)?(?:step|iter|checkpoint)[-_]?\\d{1,12}");

  private Steps() {}

  /** Whether a name is a step's and says nothing else. */
  static boolean isStep(String name) {
    return STEP_ALONE.matcher(name).matches();
  }

  /** What stands before the step in a name; the whole of one that speaks of none. */
  static String before(String name) {
    Matcher found = STEP.matcher(name);
    return found.find()
        ? name.substring(0, found.start()).replaceFirst("(?i)[-_.]*(?:global)?[-_.]*$", "")
        : name;
  }

  /** The step that a name speaks of; empty when it speaks of none. */
  static OptionalLong in(String name) {
    Matcher found = STEP.matcher(name);
    if (!found.find()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        Long.parseLong(found.group(1) == null ? found.group(2) : found.group(1)));
  }
}
