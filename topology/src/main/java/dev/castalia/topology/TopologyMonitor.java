package dev.castalia.topology;

import java.time.Duration;

/**
 * Told what operators watch, by the threads that process partitions: it must be quick and safe to
 * share.
 */
public interface TopologyMonitor {

  /** For whom nobody watches. */
  TopologyMonitor NONE = new TopologyMonitor() {};

  /**
   * What of one pool's work a partition's ledger has that is not answered.
   *
   * @param seconds what it takes one scorer of the pool, as estimated
   * @param units of it
   * @param bundles requests of it that are handed out
   */
  record Backlog(double seconds, long units, int bundles) {}

  /** The backlog is another. */
  default void backlog(int partition, String pool, Backlog backlog) {}

  /** The partition's ledger is closed here, and perhaps opened elsewhere. */
  default void closed(int partition) {}

  /** So many units were scored that were not before. */
  default void scored(int units) {}

  /** So many units have failed for good. */
  default void failed(int units) {}

  /**
   * A request is handed out.
   *
   * @param checkpoint by its key
   * @param units of it
   * @param seconds that it takes a scorer, as estimated
   */
  default void issued(String sweep, String checkpoint, String request, int units, double seconds) {}

  /** A request's deadline has passed; so many units of it are not answered. */
  default void late(String checkpoint, String request, int units) {}

  /**
   * A unit is given up.
   *
   * @param request the last that asked for it; null if none was answered
   */
  default void givenUp(String checkpoint, String request, String unit, String reason) {}

  /** A record of an input topic means nothing, and is put aside as a dead letter. */
  default void putAside() {}

  /**
   * The findings that follow from some scores cannot be computed, and stay as they are until one of
   * the scores changes.
   *
   * @param stage of the findings
   * @param key under which it has the scores
   */
  default void notComputed(String stage, String key, RuntimeException error) {}

  /**
   * A changed board is published.
   *
   * @param age of the first score that it has and the one before had not
   */
  default void boardPublished(Duration age) {}
}
