package dev.castalia.topology;

import static dev.castalia.topology.Mesh.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.events.Aggregation;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.DeduplicationEffect;
import dev.castalia.events.Direction;
import dev.castalia.events.Finding;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.MetricValues;
import dev.castalia.events.RunPair;
import dev.castalia.events.ScoreReported;
import dev.castalia.events.SliceScored;
import dev.castalia.events.TaskRegistered;
import dev.castalia.events.UnitId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** What deduplication does to memorization, by the documents of a pair of runs. */
class PairedDocumentsTest {

  private static final String TASK = "recite";
  private static final String ID = "deduplication|nano|deduped|recite|extractable|0|float32";
  private static final MetricSpec EXTRACTABLE =
      new MetricSpec("extractable", Aggregation.MEAN, Direction.LOWER, null, null);
  private static final int SLICE = 4;

  private static final double[] STANDARD = {1, 1, 1, 0, 0, 0, 1, 0};

  /** 2 right that are not right above. */
  private static final double[] DEDUPED = {1, 1, 1, 1, 1, 0, 1, 0};

  /** By hand: √((2 − 2²/8) / (8 · 7)); of independent scores it would be 0.25. */
  private static final double PAIRED = 0.1636634;

  private static TaskRegistered task(String version) {
    return TaskRegistered.newBuilder(
            Mesh.task(TASK, version, STANDARD.length, SLICE, START.plusSeconds(version.charAt(1))))
        .setMetrics(List.of(EXTRACTABLE))
        .build();
  }

  private static CheckpointPublished checkpoint(String model, String variant) {
    return CheckpointPublished.newBuilder(Mesh.checkpoint(model, 8)).setVariant(variant).build();
  }

  private static List<SpecificRecord> publications() {
    return List.of(task("v1"), checkpoint("m", "standard"), checkpoint("m-deduped", "deduped"));
  }

  private static SliceScored slice(
      String model, String version, String weights, int start, double[] values) {
    return SliceScored.newBuilder()
        .setUnit(new UnitId(model + "@step8", TASK, version, 0, Mesh.FLOAT32, start, start + SLICE))
        .setMetrics(
            List.of(
                new MetricValues(
                    "extractable",
                    Arrays.stream(values, start, start + SLICE).boxed().toList(),
                    List.of())))
        .setFingerprint(weights)
        .setRequest("request")
        .setAttempt(1)
        .setScorer("scorer-1")
        .setDevice("cpu")
        .setTokens(10L)
        .setSeconds(0.1)
        .setScoredAt(START)
        .build();
  }

  private static List<SpecificRecord> scores(String model, String weights, double[] values) {
    return List.of(
        slice(model, "v1", weights, 0, values), slice(model, "v1", weights, SLICE, values));
  }

  private static List<SpecificRecord> everything(double[] standard, double[] deduped) {
    List<SpecificRecord> events = new ArrayList<>(publications());
    events.addAll(scores("m", "a", standard));
    events.addAll(scores("m-deduped", "b", deduped));
    return events;
  }

  private static Finding found(List<SpecificRecord> events) {
    try (Mesh mesh = new Mesh()) {
      events.forEach(mesh::put);
      return found(mesh, ID);
    }
  }

  private static Finding found(Mesh mesh, String id) {
    mesh.pass(Duration.ofSeconds(10));
    Finding found = mesh.findings().get(id);
    return found == null ? null : Finding.newBuilder(found).setComputedAt(Instant.EPOCH).build();
  }

  private static RunPair pair(Finding found) {
    return ((DeduplicationEffect) found.getDetails()).getPairs().getFirst();
  }

  @Test
  void whatTheFindingsDoNotHoldYetIsToldUntilTheyDo() {
    try (Mesh mesh = new Mesh()) {
      everything(STANDARD, DEDUPED).forEach(mesh::put);
      mesh.pass(Duration.ofMillis(200));
      mesh.findings();
      assertThat(mesh.pendingFindings()).isPositive();

      assertThat(found(mesh, ID)).isNotNull();
      assertThat(mesh.pendingFindings()).isZero();
    }
  }

  @Test
  void theErrorIsThatOfTheDocumentsDifferences() {
    Finding found = found(everything(STANDARD, DEDUPED));

    assertThat(found.getMethod()).isEqualTo("paired-z-by-document");
    assertThat(pair(found).getDocuments()).isEqualTo(8);
    assertThat(pair(found).getStderr()).isCloseTo(PAIRED, within(1e-7));
    assertThat(found.getEffect()).isCloseTo(0.25, within(1e-12));
    assertThat(found.getHigh()).isCloseTo(0.25 + 1.959964 * PAIRED, within(1e-6));
    assertThat(found.getEvidence()).containsExactly("m-deduped@step8", "m@step8");
  }

