package dev.castalia.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.AcquisitionCurve;
import dev.castalia.events.Aggregation;
import dev.castalia.events.BiasTrajectory;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.ContinuedTraining;
import dev.castalia.events.DeduplicationEffect;
import dev.castalia.events.Direction;
import dev.castalia.events.Finding;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.ScoreReported;
import dev.castalia.events.SuspiciousCheckpoints;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;

/** From scores to findings, on reported scores of small made-up suites. */
class FindingsTest {

  private static final long[] STEPS = {0, 1, 8, 64, 256, 512, 1000, 2000, 4000, 8000};
  private static final MetricSpec ACC =
      new MetricSpec("acc", Aggregation.MEAN, Direction.HIGHER, null, 0.25);
  private static final MetricSpec STEREOTYPE =
      new MetricSpec("pct_stereotype", Aggregation.MEAN, Direction.NEAREST, 0.5, null);

  private final List<ScoreReported> scores = new ArrayList<>();
  private final Random random = new Random(7);

  private static CheckpointPublished.Builder checkpoint(String model, long step) {
    return CheckpointPublished.newBuilder(Mesh.checkpoint(model, step)).setSuite("made-up");
  }

  private void report(
      CheckpointPublished checkpoint,
      String task,
      String language,
      MetricSpec metric,
      double value) {
    report(checkpoint, task, language, metric, 0, value);
  }

  private void report(
      CheckpointPublished checkpoint,
      String task,
      String language,
      MetricSpec metric,
      int shots,
      double value) {
    scores.add(
        ScoreReported.newBuilder()
            .setCheckpoint(checkpoint)
            .setTask(task)
            .setLanguage(language)
            .setShots(shots)
            .setMetric(metric)
            .setValue(value + 0.005 * random.nextGaussian())
            .setStderr(0.01)
            .setDocuments(1000)
            .setSource("somebody")
            .setReportedAt(Mesh.START)
            .build());
  }

  /** A run that learns between steps 256 and 1000, from .25 to that. */
  private void run(String model, long parameters, String variant, String task, double end) {
    for (long step : STEPS) {
      CheckpointPublished checkpoint =
          checkpoint(model, step).setParameters(parameters).setVariant(variant).build();
      report(
          checkpoint,
          task,
          "en",
          ACC,
          step <= 256 ? 0.25 : step < 1000 ? 0.25 + (end - 0.25) / 2 : end);
    }
  }

  private static Map<String, Finding> findings(List<ScoreReported> scores) {
    try (Mesh mesh = new Mesh()) {
      scores.forEach(mesh::put);
      return settled(mesh, new TreeMap<>());
    }
  }

  /** What stands when nothing changes any more, by id, as if computed at one time. */
  private static Map<String, Finding> settled(Mesh mesh, Map<String, Finding> findings) {
    int quiet = 0;
    while (quiet < 5) {
      mesh.pass(Duration.ofSeconds(1));
      Map<String, Finding> now = mesh.findings();
      quiet = now.isEmpty() ? quiet + 1 : 0;
      now.forEach(
          (key, finding) -> {
            if (finding == null) {
              findings.remove(key);
            } else {
              findings.put(key, Finding.newBuilder(finding).setComputedAt(Instant.EPOCH).build());
            }
          });
    }
    return findings;
  }

  @Test
  void anAbilityIsFoundWithTheStepWhereItAppears() {
    run("small", 1_000_000, "standard", "sums", 0.8);

    Finding found = findings(scores).get("acquisition|small|sums|acc|0||somebody");

    assertThat(found.getVerdict()).isEqualTo("sudden");
    assertThat(((AcquisitionCurve) found.getDetails()).getAcquired().getStep())
        .isBetween(256L, 1000L);
    assertThat(found.getEvidence()).hasSize(STEPS.length).contains("small@step512");
    assertThat(found.getExpected()).isEqualTo(STEPS.length);
    assertThat(found.getSource()).isEqualTo("somebody");
  }

