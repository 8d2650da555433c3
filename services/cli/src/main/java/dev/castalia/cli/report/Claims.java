package dev.castalia.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.cli.gateway.FindingEntry;
import dev.castalia.cli.report.Claim.Standing;
import dev.castalia.cli.text.Numbers;
import dev.castalia.schemas.Memorization;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Five claims about how language models learn, each held against the findings there are. Nothing is
 * known here of how it should come out: a claim about which no finding comes to an answer is one of
 * which the data cannot say anything.
 */
final class Claims {

  /** The rate at which each comparison over sizes is said to depend on it though it does not. */
  private static final double ALPHA = 0.05;

  /** The rate at which runs are said to go other ways, or to end elsewhere, though they do not. */
  private static final double ALPHA_OF_EACH_HALF = ALPHA / 2;

  private final List<FindingEntry> findings;
  private final Directions directions;
  private final Texts texts;

  Claims(List<FindingEntry> findings, Directions directions, Texts texts) {
    this.findings = findings;
    this.directions = directions;
    this.texts = texts;
  }

  List<Claim> all() {
    return List.of(dataOrder(), deduplication(), genderBias(), abilities(), scaling());
  }

  private Claim dataOrder() {
    Evidence seeds = Evidence.of(findings, "seeds");
    List<String> says = new ArrayList<>();
    List<String> cannot = new ArrayList<>();
    long decided = seeds.decided().size();
    long way = seeds.count("way-differs");
    long end = seeds.count("end-differs");
    long both = seeds.count("way-and-end-differ");
    Standing standing = Standing.SILENT;
    if (decided == 0) {
      cannot.add(texts.of("order.none", seeds.all().size()));
    } else {
      says.add(texts.of("order.counts", decided, way, end, both, seeds.count("no-difference")));
      clearest(seeds, says, "way-differs", "end-differs", "way-and-end-differ");
      long differs = way + both;
      Chance chance = new Chance(seeds.decided().size(), ALPHA_OF_EACH_HALF);
      boolean isBeyondChance = chance.isExceededBy(differs);
      standing =
          !isBeyondChance ? Standing.DISAGREE : end + both == 0 ? Standing.AGREE : Standing.MIXED;
      if (differs > 0 && !isBeyondChance) {
        cannot.add(texts.of("order.chance", differs, chance.expected(), decided));
      }
      if (decided > end + both) {
        cannot.add(texts.of("order.ends", decided - end - both));
      }
      cannot.add(texts.of("order.limits", runs(seeds.decided())));
      notDecided(seeds, cannot);
    }
    return claim("order", standing, says, cannot);
  }

  private Claim deduplication() {
    Evidence every = Evidence.of(findings, "deduplication");
    Evidence all = every.where(it -> it.task() != null);
    Evidence memorization = all.where(Claims::isOfMemorization);
    Evidence abilities = all.where(it -> !isOfMemorization(it));
    List<String> says = new ArrayList<>();
    List<String> cannot = new ArrayList<>();
    long helps = abilities.count("helps");
    long hurts = abilities.count("hurts");
    long lowers = memorization.count("lowers");
    long raises = memorization.count("raises");
    if (abilities.decided().isEmpty()) {
      cannot.add(texts.of("dedup.none", abilities.all().size()));
    } else {
      says.add(
          texts.of(
              "dedup.counts",
              abilities.decided().size(),
              helps,
              hurts,
              abilities.count("no-difference"),
              tasks(abilities.decided())));
      clearest(abilities, says, "helps", "hurts");
      every.where(it -> it.task() == null).decided().forEach(it -> says.add(overall(it)));
      unseen(abilities, cannot);
      notDecided(abilities, cannot);
    }
    if (memorization.decided().isEmpty()) {
      cannot.add(texts.of("dedup.no-memorization", memorization.all().size()));
    } else {
      says.add(
          texts.of(
              "dedup.memorization",
              memorization.decided().size(),
              lowers,
              raises,
              memorization.count("no-difference")));
      clearest(memorization, says, "lowers", "raises");
      cannot.add(texts.of("dedup.memorization-limits"));
    }
    sameRuns(every, cannot);
    boolean decided = !abilities.decided().isEmpty() || !memorization.decided().isEmpty();
    Standing standing = Standing.SILENT;
    if (decided) {
      boolean help = helps > hurts;
      boolean lower = lowers > raises;
      standing =
          help && lower ? Standing.AGREE : help || lower ? Standing.MIXED : Standing.DISAGREE;
    }
    return claim("dedup", standing, says, cannot);
  }

  private String overall(FindingEntry finding) {
    return texts.of(
        "dedup.overall",
        finding.metric(),
        Numbers.value(finding.effect()),
        Numbers.value(finding.low()),
        Numbers.value(finding.high()),
        texts.code("verdict", finding.verdict()));
  }

