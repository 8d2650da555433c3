package dev.castalia.topology;

import static dev.castalia.topology.Mesh.checkpoint;
import static dev.castalia.topology.Mesh.settings;
import static dev.castalia.topology.Mesh.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.events.SweepProgress;
import dev.castalia.topology.ledger.Pools;
import java.time.Duration;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Units that scorers with other files refuse. */
class RefusalsTest {

  private Mesh mesh = new Mesh();

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void aRefusalIsNoAttemptAndLeavesTheUnitToAnotherScorer() {
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    for (int i = 0; i < 20; i++) {
      mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
      mesh.tick();
    }
    EvaluationRequested last = mesh.requests().getFirst();
    mesh.answer(last, 1);
    mesh.tick();

    assertThat(last.getAttempt()).isEqualTo(1);
    assertThat(mesh.progress().get("s"))
        .extracting(SweepProgress::getDone, SweepProgress::getFailed)
        .containsExactly(1, 0);
    assertThat(mesh.failures()).last().extracting(TestRecord::value).isNull();
  }

  @Test
  void whatNobodyTakesButToRefuseItFailsAfterAWhile() {
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.pass(Duration.ofSeconds(70));
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.pass(Duration.ofSeconds(60));
    assertThat(mesh.progress().get("s").getFailed()).isZero();
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.tick();

    assertThat(mesh.progress().get("s").getFailed()).isEqualTo(1);
    assertThat(mesh.failures())
        .last()
        .extracting(it -> it.value().getReason())
        .isEqualTo("broken; in 130 s no scorer with the right files took it");
    assertThat(mesh.requests()).isEmpty();
  }

  @Test
  void howLongAUnitMayBeRefusedCountsFromTheFirstRefusalAndNotFromOtherFailures() {
    mesh.close();
    // So slow that a request may go unanswered for longer than that.
    mesh = new Mesh(settings(8, Pools.one(1e3)));
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.PASSING);
    mesh.pass(Duration.ofSeconds(125));
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.tick();

    assertThat(mesh.requests()).hasSize(1);
    assertThat(mesh.progress().get("s").getFailed()).isZero();
  }

  @Test
  void anotherAnswerBetweenRefusalsGivesTheUnitItsTimeAgain() {
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.pass(Duration.ofSeconds(70));
    mesh.fail(mesh.requests().getFirst(), FailureKind.PASSING);
    mesh.pass(Duration.ofSeconds(60));
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.tick();

    assertThat(mesh.requests()).hasSize(1);
    assertThat(mesh.progress().get("s").getFailed()).isZero();
  }

  @Test
  void aCheckpointPublishedAnewGivesARefusedUnitThatWaitsItsTimeAgain() {
    mesh.close();
    mesh = new Mesh(settings(1));
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1), checkpoint("b", 1));
    mesh.put(mesh.sweep("first", "a", "sum"));
    mesh.put(mesh.sweep("second", "b", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.tick();
    EvaluationRequested ofAnother = mesh.requests().getFirst();
    assertThat(ofAnother.getSweep()).isEqualTo("second");
    mesh.pass(Duration.ofSeconds(110));
    mesh.put(CheckpointPublished.newBuilder(checkpoint("a", 1)).setLocation("/mended").build());
    mesh.answer(ofAnother, 0.5);
    mesh.pass(Duration.ofSeconds(20));
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.tick();

    assertThat(mesh.requests()).hasSize(1);
    assertThat(mesh.progress().get("first").getFailed()).isZero();
  }

  @Test
  void aRefusedUnitThatIsWantedAnewHasItsTimeAgain() {
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.cancel("s");
    mesh.pass(Duration.ofSeconds(130));
    mesh.put(mesh.sweep("again", "a", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.tick();

    assertThat(mesh.requests()).hasSize(1);
    assertThat(mesh.progress().get("again").getFailed()).isZero();
  }
}
