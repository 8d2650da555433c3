package dev.castalia.cli.report;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.BoardSummary;
import dev.castalia.cli.gateway.FindingEntry;
import dev.castalia.cli.gateway.FindingsPending;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.RunEntry;
import dev.castalia.cli.gateway.TrajectoryEntry;
import dev.castalia.cli.text.Boards;
import dev.castalia.cli.text.Numbers;
import dev.castalia.schemas.Source;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What one source's scores, or Castalia's own, of one precision say: counts, findings and the
 * trajectories to draw.
 *
 * @param source {@code castalia} for Castalia's own
 * @param dtype what was computed in; empty where the source does not say
 * @param boards all that are of it
 * @param checkpoints how many of {@code runs}
 * @param runs of whose scores some are drawn, by name
 * @param pending what the findings did not hold yet
 */
public record Report(
    String source,
    String dtype,
    List<BoardSummary> boards,
    int checkpoints,
    List<FindingEntry> findings,
    List<TrajectoryEntry> drawn,
    Map<String, RunEntry> runs,
    FindingsPending pending) {

  private static final String STANDARD = "standard";
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
   * @param source null for the source with the most scores
   * @param dtype null for float32, or where the source has none of it, what most scores are of
   * @param pending what the findings do not hold yet
   * @throws CommandException if nothing is scored by that source, or in that precision
   */
  public static Report of(
      GatewayClient gateway, String source, String dtype, FindingsPending pending) {
    List<BoardSummary> boards = gateway.leaderboards();
    String chosen =
        source == null ? largest(boards, it -> Source.name(it.source()), Source.OWN) : source;
    List<BoardSummary> measured =
        boards.stream().filter(board -> Source.name(board.source()).equals(chosen)).toList();
    if (source != null && measured.isEmpty()) {
      throw new CommandException(
          "there are no scores of %s: %s"
              .formatted(source, names(boards, it -> Source.name(it.source()), "source")));
    }
    String precision = dtype == null ? usual(measured) : dtype;
    List<BoardSummary> own =
        measured.stream().filter(board -> board.dtype().equals(precision)).toList();
    if (dtype != null && own.isEmpty()) {
      throw new CommandException(
          "there are no scores of %s in %s: %s"
              .formatted(chosen, dtype, names(measured, BoardSummary::dtype, "dtype")));
    }
    List<TrajectoryEntry> drawn = new ArrayList<>();
    Set<String> done = new HashSet<>();
    List<String> names = wanted(own);
    for (BoardSummary board : own) {
      for (String name : names) {
        if (name.startsWith(board.task() + "|") && done.add(name)) {
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
                  .filter(line -> line.dtype().equals(precision))
                  .toList());
        }
      }
    }
    Set<String> models = drawn.stream().map(TrajectoryEntry::model).collect(Collectors.toSet());
    long checkpoints =
        drawn.stream()
            .flatMap(line -> line.points().stream().map(it -> line.model() + "@" + it.revision()))
            .distinct()
            .count();
    return new Report(
        chosen,
        precision,
        own,
        (int) checkpoints,
        gateway.findings().stream()
            .filter(it -> Source.name(it.source()).equals(chosen))
            .filter(it -> it.dtype() == null || it.dtype().equals(precision))
            .toList(),
        drawn,
        gateway.runs().stream()
            .filter(it -> models.contains(it.model()))
            .collect(Collectors.toMap(RunEntry::model, Function.identity())),
        pending);
  }

  /** What to give in place of what there is not. */
  private static String names(
      List<BoardSummary> boards, Function<BoardSummary, String> name, String option) {
    List<String> names =
        boards.stream().map(name).distinct().filter(it -> !it.isEmpty()).sorted().toList();
    return !names.isEmpty()
        ? "give %s as --%s".formatted(String.join(", ", names), option)
        : boards.isEmpty() ? "nothing is scored yet" : "leave --%s out".formatted(option);
  }

  private static String usual(List<BoardSummary> boards) {
    return boards.stream().anyMatch(board -> board.dtype().equals(Boards.USUAL_DTYPE))
        ? Boards.USUAL_DTYPE
        : largest(boards, BoardSummary::dtype, Boards.USUAL_DTYPE);
  }

  /** Which name the most scores have. */
  private static String largest(
      List<BoardSummary> boards, Function<BoardSummary, String> name, String ofNone) {
    Map<String, Integer> sizes = new HashMap<>();
    boards.forEach(board -> sizes.merge(name.apply(board), board.total(), Integer::sum));
    return sizes.entrySet().stream()
        .max(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .orElse(ofNone);
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

  /** Where the numbers are from, and what is drawn of them. */
  String by(Texts texts) {
    return texts.of(
            "by",
            source.equals(Source.OWN) ? texts.of("own") : source,
            boards.stream().map(BoardSummary::task).distinct().count(),
            LocalDate.now().toString())
        + (dtype.isEmpty() ? "" : " " + texts.of("precision", dtype))
        + extent(texts);
  }

  /** What the findings lack, in a sentence; empty when they hold all scores. */
  Optional<String> behind(Texts texts) {
    return pending.complete()
        ? Optional.empty()
        : Optional.of(texts.of("behind", pending.scores(), pending.events() + pending.changes()));
  }

  /** What is drawn, and sizes and steps that it covers. */
  private String extent(Texts texts) {
    LongSummaryStatistics sizes =
        runs.values().stream().mapToLong(RunEntry::parameters).summaryStatistics();
    LongSummaryStatistics steps =
        drawn.stream()
            .flatMap(it -> it.points().stream())
            .mapToLong(TrajectoryEntry.Point::step)
            .summaryStatistics();
    return sizes.getCount() == 0 || steps.getCount() == 0
        ? ""
        : " "
            + texts.of(
                "extent",
                runs.size(),
                checkpoints,
                Numbers.parameters(sizes.getMin()),
                Numbers.parameters(sizes.getMax()),
                steps.getMin(),
                steps.getMax());
  }

  /** The claims in plain text, for a terminal. */
  public List<String> summary(Language language) {
    Texts texts = new Texts(language);
    List<String> lines = new ArrayList<>();
    lines.add(by(texts));
    behind(texts).ifPresent(lines::add);
    for (Claim claim : new Claims(findings, new Directions(boards), texts).all()) {
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
            Comparator.comparing((TrajectoryEntry it) -> size(it.model()))
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

  /** Runs that continue others count steps of their own, and are left out beside those. */
  private void add(Map<String, Chart> charts, List<TrajectoryEntry> lines, Texts texts) {
    TrajectoryEntry any = lines.getFirst();
    String code = any.metric().metric();
    String name = texts.code("metric", code);
    String metric = name.equals(code) ? code : texts.of("plot.metric", name, code);
    Double level = any.metric().target() == null ? any.metric().chance() : any.metric().target();
    String label = texts.of(any.metric().target() == null ? "plot.chance" : "plot.unbiased");
    List<TrajectoryEntry> anew = lines.stream().filter(it -> beginsAnew(it.model())).toList();
    charts.put(
        texts.of("plot.trajectory", any.task(), metric),
        new Chart(
            overTraining(anew.isEmpty() ? lines : anew),
            texts.of("plot.step"),
            name,
            level,
            label));
    lastShared(anew)
        .ifPresent(
            step -> {
              List<Chart.Line> sizes = overSizes(anew, step, texts);
              if (!sizes.isEmpty()) {
                charts.put(
                    texts.of("plot.size", any.task(), metric, step),
                    new Chart(sizes, texts.of("plot.parameters"), name, level, label));
              }
            });
  }

  private List<Chart.Line> overTraining(List<TrajectoryEntry> lines) {
    List<Long> sizes = lines.stream().map(it -> size(it.model())).distinct().sorted().toList();
    return lines.stream()
        .map(
            it ->
                new Chart.Line(
                    it.model(),
                    it.points().stream()
                        .filter(point -> point.value() != null)
                        .map(point -> point(point.step(), point))
                        .toList(),
                    !variant(it.model()).equals(STANDARD),
                    sizes.size() < 2
                        ? 0.5
                        : sizes.indexOf(size(it.model())) / (sizes.size() - 1.0)))
        .filter(it -> !it.points().isEmpty())
        .toList();
  }

  private long size(String model) {
    return runs.containsKey(model) ? runs.get(model).parameters() : 0;
  }

  private String variant(String model) {
    return runs.containsKey(model) ? runs.get(model).variant() : STANDARD;
  }

  private Data data(String model) {
    return new Data(variant(model), runs.containsKey(model) ? runs.get(model).language() : "");
  }

  private boolean beginsAnew(String model) {
    return runs.containsKey(model) && runs.get(model).parent() == null;
  }

  /** The last step that all have. */
  private static Optional<Long> lastShared(List<TrajectoryEntry> lines) {
    return lines.stream()
        .map(line -> line.points().stream().map(TrajectoryEntry.Point::step))
        .map(steps -> steps.collect(Collectors.toSet()))
        .reduce(
            (some, others) -> {
              some.retainAll(others);
              return some;
            })
        .flatMap(shared -> shared.stream().max(Comparator.naturalOrder()));
  }

  /** What runs were trained on. */
  private record Data(String variant, String language) {

    static final Comparator<Data> STANDARD_FIRST =
        Comparator.comparing((Data it) -> !it.isStandard())
            .thenComparing(Data::variant)
            .thenComparing(Data::language);

    boolean isStandard() {
      return variant.equals(STANDARD);
    }
  }

  /** A line for each kind of training data. Of runs that differ only in seed, the first by name. */
  private List<Chart.Line> overSizes(List<TrajectoryEntry> lines, long step, Texts texts) {
    TreeMap<Data, TreeMap<Long, Chart.Point>> kinds = new TreeMap<>(Data.STANDARD_FIRST);
    for (TrajectoryEntry line : lines) {
      long size = size(line.model());
      line.points().stream()
          .filter(it -> it.step() == step && it.value() != null)
          .forEach(
              it ->
                  kinds
                      .computeIfAbsent(data(line.model()), data -> new TreeMap<>())
                      .putIfAbsent(size, point(size, it)));
    }
    boolean isOfSeveralLanguages =
        kinds.keySet().stream().map(Data::language).distinct().count() > 1;
    List<Chart.Line> found = new ArrayList<>();
    kinds.forEach(
        (data, points) -> {
          if (points.size() > 1) {
            String variant = texts.code("variant", data.variant());
            found.add(
                new Chart.Line(
                    isOfSeveralLanguages ? variant + ", " + data.language() : variant,
                    List.copyOf(points.values()),
                    !data.isStandard(),
                    data.isStandard() ? 0.9 : 0.3));
          }
        });
    return found;
  }

  private static Chart.Point point(double x, TrajectoryEntry.Point point) {
    double reach = point.stderr() == null ? 0 : Z_95 * point.stderr();
    return new Chart.Point(x, point.value(), point.value() - reach, point.value() + reach);
  }
}