  /** Runs that are compared for their data, and have checkpoints in common that they should not. */
  private void sameRuns(Evidence comparisons, List<String> cannot) {
    Set<List<String>> pairs = new LinkedHashSet<>();
    for (FindingEntry comparison : comparisons.all()) {
      if (comparison.details() != null) {
        for (JsonNode pair : comparison.details().path("pairs")) {
          pairs.add(List.of(pair.path("standard").asText(), pair.path("other").asText()));
        }
      }
    }
    Evidence identical =
        Evidence.of(findings, "suspicious")
            .where(it -> List.of("identical-results", "identical-weights").contains(it.verdict()));
    for (List<String> pair : pairs) {
      int times = identical.where(it -> it.models().containsAll(pair)).all().size();
      if (times > 0) {
        cannot.add(texts.of("dedup.same-runs", pair.getFirst(), pair.getLast(), times));
      }
    }
  }

  /** How large a difference would have to be to be seen, in the middle of the comparisons. */
  private void unseen(Evidence comparisons, List<String> cannot) {
    double[] reaches =
        comparisons.decided().stream()
            .filter(it -> it.low() != null && it.high() != null)
            .mapToDouble(it -> (it.high() - it.low()) / 2)
            .sorted()
            .toArray();
    if (reaches.length > 0) {
      cannot.add(texts.of("dedup.unseen", Numbers.value(reaches[reaches.length / 2])));
    }
  }

  private static boolean isOfMemorization(FindingEntry finding) {
    return finding.details() != null && finding.details().has("memorization")
        ? finding.details().path("memorization").asBoolean()
        : finding.metric() != null && Memorization.isMeasuredBy(finding.metric());
  }

  private Claim genderBias() {
    Evidence bias = Evidence.of(findings, "bias-trajectory");
    Evidence gender =
        bias.where(
            it ->
                it.task() != null
                    && (it.task().contains("gender") || it.task().contains("pronoun")));
    List<String> says = new ArrayList<>();
    List<String> cannot = new ArrayList<>();
    long away = gender.count("moves-away");
    long nearer = gender.count("moves-nearer");
    long elsewhere = gender.count("moves");
    long still = gender.count("no-phase-change");
    Standing standing = Standing.SILENT;
    if (gender.decided().isEmpty()) {
      cannot.add(texts.of("bias.none", bias.all().size()));
    } else {
      says.add(
          texts.of(
              "bias.counts",
              gender.decided().size(),
              runs(gender.decided()),
              tasks(gender.decided()),
              away,
              nearer,
              elsewhere,
              still));
      onset(gender, says);
      clearest(gender, says, "moves-away", "moves-nearer", "moves");
      standing =
          away > nearer + elsewhere + still
              ? Standing.AGREE
              : away > 0 ? Standing.MIXED : Standing.DISAGREE;
      cannot.add(texts.of("bias.chance", chance(gender).expected(), gender.decided().size()));
      cannot.add(texts.of("bias.limits", String.join(", ", taskNames(gender.decided()))));
      notDecided(gender, cannot);
    }
    return claim("bias", standing, says, cannot);
  }

  private void onset(Evidence gender, List<String> says) {
    double[] steps =
        gender.decided().stream()
            .filter(it -> it.details() != null)
            .map(it -> it.details().path("onset").path("step"))
            .filter(JsonNode::isNumber)
            .mapToDouble(JsonNode::asDouble)
            .sorted()
            .toArray();
    if (steps.length > 0) {
      says.add(
          texts.of(
              "bias.onset",
              steps.length,
              Math.round(steps[0]),
              Math.round(steps[steps.length / 2]),
              Math.round(steps[steps.length - 1])));
    }
  }

  private Claim abilities() {
    Evidence scaling = scalingOfScores().where(it -> directions.has(it) && !isOfMemorization(it));
    Evidence better = scaling.where(directions::isBetter);
    Evidence rising =
        better.where(
            it -> it.verdict().equals("log-linear-above") || it.verdict().equals("sudden"));
    List<String> says = new ArrayList<>();
    List<String> cannot = new ArrayList<>();
    long above = rising.all().size();
    long all = better.count("log-linear");
    long worse = scaling.count("log-linear-above", "sudden", "log-linear") - above - all;
    Standing standing = Standing.SILENT;
    if (scaling.decided().isEmpty()) {
      cannot.add(texts.of("abilities.none", scaling.all().size()));
    } else {
      says.add(
          texts.of(
              "abilities.counts",
              scaling.decided().size(),
              above,
              all,
              worse,
              scaling.count("flat"),
              scaling.count("undetermined"),
              tasks(scaling.decided())));
      if (above > 0) {
        says.add(texts.of("abilities.which", String.join(", ", taskNames(rising.all()))));
      }
      Chance chance = chance(scaling);
      boolean isBeyondChance = chance.isExceededBy(above);
      standing = isBeyondChance ? Standing.AGREE : Standing.DISAGREE;
      if (above > 0 && !isBeyondChance) {
        cannot.add(texts.of("abilities.chance", above, chance.expected(), chance.tests()));
      }
      notDecided(scaling, cannot);
    }
    Evidence acquisition = Evidence.of(findings, "acquisition").where(it -> !isOfMemorization(it));
    if (!acquisition.decided().isEmpty()) {
      says.add(
          texts.of(
              "abilities.acquisition",
              acquisition.decided().size(),
              acquisition.count("sudden"),
              acquisition.count("gradual"),
              acquisition.count("acquired"),
              acquisition.count("not-acquired"),
              acquisition.count("before-first-checkpoint")));
    }
    if (!scaling.decided().isEmpty()) {
      cannot.add(texts.of("abilities.limits"));
    }
    return claim("abilities", standing, says, cannot);
  }

