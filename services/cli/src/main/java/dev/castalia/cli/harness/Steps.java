package dev.castalia.cli.harness;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Training steps in the names of revisions, folders and files. Of several the last counts, and none
 * that the run started from, as in {@code my-run-from-step1000}.
 */
final class Steps {

  private static final Pattern STEP =
      Pattern.compile(
          "(?i)(?<!from[-_]?(?:global[-_]?)?)(?:step|iter|checkpoint)[-_]?(\\d{1,12})(?!\\d)"
              + "|-(\\d{1,12})-\\d+-?shot");

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
    return last(name)
        .map(step -> name.substring(0, step.start()))
        .map(before -> before.replaceFirst("(?i)[-_.]*(?:global)?[-_.]*$", ""))
        .orElse(name);
  }

  /** The step that a name speaks of; empty when it speaks of none. */
  static OptionalLong in(String name) {
    return last(name).stream()
        .mapToLong(step -> Long.parseLong(step.group(1) == null ? step.group(2) : step.group(1)))
        .findFirst();
  }

  private static Optional<MatchResult> last(String name) {
    return STEP.matcher(name).results().reduce((before, after) -> after);
  }
}
