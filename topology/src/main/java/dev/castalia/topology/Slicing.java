package dev.castalia.topology;

import dev.castalia.events.Slice;
import dev.castalia.events.TaskRegistered;
import java.util.ArrayList;
import java.util.List;

/** How a task is cut into slices: a property of its version, the same for every checkpoint. */
public final class Slicing {

  private Slicing() {}

  /** How many units the task is for one checkpoint. */
  public static int count(TaskRegistered task) {
    return Math.ceilDiv(task.getDocuments(), task.getSliceDocuments());
  }

  /** The slices, in document order. */
  public static List<Slice> slices(TaskRegistered task) {
    List<Slice> slices = new ArrayList<>(count(task));
    int end = 0;
    while (end < task.getDocuments()) {
      int start = end;
      end = start + Math.min(task.getSliceDocuments(), task.getDocuments() - start);
      slices.add(new Slice(start, end));
    }
    return slices;
  }
}
