package dev.castalia.topology;

import static dev.castalia.topology.Mesh.START;
import static dev.castalia.topology.Mesh.checkpoint;
import static dev.castalia.topology.Mesh.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.BoardEntry;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.events.Scorecard;
import dev.castalia.events.SweepProgress;
import dev.castalia.events.SweepRequested;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.state.Twins;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints that were published with the same content hash. */
class TwinsTest {

  private final Mesh mesh = new Mesh();

  @BeforeEach
  void register() {
    mesh.put(task("sum", 10, 5));
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void areScoredOnceAndAllHaveTheScore() {
    publish("a", 0, "same");
    publish("b", 0, "same");
    mesh.put(mesh.sweep("all", "*", "sum"));

    answerAll("same", 0.8);

    Map<String, Scorecard> cards = mesh.scorecards();
    Scorecard elder = cards.get(card("a@step0"));
    Scorecard younger = cards.get(card("b@step0"));
    assertThat(elder.getScoredAs()).isNull();
    assertThat(younger.getScoredAs()).isEqualTo("a@step0");
    assertThat(younger.getMetrics()).isEqualTo(elder.getMetrics());
    assertThat(younger.getFingerprint()).isEqualTo("same");
    assertThat(younger.getDocuments()).isEqualTo(10);
  }

  @Test
  void areCountedEachInASweepThatAskedForBoth() {
    publish("a", 0, "same");
    publish("b", 0, "same");
    publish("c", 0, "other");
    mesh.put(mesh.sweep("all", "*", "sum"));
    mesh.tick();
    assertThat(mesh.progress().get("all").getPlanned()).isEqualTo(6);

    answerWithTheirOwn();

    SweepProgress progress = mesh.progress().get("all");
    assertThat(progress.getPlanned()).isEqualTo(6);
    assertThat(progress.getDone()).isEqualTo(6);
    assertThat(progress.getCheckpoints()).isEqualTo(3);
  }

  @Test
  void areNotWaitedForUnderANameAtAStepThatTheSweepDoesNotCoverAnyMore() {
    publish("a", 0, "same");
    publish("b", 0, "same");
    mesh.put(SweepRequested.newBuilder(mesh.sweep("all", "*", "sum")).setSteps("0").build());
    mesh.tick();
    mesh.put(
        CheckpointPublished.newBuilder(checkpoint("b", 0))
            .setContentHash("same")
            .setStep(1L)
            .build());

    answerWithTheirOwn();

    SweepProgress progress = mesh.progress().get("all");
    assertThat(progress.getPlanned()).isEqualTo(2);
    assertThat(progress.getDone()).isEqualTo(2);
  }

  @Test
  void areScoredAsTheElderThoughTheSweepAskedForTheYounger() {
    publish("a", 0, "same");
    publish("b", 0, "same");
    mesh.put(mesh.sweep("younger", "b", "sum"));
    mesh.tick();

    List<EvaluationRequested> requests = mesh.requests();
    assertThat(requests).extracting(it -> Keys.of(it.getCheckpoint())).containsOnly("a@step0");
    requests.forEach(it -> mesh.answer(it, 0.6, "same"));
    mesh.tick();

    SweepProgress progress = mesh.progress().get("younger");
    assertThat(progress.getDone()).isEqualTo(2);
    assertThat(progress.getModels()).extracting(it -> it.getModel()).containsExactly("b");
  }

  @Test
  void oneThatComesWhenTheElderIsScoredHasTheScoreAtOnce() {
    publish("a", 0, "same");
    mesh.put(mesh.sweep("first", "a", "sum"));
    answerAll("same", 0.8);
    mesh.scorecards();

    publish("b", 0, "same");
    mesh.put(mesh.sweep("second", "b", "sum"));
    mesh.tick();

    assertThat(mesh.requests()).isEmpty();
    assertThat(mesh.scorecards().get(card("b@step0")).getScoredAs()).isEqualTo("a@step0");
    assertThat(mesh.progress().get("second").getDone()).isEqualTo(2);
  }

  @Test
  void theElderIsTheOnePublishedFirstWhateverTheOrderOfTheirEvents() {
    publish("b", 0, "same", START.plusSeconds(5));
    publish("a", 0, "same", START.plusSeconds(9));
    publish("c", 0, "same", START.plusSeconds(1));
    mesh.pass(Duration.ofSeconds(10));
    mesh.put(mesh.sweep("all", "*", "sum"));
    mesh.tick();

    assertThat(mesh.requests())
        .extracting(it -> Keys.of(it.getCheckpoint()))
        .containsOnly("c@step0");
  }

  @Test
  void ofThosePublishedAtOneTimeTheFirstToArriveStaysTheElder() {
    publish("b", 0, "same");
    mesh.put(mesh.sweep("all", "*", "sum"));
    mesh.tick();
    publish("a", 0, "same");
    mesh.tick();

    assertThat(mesh.requests())
        .extracting(it -> Keys.of(it.getCheckpoint()))
        .containsOnly("b@step0");
  }

  @Test
  void theElderWithOtherWeightsLeavesItsTwinToItself() {
    publish("a", 0, "same");
    publish("b", 0, "same");
    mesh.put(mesh.sweep("all", "*", "sum"));
    answerAll("same", 0.8);

    publish("a", 0, "mended");
    mesh.tick();
    List<EvaluationRequested> requests = mesh.requests();
    assertThat(requests)
        .extracting(it -> Keys.of(it.getCheckpoint()))
        .containsExactlyInAnyOrder("a@step0", "b@step0");
    requests.forEach(it -> mesh.answer(it, 0.4, it.getCheckpoint().getContentHash()));
    mesh.tick();

    Map<String, Scorecard> cards = mesh.scorecards();
    assertThat(cards.get(card("b@step0")).getScoredAs()).isNull();
    assertThat(cards.get(card("b@step0")).getFingerprint()).isEqualTo("same");
    assertThat(cards.get(card("a@step0")).getFingerprint()).isEqualTo("mended");
    assertThat(mesh.progress().get("all").getDone()).isEqualTo(4);
  }

  @Test
  void theElderIsNotScoredAnyMoreForTheSakeOfAYoungerWithOtherWeights() {
    publish("a", 0, "same");
    publish("b", 0, "same");
    mesh.put(mesh.sweep("younger", "b", "sum"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    publish("b", 0, "other");
    mesh.fail(request, FailureKind.PASSING);
    mesh.pass(Duration.ofMinutes(5));

    assertThat(mesh.requests())
        .extracting(it -> Keys.of(it.getCheckpoint()))
        .containsOnly("b@step0");
  }

  @Test
  void theElderWithOtherWeightsIsNotScoredAnyMoreForTheSakeOfItsYounger() {
    publish("a", 0, "same");
    publish("b", 0, "same");
    mesh.put(mesh.sweep("younger", "b", "sum"));
    mesh.tick();
    mesh.requests();
    publish("a", 0, "other");
    mesh.pass(Duration.ofMinutes(5));

    assertThat(mesh.requests())
        .extracting(it -> Keys.of(it.getCheckpoint()))
        .containsOnly("b@step0");
  }

  @Test
  void theYoungerWithOtherWeightsLosesTheScoreOfItsElder() {
    publish("a", 0, "same");
    publish("b", 0, "same");
    mesh.put(mesh.sweep("all", "*", "sum"));
    answerAll("same", 0.8);
    mesh.cancel("all");

    publish("b", 0, "mended");
    mesh.tick();

    assertThat(mesh.scorecards().get(card("b@step0")))
        .extracting(Scorecard::getDocuments, Scorecard::getScoredAs, Scorecard::getFingerprint)
        .containsExactly(0, null, null);
    assertThat(mesh.leaderboards().get("sum|acc|0|float32").getEntries())
        .extracting(BoardEntry::getModel)
        .containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "acb", "bac", "bca", "cab", "cba"})
  void oneThatLeavesItsElderForAnotherHasTheOthersScoreWhicheverLedgerIsTheLast(String ledgers)
      throws IOException {
    publishOneThatIsToLeave();

    for (char ledger : ledgers.toCharArray()) {
      tellThatBHasLeftAForC(ledger);
    }
    mesh.tick();

    assertThat(mesh.scorecards().get(card("b@step0")))
        .extracting(Scorecard::getDocuments, Scorecard::getScoredAs, Scorecard::getFingerprint)
        .containsExactly(10, "c@step0", "new");
    assertThat(mesh.leaderboards().get("sum|acc|0|float32").getEntries())
        .extracting(BoardEntry::getModel)
        .containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void aLateScoreOfTheFormerElderIsNotShownInPlaceOfTheNewOnes() throws IOException {
    List<EvaluationRequested> requests = publishOneThatIsToLeave();
    tellThatBHasLeftAForC('b');
    tellThatBHasLeftAForC('c');

    requests.stream()
        .filter(it -> it.getCheckpoint().getModel().equals("a"))
        .forEach(it -> mesh.answer(it, 0.2, "old"));
    mesh.tick();
    tellThatBHasLeftAForC('a');
    mesh.tick();

    Map<String, Scorecard> cards = mesh.scorecards();
    assertThat(cards.get(card("a@step0")).getMetrics().getFirst().getValue()).isEqualTo(0.2);
    assertThat(cards.get(card("b@step0")))
        .extracting(Scorecard::getScoredAs, Scorecard::getFingerprint)
        .containsExactly("c@step0", "new");
  }

  @Test
  void oneThatLeavesItsElderForAnotherLosesTheScoresThatTheOtherDoesNotHave() {
    mesh.put(task("product", 10, 5));
    mesh.put(mesh.sweep("more", "a", "product"));
    publishOneThatIsToLeave();
    String more = Keys.scorecard("b@step0", "product", 0, Mesh.FLOAT32);
    assertThat(mesh.scorecards().get(more).getDocuments()).isEqualTo(10);
    mesh.cancel("more");

    publish("b", 0, "new");
    mesh.tick();

    Map<String, Scorecard> cards = mesh.scorecards();
    assertThat(cards.get(more).getDocuments()).isZero();
    assertThat(cards.get(card("b@step0")).getScoredAs()).isEqualTo("c@step0");
  }

  /** As the younger of a; c has the weights that it is to have. */
  private List<EvaluationRequested> publishOneThatIsToLeave() {
    publish("a", 0, "old");
    publish("b", 0, "old");
    publish("c", 0, "new");
    mesh.put(mesh.sweep("all", "*", "sum"));
    mesh.tick();
    List<EvaluationRequested> requests = mesh.requests();
    requests.forEach(it -> mesh.answer(it, 0.8, it.getCheckpoint().getContentHash()));
    mesh.tick();
    mesh.cancel("all");
    return requests;
  }

  private void tellThatBHasLeftAForC(char ledger) throws IOException {
    CheckpointPublished moved =
        CheckpointPublished.newBuilder(checkpoint("b", 0)).setContentHash("new").build();
    switch (ledger) {
      case 'a' -> mesh.tellLedger("a@step0", new Twins("a@step0", "old", null, List.of()));
      case 'b' -> {
        mesh.tellLedger("b@step0", moved);
        mesh.tellLedger("b@step0", new Twins("b@step0", "new", "c@step0", List.of()));
      }
      default ->
          mesh.tellLedger(
              "c@step0", new Twins("c@step0", "new", null, List.of(moved.toByteBuffer())));
    }
  }

  @Test
  void allWithOtherWeightsLoseTheirCommonScore() {
    publish("a", 0, "same");
    publish("b", 0, "same");
    mesh.put(mesh.sweep("all", "*", "sum"));
    answerAll("same", 0.8);
    mesh.cancel("all");

    publish("a", 0, "mended");
    publish("b", 0, "mended-otherwise");
    mesh.tick();

    assertThat(mesh.leaderboards().get("sum|acc|0|float32").getTotal()).isZero();
  }

  @Test
  void aStandingSweepScoresOneWhoseTwinsAreNotKnownYetAMomentLater() {
    standingSweep();
    publish("a", 0, "same");
    publish("b", 0, "same");
    mesh.tick();

    assertThat(mesh.requests())
        .extracting(it -> Keys.of(it.getCheckpoint()))
        .containsOnly("a@step0");
  }

  @ParameterizedTest
  @CsvSource({"a,mended", "b,mended", "b,"})
  void oneThatIsPlannedBeforeItsElderIsKnownIsScoredOnceItHasNone(String moved, String hash) {
    standingSweep();
    publish("b", 0, "same", START.plusSeconds(5));
    publish("a", 0, "same", START.plusSeconds(1));
    answerAll("same", 0.8);

    publish(moved, 0, hash);
    mesh.tick();

    assertThat(mesh.requests())
        .filteredOn(it -> Keys.of(it.getCheckpoint()).equals("b@step0"))
        .flatExtracting(Mesh::units)
        .hasSize(2);
  }

  @Test
  void oneThatIsToldTheHashOfItsElderLaterIsStillCoveredByWhoAskedForItBefore() {
    publish("a", 0, "same");
    publish("b", 0, null);
    mesh.put(mesh.sweep("once", "b", "sum"));
    mesh.pass(Duration.ofSeconds(1));
    publish("b", 0, "same", START.plusSeconds(1));

    answerAll("same", 0.8);
    answerAll("same", 0.8);

    assertThat(mesh.progress().get("once"))
        .extracting(SweepProgress::getPlanned, SweepProgress::getDone)
        .containsExactly(2, 2);
  }

  @Test
  void moreThanOneRecordHasRoomForAreScoredThemselves() {
    for (int step = 0; step <= Bounds.TWINS; step++) {
      publish("a", step, "same");
    }
    mesh.put(mesh.sweep("all", "*", "sum"));
    mesh.tick();

    assertThat(mesh.requests())
        .extracting(it -> Keys.of(it.getCheckpoint()))
        .containsOnly("a@step0", "a@step" + Bounds.TWINS);
  }

  private void standingSweep() {
    mesh.put(
        SweepRequested.newBuilder(mesh.sweep("standing", "*", "sum")).setStanding(true).build());
  }

  private void answerAll(String fingerprint, double accuracy) {
    mesh.tick();
    mesh.requests().forEach(it -> mesh.answer(it, accuracy, fingerprint));
    mesh.tick();
  }

  private void answerWithTheirOwn() {
    mesh.requests().forEach(it -> mesh.answer(it, 0.8, it.getCheckpoint().getContentHash()));
    mesh.tick();
  }

  private void publish(String model, long step, String hash) {
    publish(model, step, hash, START);
  }

  private void publish(String model, long step, String hash, Instant at) {
    mesh.put(
        CheckpointPublished.newBuilder(checkpoint(model, step))
            .setContentHash(hash)
            .setPublishedAt(at)
            .build());
  }

  private static String card(String checkpoint) {
    return Keys.scorecard(checkpoint, "sum", 0, Mesh.FLOAT32);
  }
}