  @Test
  void aBiasIsFoundWithItsPhases() {
    for (long step : STEPS) {
      report(checkpoint("small", step).build(), "nurses", "en", STEREOTYPE, step < 512 ? 0.5 : 0.9);
    }

    Finding found = findings(scores).get("bias-trajectory|small|nurses|pct_stereotype|0||somebody");

    assertThat(found.getVerdict()).isEqualTo("moves-away");
    BiasTrajectory details = (BiasTrajectory) found.getDetails();
    assertThat(details.getOnset().getStep()).isEqualTo(256);
    assertThat(details.getPlateau().getStep()).isEqualTo(512);
    assertThat(details.getPoints()).hasSize(STEPS.length);
  }

  @Test
  void deduplicationHelpsWhereItDoesAndNowhereElse() {
    for (int size = 1; size <= 5; size++) {
      for (String task : List.of("recall", "sums", "plurals", "tenses")) {
        double end = 0.4 + 0.05 * size;
        run("m" + size, size * 1_000_000L, "standard", task, end);
        run(
            "m" + size + "-deduped",
            size * 1_000_000L,
            "deduped",
            task,
            task.equals("recall") ? end + 0.05 : end);
      }
    }

    Map<String, Finding> found = findings(scores);

    String id = "deduplication|made-up|deduped|%s|acc|0||somebody";
    assertThat(found.get(id.formatted("recall")).getVerdict()).isEqualTo("helps");
    assertThat(found.get(id.formatted("recall")).getEffect()).isBetween(0.04, 0.06);
    assertThat(found.get(id.formatted("sums")).getVerdict()).isEqualTo("no-difference");
    assertThat(((DeduplicationEffect) found.get(id.formatted("sums")).getDetails()).getTests())
        .isEqualTo(4);
    assertThat(found.get(id.formatted("*")).getVerdict()).isEqualTo("helps");
  }

  @Test
  void whatExamplesAddIsFoundToGrowWithTheSizeWhereItDoes() {
    for (int size = 0; size < 7; size++) {
      CheckpointPublished last =
          checkpoint("m" + size, 8000).setParameters(1_000_000L << size).build();
      for (String task : List.of("recall", "sums")) {
        report(last, task, "en", ACC, 0, 0.4);
        report(last, task, "en", ACC, 5, task.equals("recall") ? 0.4 + 0.05 * size : 0.4);
      }
    }

    Map<String, Finding> found = findings(scores);

    String id = "scaling|made-up|standard|%s|acc|5||somebody|gain";
    assertThat(found.get(id.formatted("recall")).getVerdict()).isEqualTo("log-linear");
    assertThat(found.get(id.formatted("recall")).getEffect()).isBetween(0.25, 0.35);
    assertThat(found.get(id.formatted("sums")).getVerdict()).isEqualTo("flat");
  }

  @Test
  void seedsThatGoAnotherWayToTheSameEndDifferInTheWayAndNoOthersDo() {
    for (int seed = 0; seed < 4; seed++) {
      for (long step : STEPS) {
        CheckpointPublished checkpoint =
            checkpoint("m-seed" + seed, step).setParameters(1_000_000).setSeed((long) seed).build();
        for (String task : List.of("recall", "sums")) {
          double middle = task.equals("recall") ? 0.4 + 0.08 * seed : 0.5;
          double value = step <= 256 ? 0.25 : step <= 1000 ? middle : 0.8;
          report(checkpoint, task, "en", ACC, value);
        }
      }
    }

    Map<String, Finding> found = findings(scores);

    String id = "seeds|made-up|1000000|standard|en|%s|acc|0||somebody";
    assertThat(found.get(id.formatted("recall")).getVerdict()).isEqualTo("way-differs");
    assertThat(found.get(id.formatted("sums")).getVerdict()).isEqualTo("no-difference");
  }

