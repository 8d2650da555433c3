package dev.castalia.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.castalia.cli.gateway.FindingEntry;
import dev.castalia.cli.text.Numbers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Findings of one kind as rows, in words. Columns in which nothing stands are left out. */
final class FindingTable {

  /** Answers that say that there is nothing, or nothing out of order. */
  private static final Set<String> NOTHING =
      Set.of(
          "no-difference",
          "no-phase-change",
          "flat",
          "undetermined",
          "not-acquired",
          "expected-identity");

  private static final int MOST_NAMES = 4;

  /** Below it four decimals are all zero. */
  private static final double LEAST_Q = 0.0001;

  /**
   * @param isNumber whether its cells are set to the right
   * @param cell empty where there is nothing to say
   */
  record Column(String title, boolean isNumber, Function<FindingEntry, String> cell) {}

  private final String kind;
  private final List<FindingEntry> findings;
  private final Texts texts;

  FindingTable(String kind, List<FindingEntry> findings, Texts texts) {
    this.kind = kind;
    this.findings = sorted(findings);
    this.texts = texts;
  }

  /** The clearest of each task before others of it; what says nothing later, what cannot last. */
  private static List<FindingEntry> sorted(List<FindingEntry> findings) {
    List<FindingEntry> byClearness =
        findings.stream()
            .sorted(
                Comparator.comparingInt(FindingTable::importance)
                    .thenComparing(Comparator.comparingDouble(Evidence::clearness).reversed()))
            .toList();
    Set<String> seen = new HashSet<>();
    List<FindingEntry> first = new ArrayList<>();
    List<FindingEntry> later = new ArrayList<>();
    for (FindingEntry it : byClearness) {
      boolean isFirst = it.task() == null || seen.add(importance(it) + it.task());
      (isFirst ? first : later).add(it);
    }
    return Stream.concat(first.stream(), later.stream())
        .sorted(Comparator.comparingInt(FindingTable::importance))
        .toList();
  }

  private static int importance(FindingEntry finding) {
    return finding.verdict().equals(Evidence.NOT_ENOUGH)
        ? 2
        : NOTHING.contains(finding.verdict()) ? 1 : 0;
  }

  List<FindingEntry> findings() {
    return findings;
  }

  List<Column> columns() {
    return Stream.of(
            naming().filter(it -> !isSame(it)),
            Stream.of(
                new Column(
                    texts.of("column.verdict"), false, it -> texts.code("verdict", it.verdict())),
                new Column(texts.of("column.effect"), true, it -> effect(it.effect())),
                new Column(texts.of("column.interval"), true, this::interval),
                new Column(
                    texts.of("column.q"), true, it -> it.qValue() == null ? "" : q(it.qValue())),
                new Column(
                    texts.of("column.place." + kind), kind.equals("acquisition"), this::place),
                new Column(
                    texts.of("column.evidence"),
                    true,
                    it -> it.evidence().size() + "/" + it.expected())))
        .flatMap(Function.identity())
        .filter(column -> findings.stream().anyMatch(it -> !column.cell().apply(it).isEmpty()))
        .toList();
  }

  /** What all of them have in common, and no column says; empty where there is nothing. */
  String common() {
    return naming()
        .filter(this::isSame)
        .map(column -> column.cell().apply(findings.getFirst()))
        .filter(it -> !it.isEmpty())
        .collect(Collectors.joining(" · "));
  }

  private Stream<Column> naming() {
    return Stream.of(
        new Column(texts.of("column.about." + kind), false, it -> about(it, texts)),
        new Column(texts.of("column.task"), false, this::task),
        new Column(texts.of("column.metric"), false, FindingTable::metric),
        new Column(texts.of("column.measured"), false, it -> measured(it, texts)),
        new Column(texts.of("column.after"), false, this::after));
  }

  private boolean isSame(Column column) {
    return findings.size() > 1
        && findings.stream().map(column.cell()).distinct().limit(2).count() == 1;
  }

  /** What it is about, without task and metric. */
  static String about(FindingEntry finding, Texts texts) {
    String[] parts = finding.subject().split("\\|");
    return switch (finding.kind()) {
      case "bias-trajectory", "acquisition" -> names(finding.models(), texts);
      case "deduplication" -> texts.of("about.pair", parts[0], variant(parts, texts));
      case "scaling" ->
          texts.of(
              Claims.isOfScores(finding) ? "about.sizes" : "about.gain",
              parts[0],
              data(finding, parts, texts));
      case "seeds" -> names(finding.models(), texts);
      case "continued-training" -> parts.length < 2 ? parts[0] : parts[0] + " → " + parts[1];
      case "suspicious" -> {
        List<String> checkpoints = strings(finding, "checkpoints");
        yield names(checkpoints.isEmpty() ? finding.models() : checkpoints, texts);
      }
      default -> finding.subject();
    };
  }

  private static String variant(String[] parts, Texts texts) {
    return parts.length < 2 ? "" : texts.code("variant", parts[1]);
  }

  /** The variant, and the language where there are runs on data of several. */
  private static String data(FindingEntry finding, String[] parts, Texts texts) {
    String variant = variant(parts, texts);
    return parts.length < 3 || parts[2].equals(finding.task())
        ? variant
        : variant + ", " + parts[2];
  }

