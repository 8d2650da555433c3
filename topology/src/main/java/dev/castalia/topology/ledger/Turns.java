package dev.castalia.topology.ledger;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whose turn it is to have a bundle issued: the highest priority first, equals one after another.
 */
final class Turns {

  private final Map<Integer, Deque<String>> byPriority = new TreeMap<>(Collections.reverseOrder());
  private final Set<String> waiting = new HashSet<>();

  void add(String sweep, int priority) {
    if (waiting.add(sweep)) {
      byPriority.computeIfAbsent(priority, it -> new ArrayDeque<>()).addLast(sweep);
    }
  }

  void remove(String sweep) {
    if (waiting.remove(sweep)) {
      byPriority.values().forEach(sweeps -> sweeps.remove(sweep));
      byPriority.values().removeIf(Deque::isEmpty);
    }
  }

  /** The next sweep, which then goes behind its equals; null when nobody waits. */
  String next() {
    for (Deque<String> sweeps : byPriority.values()) {
      String sweep = sweeps.removeFirst();
      sweeps.addLast(sweep);
      return sweep;
    }
    return null;
  }
}