  @Test
  void aScoreThatJumpsOutAndBackIsSuspicious() {
    for (String task : List.of("sums", "plurals")) {
      for (String model : List.of("a", "b")) {
        run(model, 1_000_000, "standard", task, 0.8);
      }
    }
    scores.replaceAll(
        it ->
            it.getCheckpoint().getModel().equals("b") && it.getCheckpoint().getStep() == 4000
                ? ScoreReported.newBuilder(it).setValue(0.3).build()
                : it);

    Map<String, Finding> found = findings(scores);

    SuspiciousCheckpoints details =
        (SuspiciousCheckpoints) found.get("suspicious|jump|b||somebody").getDetails();
    assertThat(details.getCheckpoints()).containsExactly("b@step4000");
    assertThat(found).doesNotContainKey("suspicious|jump|a||somebody");
  }

  @Test
  void trainingOnPaysFromTheStepWhereItDoes() {
    for (long step : new long[] {64, 512, 2000}) {
      report(checkpoint("base", step).build(), "korean", "ko", ACC, 0.25);
      report(checkpoint("base", step).build(), "english", "en", ACC, 0.6);
      CheckpointPublished child =
          checkpoint("base-ko-from" + step, 300)
              .setLanguage("ko")
              .setParent("base@step" + step)
              .setLearningRate(0.001)
              .build();
      report(child, "korean", "ko", ACC, step < 512 ? 0.4 : 0.7);
      report(child, "english", "en", ACC, 0.45);
    }

    Finding found =
        findings(scores).get("continued-training|base|ko|korean|0|english|acc|0||somebody");

    assertThat(found.getVerdict()).isEqualTo("pays");
    ContinuedTraining details = (ContinuedTraining) found.getDetails();
    assertThat(details.getPaysFrom()).isEqualTo(512);
    assertThat(details.getRuns()).hasSize(3);
    assertThat(details.getRuns().getLast().getLoss()).isBetween(0.12, 0.18);
  }

  @Test
  void aStepThatTheOtherRunsHaveIsMissed() {
    for (String model : List.of("a", "b", "c")) {
      run(model, 1_000_000, "standard", "sums", 0.8);
    }
    scores.removeIf(
        it -> it.getCheckpoint().getModel().equals("b") && it.getCheckpoint().getStep() == 1000);

    Finding found = findings(scores).get("suspicious|missing-steps|made-up|b||somebody");

    assertThat(((SuspiciousCheckpoints) found.getDetails()).getSteps()).containsExactly(1000L);
  }

  @Test
  void aFindingThatHasLostItsGroundsIsWithdrawn() {
    for (String model : List.of("a", "b", "c")) {
      run(model, 1_000_000, "standard", "sums", 0.8);
    }
    List<ScoreReported> late =
        scores.stream()
            .filter(it -> it.getCheckpoint().getModel().equals("b"))
            .filter(it -> it.getCheckpoint().getStep() == 1000)
            .toList();
    scores.removeAll(late);
    try (Mesh mesh = new Mesh()) {
      scores.forEach(mesh::put);
      Map<String, Finding> found = settled(mesh, new TreeMap<>());
      assertThat(found).containsKey("suspicious|missing-steps|made-up|b||somebody");

      late.forEach(mesh::put);

      assertThat(settled(mesh, found))
          .doesNotContainKey("suspicious|missing-steps|made-up|b||somebody");
    }
  }

  @Test
  void aCheckpointOfACorrectedStepCountsOnce() {
    run("small", 1_000_000, "standard", "sums", 0.8);
    ScoreReported last = scores.getLast();
    scores.add(with(last, checkpointOf(last).setStep(16000).build()));
    try (Mesh mesh = new Mesh()) {
      for (ScoreReported score : scores) {
        mesh.put(score);
        mesh.pass(Duration.ofMillis(300));
      }

      Finding found = settled(mesh, new TreeMap<>()).get("acquisition|small|sums|acc|0||somebody");
      assertThat(found.getExpected()).isEqualTo(STEPS.length);
    }
  }