  private Claim scaling() {
    Evidence scaling = scalingOfScores();
    List<String> says = new ArrayList<>();
    List<String> cannot = new ArrayList<>();
    long linear = scaling.count("log-linear", "log-linear-above");
    long sudden = scaling.count("sudden");
    long flat = scaling.count("flat");
    Standing standing = Standing.SILENT;
    if (scaling.decided().isEmpty()) {
      cannot.add(texts.of("scaling.none", scaling.all().size()));
    } else {
      says.add(
          texts.of(
              "scaling.counts",
              scaling.decided().size(),
              scaling.count("log-linear"),
              scaling.count("log-linear-above"),
              sudden,
              flat,
              scaling.count("undetermined"),
              tasks(scaling.decided())));
      Chance chance = chance(scaling);
      int ways =
          (chance.isExceededBy(linear) ? 1 : 0)
              + (chance.isExceededBy(sudden) ? 1 : 0)
              + (flat > 0 ? 1 : 0);
      if (sudden > 0 && !chance.isExceededBy(sudden)) {
        cannot.add(texts.of("scaling.chance", sudden, chance.expected(), chance.tests()));
      }
      standing = ways == 3 ? Standing.AGREE : ways > 0 ? Standing.MIXED : Standing.DISAGREE;
      if (flat > 0) {
        cannot.add(texts.of("scaling.flat", flat));
      }
      if (scaling.count("undetermined") > 0) {
        cannot.add(texts.of("scaling.undetermined", scaling.count("undetermined")));
      }
      notDecided(scaling, cannot);
    }
    Evidence gains = Evidence.of(findings, "scaling").where(it -> !isOfScores(it));
    if (gains.decided().isEmpty()) {
      cannot.add(texts.of("scaling.no-shots"));
    } else {
      says.add(texts.of("scaling.shots", gains.decided().size(), verdicts(gains)));
    }
    return claim("scaling", standing, says, cannot);
  }

  private static Chance chance(Evidence comparisons) {
    return new Chance(comparisons.decided().size(), ALPHA);
  }

  private Evidence scalingOfScores() {
    return Evidence.of(findings, "scaling").where(Claims::isOfScores);
  }

  static boolean isOfScores(FindingEntry finding) {
    return finding.details() == null || !finding.details().path("gainFromShots").isNumber();
  }

  private String verdicts(Evidence evidence) {
    Map<String, Long> counts = new TreeMap<>(evidence.verdicts());
    counts.remove(Evidence.NOT_ENOUGH);
    List<String> parts = new ArrayList<>();
    counts.forEach((verdict, count) -> parts.add(texts.code("verdict", verdict) + " " + count));
    return String.join(", ", parts);
  }

  private String subject(FindingEntry finding) {
    return Stream.of(
            FindingTable.about(finding, texts),
            finding.task(),
            finding.metric(),
            FindingTable.measured(finding, texts))
        .filter(it -> it != null && !it.isEmpty())
        .collect(Collectors.joining(" · "));
  }

  private void clearest(Evidence evidence, List<String> says, String... verdicts) {
    FindingEntry clearest = evidence.clearest(verdicts);
    if (clearest != null) {
      says.add(
          texts.of(
              clearest.kind().equals("seeds") ? "clearest.seeds" : "clearest",
              subject(clearest),
              texts.code("verdict", clearest.verdict()),
              Numbers.value(clearest.effect()),
              Numbers.value(clearest.low()),
              Numbers.value(clearest.high()),
              Math.round(100 * (clearest.confidence() == null ? 0.95 : clearest.confidence())),
              clearest.evidence().size(),
              clearest.expected(),
              texts.code("method", clearest.method())));
    }
  }

  private void notDecided(Evidence evidence, List<String> cannot) {
    long undecided = evidence.count(Evidence.NOT_ENOUGH);
    if (undecided > 0) {
      cannot.add(texts.of("undecided", undecided, evidence.all().size()));
    }
  }

  private Claim claim(String key, Standing standing, List<String> says, List<String> cannot) {
    return new Claim(texts.of(key + ".title"), standing, says, cannot);
  }

  private static long runs(List<FindingEntry> findings) {
    return findings.stream().flatMap(it -> it.models().stream()).distinct().count();
  }

  private static int tasks(List<FindingEntry> findings) {
    return taskNames(findings).size();
  }

  private static List<String> taskNames(List<FindingEntry> findings) {
    return findings.stream()
        .map(FindingEntry::task)
        .filter(task -> task != null)
        .distinct()
        .sorted()
        .toList();
  }
}
