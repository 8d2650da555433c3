package dev.castalia.topology;

import static dev.castalia.topology.Mesh.checkpoint;
import static dev.castalia.topology.Mesh.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.UnitId;
import dev.castalia.topology.TopologyMonitor.Backlog;
import dev.castalia.topology.ledger.Pools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pools of scorers: what each is asked for, and how much of it there is. */
class PoolsTest {

  private static final int WINDOW = 2;
  private static final long LARGE = 2_000_000L;

  /** A document of 10 tokens of a model of 1000 parameters takes a small one 20 ms. */
  private static final Pools POOLS = Pools.parse(List.of("large:1e9", "small:1e6:1e6"));

  private final Map<String, Backlog> backlogs = new HashMap<>();
  private final List<Integer> scored = new ArrayList<>();
  private final List<Integer> failed = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final List<Duration> ages = new ArrayList<>();
  private final Mesh mesh =
      new Mesh(
          Mesh.settings(WINDOW, POOLS),
          new TopologyMonitor() {
            @Override
            public void backlog(int partition, String pool, Backlog backlog) {
              backlogs.put(pool, backlog);
            }

            @Override
            public void scored(int units) {
              scored.add(units);
            }

            @Override
            public void failed(int units) {
              failed.add(units);
            }

            @Override
            public void issued(
                String sweep, String checkpoint, String request, int units, double seconds) {
              said.add("%s of %s for %s: %d units".formatted(request, checkpoint, sweep, units));
            }

            @Override
            public void boardPublished(Duration age) {
              ages.add(age);
            }
          });

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void aModelIsForThePoolOfTheSmallestThatTakeIt() {
    sweepOver(checkpoint("a", 1), large("b", 1));

    assertThat(mesh.requests())
        .extracting(it -> it.getCheckpoint().getModel() + " " + it.getPool())
        .containsExactlyInAnyOrder("a small", "b large");
  }

  @Test
  void aPoolWhoseScorersAreNotThereHoldsUpNoOther() {
    sweepOver(
        checkpoint("a", 1), checkpoint("a", 2), checkpoint("a", 3), large("b", 1), large("b", 2));

    assertThat(mesh.requests())
        .extracting(EvaluationRequested::getPool)
        .containsExactlyInAnyOrder("small", "small", "large", "large");
  }

  @Test
  void theBacklogIsWhatThePoolsOwnScorersNeedForIt() {
    sweepOver(checkpoint("a", 1), checkpoint("a", 2), large("b", 1));

    assertThat(backlogs.get("small").seconds()).isCloseTo(2 * 10 * 0.02, within(1e-6));
    assertThat(backlogs.get("small").units()).isEqualTo(4);
    assertThat(backlogs.get("small").bundles()).isEqualTo(2);
    assertThat(backlogs.get("large").seconds()).isCloseTo(10 * 10 * 2 * LARGE / 1e9, within(1e-6));
  }

  @Test
  void whatIsAnsweredIsNotInTheBacklogAndIsCounted() {
    sweepOver(checkpoint("a", 1), checkpoint("a", 2));
    List<EvaluationRequested> requests = mesh.requests();
    mesh.answer(requests.getFirst(), 0.5);
    mesh.fail(requests.getLast(), FailureKind.PERMANENT);
    mesh.tick();

    assertThat(backlogs.get("small")).isEqualTo(new Backlog(0, 0, 0));
    assertThat(scored).containsExactly(1, 1);
    assertThat(failed).containsExactly(1, 1);
  }

  @Test
  void everyRequestIsTold() {
    sweepOver(checkpoint("a", 1));

    EvaluationRequested request = mesh.requests().getFirst();
    assertThat(said)
        .containsExactly(
            "%s of a@step1 for %s: 2 units".formatted(request.getRequest(), request.getSweep()));
  }

  @Test
  void whatNobodyWantsAnyMoreIsNotInTheBacklog() {
    sweepOver(checkpoint("a", 1), checkpoint("a", 2), checkpoint("a", 3));
    mesh.cancel("s");
    mesh.tick();

    assertThat(backlogs.get("small").units()).isZero();
  }

  @Test
  void whatAnotherIsScoredInPlaceOfIsNotInTheBacklogThoughSomeOfItIsHandedOut() {
    mesh.put(task("long", 4000, 1000));
    standingSweep("long");
    publishTwin("b", 5);
    mesh.tick();
    List<EvaluationRequested> first = mesh.requests();
    publishTwin("z", 1);
    mesh.answer(first.getFirst(), 0.5, "same");
    mesh.tick();
    first.subList(1, first.size()).forEach(it -> mesh.answer(it, 0.5, "same"));

    for (int round = 0; round < 4; round++) {
      mesh.requests().forEach(it -> mesh.answer(it, 0.5, "same"));
      mesh.tick();
    }

    assertThat(first).flatExtracting(Mesh::units).hasSize(WINDOW);
    assertThat(backlogs.get("large")).isEqualTo(new Backlog(0, 0, 0));
  }

  @Test
  void aScoreOfOneThatAnotherIsScoredInPlaceOfIsNotTakenFromTheBacklog() {
    mesh.put(task("sum", 10, 5));
    standingSweep("sum");
    publishTwin("b", 5);
    publishTwin("a", 1);
    mesh.tick();
    assertThat(backlogs.get("large").units()).isEqualTo(2);

    UnitId unit = new UnitId("b@step1", "sum", "v1", 0, Mesh.FLOAT32, 0, 5);
    mesh.put(mesh.score(unit, "an expired one", 0.5, "same"));
    mesh.tick();

    assertThat(backlogs.get("large").units()).isEqualTo(2);
  }

  private void standingSweep(String task) {
    mesh.put(SweepRequested.newBuilder(mesh.sweep("s", "*", task)).setStanding(true).build());
  }

  private void publishTwin(String model, int second) {
    mesh.put(
        CheckpointPublished.newBuilder(large(model, 1))
            .setContentHash("same")
            .setPublishedAt(Mesh.START.plusSeconds(second))
            .build());
  }

  @Test
  void aBoardIsAsOldAsTheFirstScoreThatIsNewToIt() {
    sweepOver(checkpoint("a", 1));
    mesh.answer(mesh.requests().getFirst(), 0.5);
    mesh.pass(Duration.ofSeconds(1));

    assertThat(ages)
        .singleElement()
        .satisfies(it -> assertThat(it).isBetween(Duration.ZERO, Duration.ofMillis(500)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a:1e9:1e9             | no pool takes models of more than 1.00e+09 parameters
          a:1e9,b:1e9           | pool "b" takes models of the same size as another
          a:1e9,a:1e9:5         | there are two pools "a"
          A_100:1e9             | "A_100" is no name of a pool
          a                     | "a" is no pool: write NAME:FLOPS:PARAMETERS
          a:fast                | "a:fast" is no pool
          a:0                   | pool "a" has 0.0 operations a second
          """)
  void poolsThatCannotBeMeantAreRefused(String pools, String reason) {
    assertThatThrownBy(() -> Pools.parse(List.of(pools.split(","))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  private void sweepOver(CheckpointPublished... checkpoints) {
    mesh.put(task("sum", 10, 5));
    for (CheckpointPublished checkpoint : checkpoints) {
      mesh.put(checkpoint);
    }
    mesh.put(mesh.sweep("s", "*", "sum"));
    mesh.tick();
  }

  private static CheckpointPublished large(String model, long step) {
    return CheckpointPublished.newBuilder(checkpoint(model, step)).setParameters(LARGE).build();
  }
}
