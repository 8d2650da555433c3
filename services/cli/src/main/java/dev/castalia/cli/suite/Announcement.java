package dev.castalia.cli.suite;

import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.TaskEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be published.
 *
 * @param missing what is listed but not on disk, one line each
 * @param wrong what is on disk but cannot be used, one line each: what, and why
 */
public record Announcement(
    List<TaskEntry> tasks,
    List<CheckpointEntry> checkpoints,
    List<String> missing,
    List<String> wrong) {

  public static final Announcement NOTHING =
      new Announcement(List.of(), List.of(), List.of(), List.of());

  /** Both. */
  public Announcement plus(Announcement that) {
    return new Announcement(
        joined(tasks, that.tasks),
        joined(checkpoints, that.checkpoints),
        joined(missing, that.missing),
        joined(wrong, that.wrong));
  }

  private static <T> List<T> joined(List<T> some, List<T> more) {
    List<T> all = new ArrayList<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }
}