  @Test
  void theOppositeScoresHaveTheOppositeEffect() {
    Finding found = found(everything(DEDUPED, STANDARD));

    assertThat(found.getEffect()).isCloseTo(-0.25, within(1e-12));
    assertThat(pair(found).getStderr()).isCloseTo(PAIRED, within(1e-7));
  }

  @Test
  void aTaskOfMoreDocumentsThanAreKeptIsComparedAsBefore() {
    List<SpecificRecord> events = new ArrayList<>();
    events.add(
        TaskRegistered.newBuilder(Mesh.task(TASK, 100_004, 100_004))
            .setMetrics(List.of(EXTRACTABLE))
            .build());
    events.addAll(publications().subList(1, 3));
    for (String model : List.of("m", "m-deduped")) {
      List<Double> values = new ArrayList<>(Collections.nCopies(100_004, 0.0));
      values.set(model.length(), 1.0);
      SliceScored score = slice(model, "v1", model, 0, STANDARD);
      events.add(
          SliceScored.newBuilder(score)
              .setUnit(UnitId.newBuilder(score.getUnit()).setEnd(100_004).build())
              .setMetrics(List.of(new MetricValues("extractable", values, List.of())))
              .build());
    }

    Finding found = found(events);

    assertThat(found.getMethod()).isEqualTo("paired-z");
    assertThat(pair(found).getDocuments()).isNull();
    assertThat(pair(found).getStderr()).isPositive();
  }

  @Test
  void reportedScoresAreTakenForIndependent() {
    try (Mesh mesh = new Mesh()) {
      for (SpecificRecord it : publications().subList(1, 3)) {
        CheckpointPublished checkpoint = (CheckpointPublished) it;
        mesh.put(
            ScoreReported.newBuilder()
                .setCheckpoint(checkpoint)
                .setTask(TASK)
                .setLanguage("en")
                .setShots(0)
                .setMetric(EXTRACTABLE)
                .setValue(checkpoint.getVariant().equals("standard") ? 0.5 : 0.75)
                .setStderr(0.03)
                .setDocuments(8)
                .setSource("somebody")
                .setReportedAt(START)
                .build());
      }

      Finding found = found(mesh, "deduplication|nano|deduped|recite|extractable|0||somebody");

      assertThat(found.getMethod()).isEqualTo("paired-z");
      assertThat(pair(found).getDocuments()).isNull();
      assertThat(pair(found).getStderr()).isCloseTo(0.03 * Math.sqrt(2), within(1e-12));
    }
  }

  @Test
  void otherWeightsAreComparedByTheirOwnDocuments() {
    try (Mesh mesh = new Mesh()) {
      everything(STANDARD, STANDARD).forEach(mesh::put);
      assertThat(pair(found(mesh, ID)).getStderr()).isZero();

      scores("m-deduped", "c", DEDUPED).forEach(mesh::put);

      assertThat(pair(found(mesh, ID)).getStderr()).isCloseTo(PAIRED, within(1e-7));
    }
  }

  @Test
  void documentsOfTwoVersionsOfATaskAreNotPaired() {
    List<SpecificRecord> events = new ArrayList<>(everything(STANDARD, DEDUPED));
    events.add(task("v2"));
    events.add(slice("m", "v2", "a", 0, DEDUPED));
    events.add(slice("m", "v2", "a", SLICE, DEDUPED));
    try (Mesh mesh = new Mesh()) {
      events.forEach(mesh::put);
      mesh.pass(Duration.ofSeconds(10));

      mesh.put(slice("m-deduped", "v2", "b", 0, STANDARD));
      mesh.put(slice("m-deduped", "v2", "b", SLICE, STANDARD));
      Finding found = found(mesh, ID);

      assertThat(found.getEffect()).isCloseTo(-0.25, within(1e-12));
      assertThat(pair(found).getStderr()).isCloseTo(PAIRED, within(1e-7));
    }
  }

  @Tag("slow")
  @Property(tries = 30)
  void inWhateverOrderAndHoweverOftenTheEventsComeTheFindingIsTheSame(@ForAll long order) {
    Random shuffled = new Random(order);
    List<SpecificRecord> events = new ArrayList<>(everything(STANDARD, DEDUPED));
    events.addAll(scores("m", "a", STANDARD));
    events.addAll(scores("m-deduped", "b", DEDUPED));
    Collections.shuffle(events, shuffled);
    try (Mesh mesh = new Mesh()) {
      for (SpecificRecord event : events) {
        mesh.put(event);
        mesh.pass(Duration.ofMillis(shuffled.nextInt(1000)));
      }
      mesh.pass(Duration.ofSeconds(10));
      Finding found = mesh.findings().get(ID);

      assertThat(Finding.newBuilder(found).setComputedAt(Instant.EPOCH).build())
          .isEqualTo(found(everything(STANDARD, DEDUPED)));
    }
  }
}
