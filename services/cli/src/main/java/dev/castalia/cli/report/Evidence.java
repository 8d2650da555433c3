package dev.castalia.cli.report;

import dev.castalia.cli.gateway.FindingEntry;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Findings of one question, and how they are spread over its answers. */
record Evidence(List<FindingEntry> all) {

  static final String NOT_ENOUGH = "not-enough-data";

  static Evidence of(List<FindingEntry> findings, String kind) {
    return new Evidence(findings.stream().filter(it -> it.kind().equals(kind)).toList());
  }

  Evidence where(Predicate<FindingEntry> wanted) {
    return new Evidence(all.stream().filter(wanted).toList());
  }

  /** Those that come to an answer. */
  List<FindingEntry> decided() {
    return all.stream().filter(it -> !it.verdict().equals(NOT_ENOUGH)).toList();
  }

  long count(String... verdicts) {
    List<String> wanted = Arrays.asList(verdicts);
    return all.stream().filter(it -> wanted.contains(it.verdict())).count();
  }

  /** How many tests came to each. */
  Map<String, Long> verdicts() {
    return all.stream()
        .map(it -> Map.entry(it.verdict(), test(it)))
        .distinct()
        .collect(Collectors.groupingBy(Map.Entry::getKey, TreeMap::new, Collectors.counting()));
  }

  /**
   * What tests are known by: that of continued training is of the base run, the new language, its
   * task, the shots and the metric, whatever task of the old language the finding is about.
   */
  private static List<String> test(FindingEntry finding) {
    return finding.kind().equals("continued-training")
        ? Stream.concat(
                Arrays.stream(finding.subject().split("\\|")).limit(4), Stream.of(finding.metric()))
            .toList()
        : List.of(finding.finding());
  }

  /** The one with that verdict whose effect is largest beside its interval; null for none. */
  FindingEntry clearest(String... verdicts) {
    List<String> wanted = Arrays.asList(verdicts);
    return all.stream()
        .filter(it -> wanted.contains(it.verdict()))
        .filter(it -> it.effect() != null && it.low() != null && it.high() != null)
        .max(Comparator.comparingDouble(Evidence::clearness))
        .orElse(null);
  }

  /** How large its effect is beside its interval; 0 where it has none. */
  static double clearness(FindingEntry finding) {
    return finding.effect() == null || finding.low() == null || finding.high() == null
        ? 0
        : Math.abs(finding.effect()) / Math.max(1e-12, finding.high() - finding.low());
  }
}
