package dev.castalia.topology;

import static dev.castalia.topology.Mesh.checkpoint;
import static dev.castalia.topology.Mesh.task;
import static dev.castalia.topology.Mesh.units;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.events.SweepProgress;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tasks that are registered in another version while sweeps are under way. */
class TaskVersionsTest {

  private static final int WINDOW = 1;
  private static final double MOST = 1;

  private final Mesh mesh = new Mesh(Mesh.settings(WINDOW));
  private int registered;

  @BeforeEach
  void register() {
    register("v1");
    mesh.put(checkpoint("a", 1));
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void whatASweepThatFollowsTheLatestWaitsForIsAskedForInThatAlone() {
    mesh.put(following("s"));
    mesh.tick();
    EvaluationRequested old = mesh.requests().getFirst();

    register("v2");
    mesh.fail(old, FailureKind.REFUSED);
    mesh.tick();

    List<EvaluationRequested> requests = mesh.requests();
    assertThat(requests).extracting(TaskVersionsTest::version).containsExactly("v2");
    mesh.answer(requests.getFirst(), MOST);
    mesh.tick();
    requireProgress("s", 2, 2, 0);
    assertThat(mesh.requests()).isEmpty();
  }

  @Test
  void refusalsOfAnOlderVersionDoNotStayOnRecord() {
    mesh.put(following("s"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    mesh.fail(units(request).getFirst(), request.getRequest(), FailureKind.REFUSED);

    register("v2");
    mesh.fail(units(request).getLast(), request.getRequest(), FailureKind.REFUSED);
    mesh.tick();

    requireWithdrawn(2);
  }

  @Test
  void whatFailedOfAnOlderVersionIsNoFailureOfTheSweepAnyMore() {
    mesh.put(following("s"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.PERMANENT);
    mesh.tick();
    requireProgress("s", 2, 0, 2);

    register("v2");
    mesh.tick();

    requireProgress("s", 2, 0, 0);
    requireWithdrawn(2);
  }

  @Test
  void whatAnotherSweepWantsInTheOlderVersionIsStillScoredInIt() {
    mesh.put(following("s"));
    mesh.put(mesh.sweep("pinned", "a", "sum"));
    mesh.tick();
    EvaluationRequested old = mesh.requests().getFirst();

    register("v2");
    mesh.answer(old, MOST);
    mesh.tick();
    mesh.answer(mesh.requests().getFirst(), MOST);
    mesh.tick();

    assertThat(mesh.progress().values())
        .extracting(SweepProgress::getSweep, SweepProgress::getPlanned, SweepProgress::getDone)
        .containsExactlyInAnyOrder(tuple("s", 2, 2), tuple("pinned", 2, 2));
    assertThat(mesh.requests()).isEmpty();
  }

  @Test
  void whatWaitsForAnotherSweepInTheOlderVersionIsStillIssued() {
    mesh.put(SweepRequested.newBuilder(following("s")).setPriority(1).build());
    mesh.put(mesh.sweep("pinned", "a", "sum"));
    register("v2");
    mesh.tick();

    EvaluationRequested first = mesh.requests().getFirst();
    mesh.answer(first, MOST);
    mesh.tick();
    assertThat(version(first)).isEqualTo("v2");
    assertThat(mesh.requests()).extracting(TaskVersionsTest::version).containsExactly("v1");
  }

  @Test
  void whatIsScoredInAVersionCountsAgainWhenThatIsCurrentAgain() {
    mesh.put(following("s"));
    mesh.tick();
    EvaluationRequested old = mesh.requests().getFirst();
    mesh.put(mesh.score(units(old).getFirst(), old.getRequest(), MOST, "weights"));
    register("v2");
    mesh.tick();
    mesh.requests();

    register("v1");
    mesh.tick();

    requireProgress("s", 2, 1, 0);
    assertThat(mesh.requests())
        .singleElement()
        .satisfies(it -> assertThat(units(it)).containsExactly(units(old).getLast()));
  }

  @Test
  void anOlderVersionThatIsRegisteredLateChangesNothing() {
    mesh.put(following("s"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();

    mesh.put(task("sum", "v0", 10, 5, Mesh.START.minusSeconds(1)));
    mesh.answer(request, MOST);
    mesh.tick();

    requireProgress("s", 2, 2, 0);
    assertThat(mesh.requests()).isEmpty();
  }

  @Test
  void everyNameOfTheWeightsCountsTheNewVersionAlone() {
    mesh.put(twin("b"));
    mesh.put(twin("c"));
    mesh.put(SweepRequested.newBuilder(following("s")).setModels(List.of("b", "c")).build());
    mesh.tick();
    mesh.answer(mesh.requests().getFirst(), MOST, "same");
    mesh.tick();
    requireProgress("s", 4, 4, 0);

    register("v2");
    mesh.tick();

    requireProgress("s", 4, 0, 0);
  }

  @Test
  void aSweepThatWasCancelledKeepsItsCounts() {
    mesh.put(following("s"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    mesh.put(mesh.score(units(request).getFirst(), request.getRequest(), MOST, "weights"));
    mesh.cancel("s");

    register("v2");
    mesh.tick();

    requireProgress("s", 2, 1, 0);
    assertThat(mesh.requests()).isEmpty();
  }

  private static CheckpointPublished twin(String model) {
    return CheckpointPublished.newBuilder(checkpoint(model, 1)).setContentHash("same").build();
  }

  /** A version that is current from then on. */
  private void register(String version) {
    mesh.put(task("sum", version, 10, 5, Mesh.START.plusSeconds(registered++)));
  }

  private SweepRequested following(String id) {
    return SweepRequested.newBuilder(mesh.sweep(id, "a", "sum"))
        .setStanding(true)
        .setTasks(List.of(new SweepTask("sum", null, null)))
        .build();
  }

  private static String version(EvaluationRequested request) {
    return request.getTasks().getFirst().getVersion();
  }

  private void requireProgress(String sweep, int planned, int done, int failed) {
    assertThat(mesh.progress().get(sweep))
        .extracting(SweepProgress::getPlanned, SweepProgress::getDone, SweepProgress::getFailed)
        .containsExactly(planned, done, failed);
  }

  private void requireWithdrawn(int units) {
    List<TestRecord<String, EvaluationFailed>> failures = mesh.failures();
    assertThat(failures).extracting(TestRecord::value).hasSize(units).containsOnlyNulls();
    assertThat(failures).extracting(TestRecord::key).doesNotHaveDuplicates();
  }
}