  @Test
  void runsOfACorrectedSuiteLeaveNoFindingInTheOldOne() {
    for (String model : List.of("a", "b", "c")) {
      run(model, 1_000_000, "standard", "sums", 0.8);
    }
    scores.removeIf(
        it -> it.getCheckpoint().getModel().equals("b") && it.getCheckpoint().getStep() == 1000);
    try (Mesh mesh = new Mesh()) {
      scores.forEach(mesh::put);
      Map<String, Finding> found = settled(mesh, new TreeMap<>());
      assertThat(found).containsKey("suspicious|missing-steps|made-up|b||somebody");

      scores.forEach(it -> mesh.put(with(it, checkpointOf(it).setSuite("corrected").build())));

      settled(mesh, found);
      assertThat(found).containsKey("suspicious|missing-steps|corrected|b||somebody");
      assertThat(found.values()).extracting(Finding::getSuite).containsOnly("corrected");
    }
  }

  @Test
  void aRunOfACorrectedParentLeavesNoFindingAtTheOldOne() {
    for (String base : List.of("right", "wrong")) {
      report(checkpoint(base, 64).build(), "korean", "ko", ACC, 0.25);
      report(checkpoint(base, 64).build(), "english", "en", ACC, 0.6);
    }
    List<ScoreReported> bases = List.copyOf(scores);
    for (long step : STEPS) {
      CheckpointPublished child =
          checkpoint("child", step).setLanguage("ko").setParent("wrong@step64").build();
      report(child, "korean", "ko", ACC, step == 4000 ? 0.2 : 0.7);
      report(child, "english", "en", ACC, step == 4000 ? 0.2 : 0.45);
    }
    String continued = "continued-training|%s|ko|korean|0|english|acc|0||somebody";
    String jump = "suspicious|jump|child|%s@step64||somebody";
    try (Mesh mesh = new Mesh()) {
      scores.forEach(mesh::put);
      Map<String, Finding> found = settled(mesh, new TreeMap<>());
      assertThat(found).containsKeys(continued.formatted("wrong"), jump.formatted("wrong"));

      scores.removeAll(bases);
      scores.forEach(it -> mesh.put(with(it, checkpointOf(it).setParent("right@step64").build())));

      assertThat(settled(mesh, found))
          .containsKeys(continued.formatted("right"), jump.formatted("right"))
          .doesNotContainKeys(continued.formatted("wrong"), jump.formatted("wrong"));
    }
  }

  private static CheckpointPublished.Builder checkpointOf(ScoreReported score) {
    return CheckpointPublished.newBuilder(score.getCheckpoint());
  }

  private static ScoreReported with(ScoreReported score, CheckpointPublished checkpoint) {
    return ScoreReported.newBuilder(score).setCheckpoint(checkpoint).build();
  }

  @Test
  void whatIsReportedAgainChangesNothing() {
    run("small", 1_000_000, "standard", "sums", 0.8);
    try (Mesh mesh = new Mesh()) {
      scores.forEach(mesh::put);
      settled(mesh, new TreeMap<>());

      scores.forEach(mesh::put);
      mesh.pass(Duration.ofSeconds(5));

      assertThat(mesh.findings()).isEmpty();
    }
  }

  @Tag("slow")
  @Property(tries = 6)
  void inWhateverOrderScoresComeTheFindingsAreTheSame(@ForAll long order) {
    scores.clear();
    for (String model : List.of("a", "b", "c", "d", "e")) {
      run(model, 1_000_000L * (1 + model.charAt(0) - 'a'), "standard", "sums", 0.6);
      run(model + "-deduped", 1_000_000L * (1 + model.charAt(0) - 'a'), "deduped", "sums", 0.7);
    }
    Map<String, Finding> expected = findings(scores);
    assertThat(expected).hasSizeGreaterThan(10);

    Random shuffled = new Random(order);
    List<ScoreReported> events = new ArrayList<>(scores);
    events.addAll(scores.subList(0, scores.size() / 2));
    Collections.shuffle(events, shuffled);
    Map<String, Finding> found = new TreeMap<>();
    try (Mesh mesh = new Mesh()) {
      for (ScoreReported event : events) {
        mesh.put(event);
        if (shuffled.nextInt(20) == 0) {
          mesh.pass(Duration.ofMillis(shuffled.nextInt(3000)));
        }
      }
      found.putAll(settled(mesh, new TreeMap<>()));
    }

    assertThat(found).isEqualTo(expected);
  }
}
