package dev.castalia.gateway.board;

import dev.castalia.events.MetricScore;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.Scorecard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The scorecards of one {@link BoardKey}, and their order by each metric. An order is kept until a
 * scorecard changes. One thread writes, any number read.
 */
final class Board {

  private static final Comparator<Scorecard> BY_VERSION =
      Comparator.comparing(Scorecard::getTaskRegisteredAt).thenComparing(Scorecard::getVersion);

  private final Map<String, Scorecard> cards = new ConcurrentHashMap<>();
  private final AtomicLong changes = new AtomicLong();
  private final Map<String, Ordered> orders = new ConcurrentHashMap<>();
  private volatile Latest latest = new Latest(-1, List.of(), List.of());

  private record Ordered(long changes, List<Standing> standings) {}

  private record Latest(long changes, List<Scorecard> cards, List<MetricSpec> metrics) {}

  void put(String key, Scorecard card) {
    cards.put(key, card);
    changes.incrementAndGet();
  }

  void remove(String key) {
    cards.remove(key);
    changes.incrementAndGet();
  }

  boolean isEmpty() {
    return cards.isEmpty();
  }

  /** Counts up with every change. */
  long changes() {
    return changes.get();
  }

  /** The scorecards of the latest version that was scored, in no order. */
  Collection<Scorecard> latest() {
    return newest().cards;
  }

  /** The metrics that are scored, in the task's order. */
  List<MetricSpec> metrics() {
    return newest().metrics;
  }

  private Latest newest() {
    long now = changes.get();
    Latest known = latest;
    if (known.changes != now) {
      List<Scorecard> ofVersion = ofLatestVersion();
      known = new Latest(now, ofVersion, metrics(ofVersion));
      latest = known;
    }
    return known;
  }

  /** One without metrics is not scored any more: its weights were replaced. */
  private List<Scorecard> ofLatestVersion() {
    List<Scorecard> scored =
        cards.values().stream().filter(card -> !card.getMetrics().isEmpty()).toList();
    return scored.stream()
        .max(BY_VERSION)
        .map(Scorecard::getVersion)
        .map(newest -> scored.stream().filter(card -> card.getVersion().equals(newest)).toList())
        .orElse(List.of());
  }

  private static List<MetricSpec> metrics(List<Scorecard> cards) {
    Map<String, MetricSpec> metrics = new LinkedHashMap<>();
    for (Scorecard card : cards) {
      card.getMetrics().forEach(score -> metrics.put(score.getSpec().getMetric(), score.getSpec()));
    }
    return List.copyOf(metrics.values());
  }

  /** All checkpoints scored by that metric, the best first. */
  List<Standing> order(String metric) {
    long now = changes.get();
    Ordered known = orders.get(metric);
    if (known == null || known.changes != now) {
      known = new Ordered(now, sorted(metric));
      orders.put(metric, known);
    }
    return known.standings;
  }

  private List<Standing> sorted(String metric) {
    List<Standing> standings = new ArrayList<>();
    for (Scorecard card : latest()) {
      score(card, metric).ifPresent(score -> standings.add(Standing.of(card, score)));
    }
    standings.sort(Standing.ORDER);
    return List.copyOf(standings);
  }

  private static Optional<MetricScore> score(Scorecard card, String metric) {
    return card.getMetrics().stream()
        .filter(score -> score.getSpec().getMetric().equals(metric))
        .findFirst();
  }
}
