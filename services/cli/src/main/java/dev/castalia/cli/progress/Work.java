package dev.castalia.cli.progress;

import java.util.List;

/**
 * How far some work is.
 *
 * @param name of the whole
 * @param total of the whole; its parts need not add up to it while it is being planned
 * @param parts such as models, in the order to show them
 * @param note a line for what is not a number, or null
 */
public record Work(String name, Count total, List<Part> parts, String note) {

  /** A part with a bar of its own. */
  public record Part(String name, Count count) {}

  /**
   * @param planned 0 or more; grows while work is being planned
   * @param done of those
   * @param failed of those, and not among the done
   */
  public record Count(long planned, long done, long failed) {

    long left() {
      return Math.max(0, planned - done - failed);
    }

    boolean started() {
      return done + failed > 0;
    }

    boolean over() {
      return planned > 0 && left() == 0;
    }

    /** From 0 to 1. */
    double share() {
      return planned == 0 ? 0 : Math.min(1, (double) (done + failed) / planned);
    }
  }

  Work with(String note) {
    return new Work(name, total, parts, note);
  }
}
