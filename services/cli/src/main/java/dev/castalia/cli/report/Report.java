package dev.castalia.cli.report;

import dev.castalia.cli.gateway.BoardSummary;
import dev.castalia.cli.gateway.FindingEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Leaderboard;
import dev.castalia.cli.gateway.TrajectoryEntry;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What one source's scores, or Castalia's own, say: counts, findings and the trajectories to draw.
 *
 * @param source {@code castalia} for Castalia's own
 * @param parameters by model
 */
public record Report(
    String source,
    int tasks,
    int checkpoints,
    List<FindingEntry> findings,
    List<TrajectoryEntry> drawn,
    Map<String, Long> parameters) {

  private static final String OWN = "castalia";
  private static final int MOST_ENTRIES = 1000;
  private static final double Z_95 = 1.959963984540054;

  /** Curves that readers of the claims ask for, where they are among the scores. */
  private static final List<String> WANTED =
      List.of(
          "lambada_openai|acc",
          "crows_pairs_english_gender|pct_stereotype",
          "arc_challenge|acc_norm",
          "sciq|acc",
          "nano_agreement|acc",
          "nano_pronoun_bias|pct_stereotype",
          "nano_sum|acc",
          "nano_memorization|memorization_score");

  private static final int MOST_DRAWN = 4;

  /**
   * Gathers it.
   *
   * @param source null for the source with the most boards
   */
  public static Report of(GatewayClient gateway, String source) {
    List<BoardSummary> boards = gateway.leaderboards();
    String chosen = source == null ? largest(boards) : source;
    List<BoardSummary> own =
        boards.stream().filter(board -> name(board.source()).equals(chosen)).toList();
    Map<String, Long> parameters = new HashMap<>();
    Set<String> checkpoints = new HashSet<>();
    List<TrajectoryEntry> drawn = new ArrayList<>();
    List<String> names = wanted(own);
    for (BoardSummary board : own) {
      for (String name : names) {
        if (name.startsWith(board.task() + "|")
            && drawn.stream()
                .noneMatch(it -> (it.task() + "|" + it.metric().metric()).equals(name))) {
          Map<String, String> filter =
              Map.of(
                  "task",
                  board.task(),
                  "metric",
                  name.substring(board.task().length() + 1),
                  "source",
                  chosen);
          drawn.addAll(
              gateway.trajectories(filter).stream()
                  .filter(line -> line.shots() == board.shots())
                  .toList());
          Leaderboard entries =
              gateway.leaderboard(
                  board.task(),
                  MOST_ENTRIES,
                  Map.of("source", chosen, "shots", Integer.toString(board.shots())));
          entries
              .entries()
              .forEach(
                  it -> {
                    parameters.put(it.model(), it.parameters());
                    checkpoints.add(it.model() + "@" + it.revision());
                  });
        }
      }
    }
    return new Report(
        chosen,
        (int) own.stream().map(BoardSummary::task).distinct().count(),
        checkpoints.size(),
        gateway.findings().stream().filter(it -> name(it.source()).equals(chosen)).toList(),
        drawn,
        parameters);
  }

  private static String name(String source) {
    return Objects.requireNonNullElse(source, OWN);
  }

  private static String largest(List<BoardSummary> boards) {
    Map<String, Integer> sizes = new HashMap<>();
    boards.forEach(board -> sizes.merge(name(board.source()), board.total(), Integer::sum));
    return sizes.entrySet().stream()
        .max(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .orElse(OWN);
  }

  /** Those that are there of the wanted ones; else the first task's main metric. */
  private static List<String> wanted(List<BoardSummary> own) {
    Set<String> there = new HashSet<>();
    own.forEach(
        board -> board.metrics().forEach(it -> there.add(board.task() + "|" + it.metric())));
    List<String> found = WANTED.stream().filter(there::contains).limit(MOST_DRAWN).toList();
    return !found.isEmpty() || own.isEmpty()
        ? found
        : List.of(own.getFirst().task() + "|" + own.getFirst().metrics().getFirst().metric());
  }

  /** Where the numbers are from, in a sentence. */
  String by(Texts texts) {
    return texts.of(
        "by", source, parameters.size(), checkpoints, tasks, LocalDate.now().toString());
  }

  /** The claims in plain text, for a terminal. */
  public List<String> summary(Language language) {
    Texts texts = new Texts(language);
    List<String> lines = new ArrayList<>();
    lines.add(by(texts));
    for (Claim claim : new Claims(findings, texts).all()) {
      lines.add("");
      lines.add(claim.title() + " — " + texts.of("standing." + claim.standing()));
      claim.says().forEach(it -> lines.add("  + " + it));
      claim.cannotSay().forEach(it -> lines.add("  ? " + it));
    }
    return lines;
  }

  /** The whole as an HTML page. */
  public String html(Language language) {
    return new Html(this, new Texts(language)).page();
  }

  /** By title. */
  Map<String, Chart> charts(Texts texts) {
    Map<String, List<TrajectoryEntry>> groups = new LinkedHashMap<>();
    drawn.stream()
        .sorted(
            Comparator.comparing((TrajectoryEntry it) -> parameters.getOrDefault(it.model(), 0L))
                .thenComparing(TrajectoryEntry::model))
        .forEach(
            it ->
                groups
                    .computeIfAbsent(it.task() + "|" + it.metric().metric(), k -> new ArrayList<>())
                    .add(it));
    Map<String, Chart> charts = new LinkedHashMap<>();
    for (String name : WANTED) {
      List<TrajectoryEntry> lines = groups.remove(name);
      if (lines != null) {
        add(charts, lines, texts);
      }
    }
    groups.values().forEach(lines -> add(charts, lines, texts));
    return charts;
  }

  private void add(Map<String, Chart> charts, List<TrajectoryEntry> lines, Texts texts) {
    TrajectoryEntry any = lines.getFirst();
    String metric = any.metric().metric();
    Double level = any.metric().target() == null ? any.metric().chance() : any.metric().target();
    String label = texts.of(any.metric().target() == null ? "plot.chance" : "plot.unbiased");
    charts.put(
        texts.of("plot.trajectory", any.task(), metric),
        new Chart(overTraining(lines), texts.of("plot.step"), level, label));
    List<Chart.Line> sizes = overSizes(lines);
    if (!sizes.isEmpty()) {
      charts.put(
          texts.of("plot.size", any.task(), metric),
          new Chart(sizes, texts.of("plot.parameters"), level, label));
    }
  }

  private List<Chart.Line> overTraining(List<TrajectoryEntry> lines) {
    List<Long> sizes =
        lines.stream()
            .map(it -> parameters.getOrDefault(it.model(), 0L))
            .distinct()
            .sorted()
            .toList();
    return lines.stream()
        .map(
            it ->
                new Chart.Line(
                    it.model(),
                    it.points().stream()
                        .filter(point -> point.value() != null)
                        .map(point -> point(point.step(), point))
                        .toList(),
                    it.model().contains("deduped"),
                    sizes.size() < 2
                        ? 0.5
                        : sizes.indexOf(parameters.getOrDefault(it.model(), 0L))
                            / (sizes.size() - 1.0)))
        .filter(it -> !it.points().isEmpty())
        .toList();
  }

  /** At the last step that all runs have; a line for standard and one for deduplicated data. */
  private List<Chart.Line> overSizes(List<TrajectoryEntry> lines) {
    Set<Long> shared = null;
    for (TrajectoryEntry line : lines) {
      Set<Long> steps = new HashSet<>();
      line.points().forEach(it -> steps.add(it.step()));
      if (shared == null) {
        shared = steps;
      } else {
        shared.retainAll(steps);
      }
    }
    if (shared == null || shared.isEmpty()) {
      return List.of();
    }
    long last = shared.stream().max(Comparator.naturalOrder()).orElseThrow();
    List<Chart.Line> found = new ArrayList<>();
    for (boolean deduped : List.of(false, true)) {
      List<Chart.Point> points = new ArrayList<>();
      for (TrajectoryEntry line : lines) {
        if (line.model().contains("deduped") == deduped && parameters.containsKey(line.model())) {
          line.points().stream()
              .filter(it -> it.step() == last && it.value() != null)
              .forEach(it -> points.add(point(parameters.get(line.model()), it)));
        }
      }
      if (points.size() > 1) {
        found.add(
            new Chart.Line(deduped ? "deduped" : "standard", points, deduped, deduped ? 0.3 : 0.9));
      }
    }
    return found;
  }

  private static Chart.Point point(double x, TrajectoryEntry.Point point) {
    double reach = point.stderr() == null ? 0 : Z_95 * point.stderr();
    return new Chart.Point(x, point.value(), point.value() - reach, point.value() + reach);
  }
}
