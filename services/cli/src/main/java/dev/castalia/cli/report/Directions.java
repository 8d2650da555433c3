package dev.castalia.cli.report;

import dev.castalia.cli.gateway.BoardSummary;
import dev.castalia.cli.gateway.FindingEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which way scores get better, where one is: not those that are best nearest to a value. */
final class Directions {

  private record Metric(String task, String metric) {}

  /** 1 where more is better, −1 where less is. */
  private final Map<Metric, Integer> signs = new HashMap<>();

  Directions(List<BoardSummary> boards) {
    for (BoardSummary board : boards) {
      board
          .metrics()
          .forEach(
              it -> {
                switch (it.direction()) {
                  case "HIGHER" -> signs.put(new Metric(board.task(), it.metric()), 1);
                  case "LOWER" -> signs.put(new Metric(board.task(), it.metric()), -1);
                  default -> {}
                }
              });
    }
  }

  boolean has(FindingEntry finding) {
    return sign(finding) != 0;
  }

  /** Whether its effect is a gain. */
  boolean isBetter(FindingEntry finding) {
    return finding.effect() != null && sign(finding) * finding.effect() > 0;
  }

  private int sign(FindingEntry finding) {
    return signs.getOrDefault(new Metric(finding.task(), finding.metric()), 0);
  }
}
