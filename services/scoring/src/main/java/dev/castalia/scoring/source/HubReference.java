package dev.castalia.scoring.source;

import dev.castalia.scoring.CheckpointException;
import java.util.regex.Pattern;

/**
 * A revision of a repository on the hub, written {@code hf:ORG/NAME@REVISION}; {@code main} where
 * no revision is given.
 *
 * @param repository for example EleutherAI/pythia-70m
 * @param revision a branch, a tag or a commit's 40 digits
 */
public record HubReference(String repository, String revision) {

  public static final String SCHEME = "hf:";
  private static final String PART = "[A-Za-z0-9_][A-Za-z0-9._-]{0,95}";
  private static final Pattern REPOSITORY = Pattern.compile(PART + "(/" + PART + ")?");
  private static final Pattern REVISION = Pattern.compile(PART + "(/" + PART + "){0,4}");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /**
   * @throws CheckpointException if either is not a name that the hub has; none leads to another
   *     folder or another path of the hub
   */
  public HubReference {
    if (!REPOSITORY.matcher(repository).matches() || repository.contains("..")) {
      throw new CheckpointException(
          "'" + repository + "' is no repository of the hub; write hf:ORG/NAME@REVISION");
    }
    if (!REVISION.matcher(revision).matches() || revision.contains("..")) {
      throw new CheckpointException(
          "'" + revision + "' is no revision; write hf:ORG/NAME@REVISION, as hf:org/name@step1000");
    }
  }

  public static boolean is(String location) {
    return location.startsWith(SCHEME);
  }

  /** Reads {@code ORG/NAME@REVISION}, with or without {@code hf:} before it. */
  static HubReference parse(String location) {
    String name = is(location) ? location.substring(SCHEME.length()) : location;
    int at = name.indexOf('@');
    return at < 0
        ? new HubReference(name, "main")
        : new HubReference(name.substring(0, at), name.substring(at + 1));
  }

  boolean isCommit() {
    return isCommit(revision);
  }

  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  @Override
  public String toString() {
    return SCHEME + repository + "@" + revision;
  }
}
