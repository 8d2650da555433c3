package dev.castalia.gateway.view;

import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.events.TaskRegistered;
import dev.castalia.events.UnitId;
import dev.castalia.topology.SweepCoverage;
import java.util.List;

/** Tells what belongs to a sweep. Of a cancelled one nothing is known any more. */
public final class SweepScope {

  private final Views views;
  private final List<SweepTask> tasks;
  private final String dtype;
  private final SweepCoverage coverage;

  private SweepScope(SweepRequested sweep, Views views) {
    this.views = views;
    this.tasks = sweep.getTasks();
    this.dtype = sweep.getDtype();
    this.coverage = SweepCoverage.of(sweep);
  }

  private SweepScope(Views views) {
    this.views = views;
    this.tasks = List.of();
    this.dtype = "";
    this.coverage = null;
  }

  public static SweepScope of(Sweep sweep, Views views) {
    return sweep instanceof Sweep.Requested(var event, var digest)
        ? new SweepScope(event, views)
        : new SweepScope(views);
  }

  /** Under whichever name of its checkpoint's weights the sweep wants it. */
  public boolean covers(UnitId unit) {
    return coversTask(unit.getTask(), unit.getVersion(), unit.getShots(), unit.getDtype())
        && views.names(unit.getCheckpoint()).stream().anyMatch(this::coversCheckpoint);
  }

  /**
   * @param checkpoint model@revision
   */
  public boolean coversCheckpoint(String checkpoint) {
    return coverage != null
        && views.checkpoints().get(checkpoint).filter(coverage::covers).isPresent();
  }

  /** A task whose version the sweep does not name is covered in its latest one. */
  public boolean coversTask(String task, String version, int shots, String ofDtype) {
    return dtype.equals(ofDtype)
        && tasks.stream()
            .anyMatch(
                wanted ->
                    wanted.getTask().equals(task)
                        && version.equals(version(wanted))
                        && shots(wanted) == shots);
  }

  /** Null while nobody registered the task. */
  private String version(SweepTask wanted) {
    return wanted.getVersion() != null
        ? wanted.getVersion()
        : views.tasks().get(wanted.getTask()).map(TaskRegistered::getVersion).orElse(null);
  }

  private int shots(SweepTask wanted) {
    return wanted.getShots() != null
        ? wanted.getShots()
        : views.tasks().get(wanted.getTask()).map(TaskRegistered::getShots).orElse(0);
  }
}
