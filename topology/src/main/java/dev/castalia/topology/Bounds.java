package dev.castalia.topology;

import dev.castalia.schemas.Topic;

/**
 * How much an event may say, and how much of what many events said one record gathers. A record
 * larger than its producer may send ends the thread that sends it, and again each time the thread
 * begins anew, so small events must not add up to one. All bounds are far above what suites of
 * models and the harness have.
 */
public final class Bounds {

  /** Characters of a path or URI of files: Linux opens no longer ones. */
  public static final int LOCATION = 4096;

  /** Characters of a task's location, which says what its group says otherwise, too. */
  public static final int TASK_LOCATION = 1 << 16;

  /** Characters of other free text, as of a version: as many as a name has. */
  public static final int TEXT = 200;

  /** Tags of a task. */
  public static final int TAGS = 100;

  /** Metrics of a scorecard, and of a run on a task. The harness has some ten a task. */
  public static final int METRICS = 1000;

  /**
   * Values of a run on a task, over all metrics, those that checkpoints lack included: 26 metrics
   * of 10,000 checkpoints.
   */
  public static final int VALUES = 1 << 18;

  /** Checkpoints of the same weights of which one is scored for all: it is told of all others. */
  public static final int TWINS = 100;

  /** Checkpoints with whose documents those of one are compared. */
  public static final int COUNTERPARTS = 100;

  /**
   * Pairs, of a metric of a task in the new language and of a task in the old one, by which what
   * training on gains is held against what it loses. Of 50 tasks of two metrics and 150 others
   * there are 15,000.
   */
  public static final int PAIRS = 50_000;

  /**
   * Bytes of the lists that a record gathers: what else is in an event has room in the rest. The
   * points of a trajectory of 10,000 checkpoints are a tenth of it.
   */
  public static final int BYTES = Topic.MAX_EVENT_BYTES - (1 << 20);

  private Bounds() {}
}
