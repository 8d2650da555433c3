package dev.castalia.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.cli.gateway.FindingEntry;
import dev.castalia.cli.text.Numbers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/**
 * From which base step continued training pays, at which learning rate, what it costs in the old
 * language and what it keeps there, in words.
 */
public final class WhatPays {

  private final JsonNode details;
  private final Texts texts;

  WhatPays(JsonNode details, Texts texts) {
    this.details = details;
    this.texts = texts;
  }

  /** Empty where there is nothing to say. */
  public static String of(FindingEntry finding, Language language) {
    return new WhatPays(FindingTable.details(finding), new Texts(language)).text();
  }

  String text() {
    List<String> said = new ArrayList<>();
    if (details.hasNonNull("paysFrom")) {
      said.add(texts.of("place.pays", details.path("paysFrom").asLong()));
    }
    if (details.hasNonNull("bestRate")) {
      said.add(texts.of("place.rate", bestRate()));
    }
    List<JsonNode> best = best();
    if (!best.isEmpty()) {
      said.add(texts.of("place.costs", costs(best), oldTask()));
    }
    String kept = kept(best);
    if (!kept.isEmpty()) {
      said.add(texts.of("place.keeps", kept));
    }
    return String.join("; ", said);
  }

  /** With the data it is the best on, where there are runs on others. */
  private String bestRate() {
    String rate = details.path("bestRate").asText();
    return details.findValuesAsText("variant").stream().distinct().count() < 2
        ? rate
        : "%s (%s)".formatted(rate, texts.code("variant", details.path("bestVariant").asText()));
  }

  /** The task in the old language, with its metric where that is not the finding's. */
  private String oldTask() {
    String task = details.path("oldTask").asText();
    return details.hasNonNull("oldMetric")
        ? "%s (%s)".formatted(task, details.path("oldMetric").asText())
        : task;
  }

  /**
   * From the least loss to the most: those from the latest base step at the best learning rate, or
   * else those that none beats in both languages.
   */
  private List<JsonNode> best() {
    List<JsonNode> runs = new ArrayList<>();
    details.path("runs").forEach(runs::add);
    JsonNode rate = details.path("bestRate");
    long latest = runs.stream().mapToLong(it -> it.path("baseStep").asLong()).max().orElse(0);
    return runs.stream()
        .filter(
            it ->
                rate.isNumber()
                    ? it.path("baseStep").asLong() == latest
                        && it.path("learningRate").asDouble() == rate.asDouble()
                        && it.path("variant").equals(details.path("bestVariant"))
                    : it.path("onFront").asBoolean())
        .sorted(Comparator.comparingDouble(it -> it.path("loss").asDouble()))
        .toList();
  }

  /**
   * What is lost in the old language: of one run with its interval, of several from least to most.
   */
  private String costs(List<JsonNode> best) {
    JsonNode least = best.getFirst();
    if (best.size() > 1) {
      return range(least.path("loss").asDouble(), best.getLast().path("loss").asDouble());
    }
    String loss = Numbers.signed(least.path("loss").asDouble());
    return least.hasNonNull("lossLow") && least.hasNonNull("lossHigh")
        ? "%s (%s)"
            .formatted(
                loss, range(least.path("lossLow").asDouble(), least.path("lossHigh").asDouble()))
        : loss;
  }

  private String range(double low, double high) {
    return texts.of("range", Numbers.signed(low), Numbers.signed(high));
  }

  /** Empty where it is not known of any. */
  private String kept(List<JsonNode> best) {
    DoubleSummaryStatistics kept =
        best.stream()
            .map(it -> it.path("kept"))
            .filter(JsonNode::isNumber)
            .mapToDouble(JsonNode::asDouble)
            .summaryStatistics();
    return kept.getCount() == 0
        ? ""
        : kept.getCount() == 1
            ? Numbers.percent(kept.getMin())
            : texts.of("range", Numbers.percent(kept.getMin()), Numbers.percent(kept.getMax()));
  }
}
