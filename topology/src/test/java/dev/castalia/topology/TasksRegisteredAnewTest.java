package dev.castalia.topology;

import static dev.castalia.topology.Mesh.checkpoint;
import static dev.castalia.topology.Mesh.task;
import static dev.castalia.topology.Mesh.units;
import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.events.Scorecard;
import dev.castalia.events.TaskRegistered;
import dev.castalia.events.UnitId;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tasks that are registered again in the same version, with what a version does not fix. */
class TasksRegisteredAnewTest {

  private static final TaskRegistered KNOWN = task("sum", 10, 5);

  private final Mesh mesh = new Mesh();

  @BeforeEach
  void register() {
    mesh.put(KNOWN);
    mesh.put(checkpoint("a", 1));
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void aTaskThatMovedIsAskedForWhereItLiesNow() {
    mesh.put(moved());
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();

    assertThat(mesh.requests().getFirst().getTasks())
        .extracting("location")
        .containsExactly("/moved/sum.yaml");
  }

  @Test
  void whatFailedOfATaskThatMovedIsTriedAgainByItself() {
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.PERMANENT);
    mesh.tick();
    assertThat(mesh.requests()).isEmpty();

    mesh.put(moved());
    mesh.tick();

    assertThat(mesh.requests()).singleElement().satisfies(it -> assertThat(units(it)).hasSize(2));
    assertThat(mesh.progress().get("s").getFailed()).isZero();
    assertThat(mesh.failures()).last().extracting(TestRecord::value).isNull();
  }

  @Test
  void whatWasAskedForWhereATaskLayBeforeIsAskedForAnew() {
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested late = mesh.requests().getFirst();
    mesh.put(moved());
    mesh.tick();
    mesh.fail(late, FailureKind.PERMANENT);
    mesh.tick();

    assertThat(mesh.requests())
        .singleElement()
        .satisfies(
            it -> assertThat(it.getTasks().getFirst().getLocation()).isEqualTo("/moved/sum.yaml"));
    assertThat(mesh.progress().get("s").getFailed()).isZero();
  }

  @Test
  void scorecardsCarryTheTagsThatATaskHasNow() {
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.answer(mesh.requests().getFirst(), 1);
    mesh.tick();

    mesh.put(TaskRegistered.newBuilder(KNOWN).setTags(List.of("arithmetic")).build());
    mesh.tick();

    assertThat(mesh.scorecards().get("a@step1|sum|0|float32"))
        .extracting(Scorecard::getTags, Scorecard::getDocuments)
        .containsExactly(List.of("arithmetic"), 10);
  }

  @Test
  void slicesStayAsTheyWereWhateverAnotherTokenizerMakesOfThem() {
    mesh.put(mesh.sweep("first", "a", "sum"));
    mesh.tick();
    mesh.requests();
    mesh.put(TaskRegistered.newBuilder(moved()).setSliceDocuments(4).build());
    mesh.put(checkpoint("b", 1));
    mesh.put(mesh.sweep("second", "b", "sum"));
    mesh.tick();

    assertThat(mesh.requests())
        .flatExtracting(Mesh::units)
        .filteredOn(it -> it.getCheckpoint().equals("b@step1"))
        .extracting(UnitId::getEnd)
        .containsExactly(5, 10);
  }

  @Test
  void anOlderRegistrationChangesNothing() {
    mesh.put(
        TaskRegistered.newBuilder(moved()).setRegisteredAt(Mesh.START.minusSeconds(1)).build());
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();

    EvaluationRequested request = mesh.requests().getFirst();
    assertThat(request.getTasks()).extracting("location").containsExactly(KNOWN.getLocation());
  }

  private static TaskRegistered moved() {
    return TaskRegistered.newBuilder(KNOWN).setLocation("/moved/sum.yaml").build();
  }
}
