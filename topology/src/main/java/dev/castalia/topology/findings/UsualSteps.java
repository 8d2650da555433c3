package dev.castalia.topology.findings;

import java.util.Collection;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Steps that more than half of several runs have. */
final class UsualSteps {

  private UsualSteps() {}

  /**
   * @param runs the steps of each
   */
  static TreeSet<Long> of(Collection<? extends Set<Long>> runs) {
    TreeMap<Long, Integer> counts = new TreeMap<>();
    runs.forEach(run -> run.forEach(step -> counts.merge(step, 1, Integer::sum)));
    TreeSet<Long> usual = new TreeSet<>();
    counts.forEach(
        (step, count) -> {
          if (2 * count > runs.size()) {
            usual.add(step);
          }
        });
    return usual;
  }
}
