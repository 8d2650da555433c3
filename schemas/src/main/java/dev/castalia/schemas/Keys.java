package dev.castalia.schemas;

import dev.castalia.events.BoardEntry;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.FindingsPending;
import dev.castalia.events.Leaderboard;
import dev.castalia.events.ScoreReported;
import dev.castalia.events.Scorecard;
import dev.castalia.events.Trajectory;
import dev.castalia.events.UnitId;
import java.util.regex.Pattern;

/**
 * The keys of the topics: plain UTF-8 strings of parts joined by {@value #SEPARATOR}, which no part
 * holds.
 */
public final class Keys {

  public static final String SEPARATOR = "|";

  /** Nothing that cannot be seen, lest two names look alike, or one change how text is shown. */
  private static final String NOT_IN_NAMES = "|@\\s\\p{Z}\\p{Cc}\\p{Cf}\\p{Cs}";

  private static final int LONGEST = 200;
  private static final Pattern NAME =
      Pattern.compile("[^%s]{1,%d}".formatted(NOT_IN_NAMES, LONGEST));
  private static final Pattern NO_NAME = Pattern.compile("[%s]+".formatted(NOT_IN_NAMES));

  private Keys() {}

  /** Key of a checkpoint: {@code model@revision}. */
  public static String checkpoint(String model, String revision) {
    return model + "@" + revision;
  }

  public static String of(CheckpointPublished checkpoint) {
    return checkpoint(checkpoint.getModel(), checkpoint.getRevision());
  }

  /** The model of a checkpoint's key. */
  public static String model(String checkpoint) {
    int at = checkpoint.indexOf('@');
    if (at < 1 || at == checkpoint.length() - 1) {
      throw new IllegalArgumentException(
          "\"" + checkpoint + "\" is not a checkpoint: write model@revision");
    }
    return checkpoint.substring(0, at);
  }

  public static String of(UnitId unit) {
    return String.join(
        SEPARATOR,
        evaluation(unit.getCheckpoint(), unit.getTask(), unit.getVersion(), unit),
        unit.getStart() + "-" + unit.getEnd());
  }

  /** Everything of a unit but its slice: what the slices of one scorecard have in common. */
  public static String evaluation(UnitId unit) {
    return evaluation(unit.getCheckpoint(), unit.getTask(), unit.getVersion(), unit);
  }

  private static String evaluation(String checkpoint, String task, String version, UnitId unit) {
    return String.join(
        SEPARATOR, checkpoint, task, version, Integer.toString(unit.getShots()), unit.getDtype());
  }

  public static String of(Scorecard card) {
    return scorecard(
        of(card.getCheckpoint()),
        card.getTask(),
        card.getShots(),
        card.getDtype(),
        card.getSource());
  }

  public static String scorecard(String checkpoint, String task, int shots, String dtype) {
    return scorecard(checkpoint, task, shots, dtype, null);
  }

  /**
   * @param source null for what Castalia measured
   */
  public static String scorecard(
      String checkpoint, String task, int shots, String dtype, String source) {
    return String.join(SEPARATOR, checkpoint, task, measured(shots, dtype, source));
  }

  /** The part of a key that says how a score was measured, and by whom. */
  public static String measured(int shots, String dtype, String source) {
    String own = shots + SEPARATOR + dtype;
    return source == null ? own : own + SEPARATOR + source;
  }

  public static String of(ScoreReported score) {
    return String.join(
        SEPARATOR,
        of(score.getCheckpoint()),
        score.getTask(),
        Integer.toString(score.getShots()),
        score.getMetric().getMetric(),
        score.getSource());
  }

  public static String of(Leaderboard board) {
    return leaderboard(
        board.getTask(),
        board.getMetric().getMetric(),
        board.getShots(),
        board.getDtype(),
        board.getSource());
  }

  /**
   * @param source null for what Castalia measured
   */
  public static String leaderboard(
      String task, String metric, int shots, String dtype, String source) {
    return String.join(SEPARATOR, task, metric, measured(shots, dtype, source));
  }

  public static String of(Trajectory trajectory) {
    return trajectory(
        trajectory.getModel(),
        trajectory.getTask(),
        trajectory.getMetric().getMetric(),
        trajectory.getShots(),
        trajectory.getDtype(),
        trajectory.getSource());
  }

  public static String trajectory(
      String model, String task, String metric, int shots, String dtype) {
    return trajectory(model, task, metric, shots, dtype, null);
  }

  /**
   * @param source null for what Castalia measured
   */
  public static String trajectory(
      String model, String task, String metric, int shots, String dtype, String source) {
    return String.join(SEPARATOR, model, leaderboard(task, metric, shots, dtype, source));
  }

  public static String of(BoardEntry entry) {
    return checkpoint(entry.getModel(), entry.getRevision());
  }

  public static String of(FindingsPending pending) {
    return String.join(
        SEPARATOR, "pending", pending.getStage(), Integer.toString(pending.getPartition()));
  }

  /** Key of the failure of a sweep that wants a task nobody registered. */
  public static String missingTask(String sweep, String task) {
    return String.join(SEPARATOR, sweep, task);
  }

  /** Key of the failure of a record that could not be read. */
  public static String deadLetter(String topic, int partition, long offset) {
    return String.join(
        SEPARATOR, "dead-letter", topic, Integer.toString(partition), Long.toString(offset));
  }

  /**
   * The name as it can be part of a key: with _ for what no name holds, and cut where it is longer.
   *
   * @param name with something but white space in it
   */
  public static String keyable(String name) {
    String keyable = NO_NAME.matcher(name.strip()).replaceAll("_");
    return keyable.codePointCount(0, keyable.length()) <= LONGEST
        ? keyable
        : keyable.substring(0, keyable.offsetByCodePoints(0, LONGEST));
  }

  /**
   * The name itself, when it can be part of a key.
   *
   * @param what what is named, for the message
   * @throws IllegalArgumentException naming the value and the rule
   */
  public static String requireName(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          what
              + " \""
              + name
              + "\" cannot be used: names have 1 to 200 characters and hold no |, @, white space or"
              + " control or invisible character");
    }
    return name;
  }
}
