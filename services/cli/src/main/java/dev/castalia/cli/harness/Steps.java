package dev.castalia.cli.harness;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Training steps in the names of revisions, folders and files. */
final class Steps {

  private static final Pattern STEP =
      Pattern.compile(
          "(?i)(?:step|iter|checkpoint)[-_]?(\\d{1,12})(?!\\d)|-(\\d{1,12})-\\d+-?shot");

  private Steps() {}

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
