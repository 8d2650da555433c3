package dev.castalia.topology;

import static dev.castalia.topology.Mesh.checkpoint;
import static dev.castalia.topology.Mesh.task;
import static dev.castalia.topology.Mesh.units;
import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.events.Scorecard;
import dev.castalia.events.SweepProgress;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.UnitId;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.state.Twins;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checkpoints that cannot be loaded any more. */
class RetiredTest {

  private static final CheckpointPublished ELDER = withHash(checkpoint("a", 1));
  private static final CheckpointPublished YOUNGER = withHash(checkpoint("b", 1));

  private final Mesh mesh = new Mesh();

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void areNotAskedForByANewSweepWhichEndsWithoutThem() {
    mesh.publish(task("sum", 10, 5), checkpoint("a", 1), retired(checkpoint("a", 2)));
    mesh.put(mesh.sweep("s", "a", "sum"));

    assertThat(mesh.answerAll())
        .extracting(it -> Keys.of(it.getCheckpoint()))
        .containsOnly("a@step1");
    assertThat(mesh.progress().get("s"))
        .extracting(
            SweepProgress::getPlanning,
            SweepProgress::getCheckpoints,
            SweepProgress::getPlanned,
            SweepProgress::getDone)
        .containsExactly(false, 1, 2, 2);
  }

  @Test
  void endASweepThatWasAcceptedWhenTheyCouldBeLoaded() {
    mesh.publish(task("sum", 10, 5), checkpoint("a", 1), retired(checkpoint("a", 2)));
    mesh.put(SweepRequested.newBuilder(mesh.sweep("s", "a", "sum")).setCheckpoints(2).build());
    mesh.answerAll();

    assertThat(mesh.progress().get("s").getPlanning()).isFalse();
  }

  @Test
  void countWithWhatWasScoredOfThemAndNoMore() {
    EvaluationRequested request = requestOfTwoUnits();
    mesh.put(mesh.score(units(request).getFirst(), request.getRequest(), 1, "w"));
    mesh.put(retired(checkpoint("a", 1)));

    assertThat(mesh.answerAll()).isEmpty();
    assertThat(mesh.progress().get("s"))
        .extracting(SweepProgress::getPlanned, SweepProgress::getDone)
        .containsExactly(1, 1);
  }

  @Test
  void keepTheirScores() {
    mesh.scoreOneCheckpoint("s");
    mesh.put(retired(checkpoint("a", 1)));
    mesh.tick();

    assertThat(mesh.scorecards().values()).extracting(Scorecard::getDocuments).containsExactly(10);
    assertThat(mesh.leaderboards().values())
        .allSatisfy(board -> assertThat(board.getEntries()).hasSize(1));
  }

  @Test
  void takeTheirFailuresAway() {
    mesh.fail(requestOfTwoUnits(), FailureKind.PERMANENT);
    mesh.tick();
    assertThat(mesh.progress().get("s").getFailed()).isEqualTo(2);
    mesh.failures();
    mesh.put(retired(checkpoint("a", 1)));
    mesh.tick();

    assertThat(mesh.failures()).hasSize(2).extracting(TestRecord::value).containsOnlyNulls();
    assertThat(mesh.progress().get("s"))
        .extracting(SweepProgress::getPlanned, SweepProgress::getFailed)
        .containsExactly(0, 0);
  }

  @Test
  void takeRefusalsAwayThatWereNoAttempt() {
    mesh.fail(requestOfTwoUnits(), FailureKind.REFUSED);
    mesh.failures();
    mesh.put(retired(checkpoint("a", 1)));
    mesh.tick();

    assertThat(mesh.failures()).hasSize(2).extracting(TestRecord::value).containsOnlyNulls();
  }

  @Test
  void failNoMoreThoughAScorerIsStillAtIt() {
    EvaluationRequested request = requestOfTwoUnits();
    mesh.put(retired(checkpoint("a", 1)));
    mesh.failures();
    mesh.fail(request, FailureKind.PERMANENT);
    mesh.tick();

    assertThat(mesh.progress().get("s").getFailed()).isZero();
    assertThat(mesh.failures()).filteredOn(it -> it.value() == null).hasSize(2);
  }

  @Test
  void countWithWhatAScorerWasStillAt() {
    EvaluationRequested request = requestOfTwoUnits();
    mesh.put(retired(checkpoint("a", 1)));
    mesh.answer(request, 1);
    mesh.tick();

    assertThat(mesh.progress().get("s"))
        .extracting(SweepProgress::getPlanned, SweepProgress::getDone)
        .containsExactly(2, 2);
  }

