package dev.castalia.topology;

import static dev.castalia.topology.Mesh.checkpoint;
import static dev.castalia.topology.Mesh.task;
import static dev.castalia.topology.Mesh.units;
import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.schemas.Topic;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What means nothing is put aside, and the rest goes on. */
class DeadLettersTest {

  private final Mesh mesh = new Mesh();

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void garbageOnAnyInputIsADeadLetterAndAFailureAndTheRestGoesOn() {
    List<Topic> inputs =
        List.of(Topic.SWEEPS, Topic.TASKS, Topic.CHECKPOINTS, Topic.SCORES, Topic.FAILURES);
    for (Topic topic : inputs) {
      mesh.put(topic, "key", new byte[] {99, 1, 2});
    }

    assertThat(mesh.deadLetters())
        .hasSize(inputs.size())
        .allSatisfy(it -> assertThat(it.value()).containsExactly(99, 1, 2))
        .allSatisfy(it -> assertThat(it.headers().lastHeader("castalia.reason")).isNotNull());
    assertThat(mesh.failures())
        .hasSize(inputs.size())
        .allSatisfy(it -> assertThat(it.value().getKind()).isEqualTo(FailureKind.UNREADABLE));
    mesh.scoreOneCheckpoint("s");
  }

  @Test
  void aRecordLargerThanAnEventMayBeIsADeadLetter() {
    byte[] large = new byte[Topic.MAX_EVENT_BYTES + 1];
    mesh.put(Topic.CHECKPOINTS, "key", large);

    assertThat(mesh.deadLetters())
        .singleElement()
        .satisfies(it -> assertThat(it.value()).hasSameSizeAs(large));
    assertThat(mesh.failures())
        .singleElement()
        .satisfies(
            it -> assertThat(it.value().getReason()).contains("8388609 bytes").contains("8388608"));
  }

  @Test
  void aRecordUnderAnotherKeyThanItsOwnIsADeadLetter() {
    mesh.put(checkpoint("a", 1));
    assertThat(mesh.deadLetters()).isEmpty();
    Mesh other = mesh;
    other.put(Topic.SWEEPS, "wrong", Mesh.bytes(mesh.sweep("s", "a", "sum")));

    assertThat(mesh.deadLetters())
        .singleElement()
        .satisfies(
            it ->
                assertThat(new String(it.headers().lastHeader("castalia.reason").value()))
                    .contains("wrong", "\"s\""));
  }

  @Test
  void aScoreWithFewerValuesThanDocumentsIsADeadLetter() {
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    var unit = units(request).getFirst();
    var score = mesh.score(unit, request.getRequest(), 1, "w");
    var cut = score.getMetrics().getFirst().getValues().subList(0, 9);
    var wrong =
        dev.castalia.events.SliceScored.newBuilder(score)
            .setMetrics(List.of(new dev.castalia.events.MetricValues("acc", cut, List.of())))
            .build();
    mesh.put(Topic.SCORES, dev.castalia.schemas.Keys.of(unit), Mesh.bytes(wrong));

    assertThat(mesh.deadLetters()).hasSize(1);
  }
}