  private static String names(List<String> names, Texts texts) {
    return names.size() <= MOST_NAMES
        ? String.join(", ", names)
        : texts.of(
            "names",
            String.join(", ", names.subList(0, MOST_NAMES - 1)),
            names.size() - MOST_NAMES + 1);
  }

  /** Shots, and the precision where it is known. */
  static String measured(FindingEntry finding, Texts texts) {
    if (finding.shots() == null) {
      return "";
    }
    String shots = texts.of("shots", finding.shots());
    return or(finding.dtype()).isEmpty() ? shots : shots + ", " + finding.dtype();
  }

  /** After how much training its runs are compared, where that is at one point of it. */
  private String after(FindingEntry finding) {
    JsonNode details = details(finding);
    return switch (kind) {
      case "scaling" ->
          details.hasNonNull("tokensSeen")
              ? texts.of("after.tokens", Numbers.amount(details.path("tokensSeen").asDouble()))
              : "";
      case "continued-training" ->
          details.path("step").asLong(-1) < 0
              ? ""
              : texts.of("after.steps", details.path("step").asLong());
      default -> "";
    };
  }

  private String task(FindingEntry finding) {
    JsonNode details = details(finding);
    if (details.hasNonNull("oldTask")) {
      return details.path("newTask").asText() + " / " + details.path("oldTask").asText();
    }
    if (finding.task() != null) {
      return finding.task();
    }
    return finding.kind().equals("suspicious")
        ? names(strings(finding, "tasks"), texts)
        : texts.of("all-tasks");
  }

  /** Of what is gained, and of what is lost where it is another. */
  private static String metric(FindingEntry finding) {
    JsonNode details = details(finding);
    return details.hasNonNull("oldMetric")
        ? finding.metric() + " / " + details.path("oldMetric").asText()
        : or(finding.metric());
  }

  private String effect(Double effect) {
    return effect == null
        ? ""
        : kind.equals("seeds") ? Numbers.value(effect) : Numbers.signed(effect);
  }

  private String interval(FindingEntry finding) {
    return finding.low() == null || finding.high() == null
        ? ""
        : texts.of("range", effect(finding.low()), effect(finding.high()));
  }

  /** Where it happens: at which step or size; of what is suspicious, why. */
  private String place(FindingEntry finding) {
    JsonNode details = details(finding);
    return switch (kind) {
      case "acquisition" -> step(details.path("acquired"));
      case "bias-trajectory" ->
          moves(details)
              ? step(details, "onset", "place.begun")
                  + " → "
                  + step(details, "plateau", "place.end")
              : "";
      case "scaling" -> size(finding.verdict(), details.path("shapes").path(0));
      case "seeds" ->
          details.hasNonNull("finalDeviation") && details.hasNonNull("middleDeviation")
              ? Numbers.value(details.path("middleDeviation").asDouble())
                  + " / "
                  + Numbers.value(details.path("finalDeviation").asDouble())
              : "";
      case "continued-training" -> new WhatPays(details, texts).text();
      case "suspicious" ->
          details.hasNonNull("reason")
              ? texts.code("reason", details.path("reason").asText())
              : finding.verdict().startsWith("identical")
                  ? texts.of("reason.none")
                  : names(strings(finding, "steps"), texts);
      default -> "";
    };
  }

  private static boolean moves(JsonNode trajectory) {
    for (JsonNode phase : trajectory.path("phases")) {
      if (!phase.path("direction").asText().equals("steady")) {
        return true;
      }
    }
    return false;
  }

  private String step(JsonNode details, String field, String otherwise) {
    return details.hasNonNull(field) ? step(details.path(field)) : texts.of(otherwise);
  }

  private String step(JsonNode estimate) {
    if (!estimate.hasNonNull("step")) {
      return "";
    }
    long step = estimate.path("step").asLong();
    long low = estimate.path("low").asLong();
    long high = estimate.path("high").asLong();
    return low == high ? Numbers.count(step) : texts.of("place.step", step, low, high);
  }

  private String size(String verdict, JsonNode shape) {
    return switch (verdict) {
      case "sudden" ->
          texts.of(
              "place.between",
              Numbers.parameters(shape.path("fromParameters").asDouble()),
              Numbers.parameters(shape.path("toParameters").asDouble()));
      case "log-linear-above" ->
          texts.of("place.above", Numbers.parameters(shape.path("fromParameters").asDouble()));
      case "log-linear" ->
          shape.hasNonNull("slope")
              ? texts.of("place.slope", Numbers.signed(shape.path("slope").asDouble()))
              : "";
      default -> "";
    };
  }

  static JsonNode details(FindingEntry finding) {
    return finding.details() == null ? MissingNode.getInstance() : finding.details();
  }

  private static List<String> strings(FindingEntry finding, String field) {
    List<String> found = new ArrayList<>();
    details(finding).path(field).forEach(it -> found.add(it.asText()));
    return found;
  }

  private static String or(String text) {
    return text == null ? "" : text;
  }

  private static String q(double value) {
    return value < LEAST_Q ? "< " + Numbers.value(LEAST_Q) : Numbers.value(value);
  }
}