  @Test
  void areGoneOnWithWhenTheyArePublishedAgain() {
    EvaluationRequested request = requestOfTwoUnits();
    mesh.put(mesh.score(units(request).getFirst(), request.getRequest(), 1, "w"));
    mesh.put(retired(checkpoint("a", 1)));
    assertThat(mesh.answerAll()).isEmpty();
    mesh.put(checkpoint("a", 1));
    mesh.tick();

    assertThat(mesh.requests())
        .flatExtracting(Mesh::units)
        .containsExactly(units(request).getLast());
    assertThat(mesh.progress().get("s"))
        .extracting(SweepProgress::getPlanned, SweepProgress::getDone)
        .containsExactly(2, 1);
  }

  @Test
  void staySoAfterARestart() {
    requestOfTwoUnits();
    mesh.put(retired(checkpoint("a", 1)));
    mesh.tick();
    mesh.revive();
    mesh.put(mesh.sweep("t", "a", "sum"));

    assertThat(mesh.answerAll()).isEmpty();
  }

  @Test
  void areScoredFromTheFilesOfATwinThatIsThere() {
    mesh.publish(task("sum", 10, 10), ELDER, YOUNGER, retired(ELDER));
    mesh.put(mesh.sweep("s", "*", "sum"));
    mesh.tick();

    List<EvaluationRequested> requests = mesh.requests();
    assertThat(requests)
        .extracting(it -> it.getCheckpoint().getLocation())
        .containsExactly(YOUNGER.getLocation());
    mesh.answer(requests.getFirst(), 1, "same");
    mesh.tick();
    assertThat(mesh.progress().get("s"))
        .extracting(SweepProgress::getPlanned, SweepProgress::getDone)
        .containsExactly(2, 2);
  }

  @Test
  void areTriedAgainFromTheFilesOfATwinWhereTheirOwnHaveFailed() {
    mesh.publish(task("sum", 10, 10), ELDER, YOUNGER);
    mesh.put(mesh.sweep("s", "*", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.PERMANENT);
    mesh.put(retired(ELDER));
    mesh.tick();

    assertThat(mesh.requests())
        .extracting(it -> it.getCheckpoint().getLocation())
        .containsExactly(YOUNGER.getLocation());
    assertThat(mesh.progress().get("s").getFailed()).isZero();
  }

  @Test
  void areTriedAgainFromAnotherTwinWhenTheFirstIsGone() {
    List<CheckpointPublished> twins =
        Stream.of("a", "b", "c").map(it -> withHash(checkpoint(it, 1))).toList();
    mesh.put(task("sum", 10, 10));
    twins.forEach(mesh::put);
    mesh.put(retired(twins.getFirst()));
    mesh.put(mesh.sweep("s", "*", "sum"));
    mesh.tick();
    mesh.requests();
    mesh.put(retired(twins.get(1)));
    mesh.tick();

    assertThat(mesh.requests())
        .extracting(it -> it.getCheckpoint().getLocation())
        .containsExactly(twins.getLast().getLocation());
  }

  @Test
  void keepTheirFailuresUntilTheirTwinsAreKnown() throws IOException {
    mesh.put(task("sum", 10, 10));
    mesh.tellLedger("a@step1", retired(ELDER));
    mesh.fail(new UnitId("a@step1", "sum", "v1", 0, "float32", 0, 10), "r", FailureKind.PERMANENT);
    mesh.put(mesh.sweep("s", "a,b", "sum"));
    mesh.tick();
    mesh.tellLedger("a@step1", new Twins("a@step1", "same", null, List.of(YOUNGER.toByteBuffer())));
    mesh.tick();

    assertThat(mesh.failures()).filteredOn(it -> it.value() == null).isEmpty();
    assertThat(mesh.requests()).isEmpty();
  }

  @Test
  void areNotAskedForWhenTheLastOfTheirTwinsIsGone() {
    mesh.publish(task("sum", 10, 10), ELDER, YOUNGER, retired(ELDER));
    mesh.put(mesh.sweep("s", "*", "sum"));
    mesh.tick();
    mesh.requests();
    mesh.put(retired(YOUNGER));

    assertThat(mesh.answerAll()).isEmpty();
    assertThat(mesh.progress().get("s").getPlanned()).isZero();
  }

  private EvaluationRequested requestOfTwoUnits() {
    mesh.publish(task("sum", 10, 5), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    return mesh.requests().getFirst();
  }

  private static CheckpointPublished retired(CheckpointPublished checkpoint) {
    return CheckpointPublished.newBuilder(checkpoint).setRetired(true).build();
  }

  private static CheckpointPublished withHash(CheckpointPublished checkpoint) {
    return CheckpointPublished.newBuilder(checkpoint).setContentHash("same").build();
  }
}
