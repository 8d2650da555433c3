package dev.castalia.topology;

import static dev.castalia.topology.Mesh.START;
import static dev.castalia.topology.Mesh.checkpoint;
import static dev.castalia.topology.Mesh.task;
import static dev.castalia.topology.Mesh.units;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.events.Leaderboard;
import dev.castalia.events.Scorecard;
import dev.castalia.events.SweepProgress;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.events.UnitId;
import dev.castalia.schemas.Keys;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.Size;

/**
 * Two sweeps that overlap, one of them cancelled, and a standing one; checkpoints published early,
 * late and twice; a task registered anew with other data; scorers that answer in any order, twice,
 * or fail at first. Whatever the order, the end is the same.
 */
class InterleavingTest {

  private static final int TASK_DOCUMENTS = 10;
  private static final int SLICES = 2;
  private static final List<String> CHECKPOINTS = List.of("a@step1", "a@step2", "b@step1");

  /** What somebody outside does. */
  enum Action {
    REGISTER_SUM(mesh -> mesh.put(sum("v1"))),
    REGISTER_SUM_ANEW(mesh -> mesh.put(sum("v2"))),
    REGISTER_RECALL(mesh -> mesh.put(task("recall", "v1", TASK_DOCUMENTS, 5, START))),
    PUBLISH_A1(mesh -> mesh.put(checkpoint("a", 1))),
    PUBLISH_A1_AGAIN(
        mesh ->
            mesh.put(
                CheckpointPublished.newBuilder(checkpoint("a", 1))
                    .setPublishedAt(START.plusSeconds(3600))
                    .build())),
    PUBLISH_A2(mesh -> mesh.put(checkpoint("a", 2))),
    PUBLISH_B1(mesh -> mesh.put(checkpoint("b", 1))),
    SWEEP_LEFT(mesh -> mesh.put(mesh.sweep("left", "a", "sum", "recall"))),
    SWEEP_RIGHT(mesh -> mesh.put(mesh.sweep("right", "*", "sum"))),
    SWEEP_STANDING(mesh -> mesh.put(standing(mesh))),
    CANCEL_LEFT(mesh -> mesh.cancel("left"));

    private final Consumer<Mesh> deed;

    Action(Consumer<Mesh> deed) {
      this.deed = deed;
    }

    private static dev.castalia.events.TaskRegistered sum(String version) {
      return task(
          "sum", version, TASK_DOCUMENTS, 5, version.equals("v1") ? START : START.plusSeconds(1));
    }

    private static SweepRequested standing(Mesh mesh) {
      return SweepRequested.newBuilder(mesh.sweep("standing", "a", "sum"))
          .setStanding(true)
          .setTasks(List.of(new SweepTask("sum", null, null)))
          .build();
    }
  }

  /** What the scorers do between two of those. */
  enum Scorers {
    NOTHING,
    LET_TIME_PASS,
    ANSWER_OLDEST_UNIT,
    ANSWER_NEWEST_UNIT,
    FAIL_OLDEST_UNIT,
    ANSWER_AGAIN
  }

  @Provide
  static Arbitrary<List<Action>> orders() {
    return Arbitraries.shuffle(Action.values());
  }

  @Tag("slow")
  @Property(tries = 60)
  void theEndIsTheSameWhateverTheOrder(
      @ForAll("orders") List<Action> order,
      @ForAll @Size(44) List<Scorers> meanwhile,
      @ForAll boolean narrow) {
    try (World world = new World(narrow ? 1 : 8)) {
      for (int i = 0; i < order.size(); i++) {
        world.take(order.get(i));
        meanwhile.subList(4 * i, 4 * i + 4).forEach(world::let);
      }
      world.finish();

      world.requireEveryUnitCountedOnce();
      world.requireProgress();
      world.requireScorecards();
      world.requireBoards();
    }
  }

  /** A mesh, its scorers, and what they have seen so far. */
  private static final class World implements AutoCloseable {

    private record Job(UnitId unit, String request) {}

    final Mesh mesh;
    private final Deque<Job> open = new ArrayDeque<>();
    private final List<Job> answered = new ArrayList<>();
    private final Map<UnitId, Integer> issued = new HashMap<>();
    private final Map<UnitId, Integer> failed = new HashMap<>();
    private final Set<UnitId> letGo = new HashSet<>();
    private final Map<String, SweepProgress> progress = new TreeMap<>();
    private final Map<String, Scorecard> scorecards = new TreeMap<>();
    private final Map<String, Leaderboard> boards = new TreeMap<>();
    private final Map<String, EvaluationFailed> failures = new TreeMap<>();

    World(int window) {
      mesh = new Mesh(Mesh.settings(window));
    }

    /** What is asked for in a version that another follows may be asked for anew. */
    void take(Action action) {
      if (action == Action.REGISTER_SUM_ANEW) {
        open.forEach(job -> letGo.add(job.unit()));
      }
      action.deed.accept(mesh);
    }

    void let(Scorers scorers) {
      switch (scorers) {
        case NOTHING -> {}
        case LET_TIME_PASS -> tick();
        case ANSWER_OLDEST_UNIT -> answer(open.pollFirst());
        case ANSWER_NEWEST_UNIT -> answer(open.pollLast());
        case FAIL_OLDEST_UNIT -> fail(open.peekFirst());
        case ANSWER_AGAIN -> answered.forEach(this::send);
      }
    }

    private void tick() {
      mesh.tick();
      for (EvaluationRequested request : mesh.requests()) {
        for (UnitId unit : units(request)) {
          issued.merge(unit, 1, Integer::sum);
          open.add(new Job(unit, request.getRequest()));
        }
      }
      progress.putAll(mesh.progress());
      scorecards.putAll(mesh.scorecards());
      boards.putAll(mesh.leaderboards());
      mesh.failures().forEach(it -> failures.put(it.key(), it.value()));
    }

    private void answer(Job job) {
      if (job != null) {
        send(job);
        answered.add(job);
      }
    }

    private void send(Job job) {
      mesh.put(
          mesh.score(
              job.unit(),
              job.request(),
              accuracy(job.unit()),
              "weights of " + job.unit().getCheckpoint()));
    }

    /** Fails each unit once at most: the bound on attempts is another test's. */
    private void fail(Job job) {
      if (job != null && failed.merge(job.unit(), 1, Integer::sum) == 1) {
        open.removeFirst();
        mesh.fail(job.unit(), job.request(), FailureKind.PASSING);
      }
    }

    /** Answers everything that is asked, until nothing more is. */
    void finish() {
      tick();
      while (!open.isEmpty()) {
        answer(open.pollFirst());
        if (open.isEmpty()) {
          tick();
        }
      }
      tick();
    }

    void requireEveryUnitCountedOnce() {
      for (String checkpoint : CHECKPOINTS) {
        requireIssuedOnce(checkpoint, "sum", "v1");
      }
      for (String checkpoint : List.of("a@step1", "a@step2")) {
        requireIssuedOnce(checkpoint, "sum", "v2");
      }
      // Wanted by the cancelled sweep alone: perhaps, and then once.
      issued.forEach(
          (unit, times) ->
              assertThat(times)
                  .as("times %s was issued", unit)
                  .isLessThanOrEqualTo(
                      1 + (failed.containsKey(unit) ? 1 : 0) + (letGo.contains(unit) ? 1 : 0)));
    }

    private void requireIssuedOnce(String checkpoint, String task, String version) {
      List<UnitId> units =
          issued.keySet().stream()
              .filter(it -> it.getCheckpoint().equals(checkpoint))
              .filter(it -> it.getTask().equals(task) && it.getVersion().equals(version))
              .toList();
      assertThat(units).as("%s in %s of %s", task, version, checkpoint).hasSize(SLICES);
    }

    void requireProgress() {
      assertThat(progress.get("left").getCancelled()).isTrue();
      assertThat(progress.get("right"))
          .extracting(
              SweepProgress::getPlanned,
              SweepProgress::getDone,
              SweepProgress::getFailed,
              SweepProgress::getPlanning)
          .containsExactly(CHECKPOINTS.size() * SLICES, CHECKPOINTS.size() * SLICES, 0, false);
      // The old version does not count, though the standing sweep may have seen it.
      assertThat(progress.get("standing"))
          .extracting(
              SweepProgress::getPlanned,
              SweepProgress::getDone,
              SweepProgress::getFailed,
              SweepProgress::getPlanning)
          .containsExactly(2 * SLICES, 2 * SLICES, 0, false);
      assertThat(failures.values()).as("failures on record").allMatch(Objects::isNull);
    }

    void requireScorecards() {
      for (String checkpoint : List.of("a@step1", "a@step2")) {
        Scorecard card = scorecards.get(Keys.scorecard(checkpoint, "sum", 0, Mesh.FLOAT32));
        assertThat(card.getVersion()).isEqualTo("v2");
        assertThat(card.getDocuments()).isEqualTo(TASK_DOCUMENTS);
        assertThat(card.getMetrics().getFirst().getValue())
            .isCloseTo(mean(checkpoint, "v2"), within(1e-12));
      }
    }

    void requireBoards() {
      Leaderboard board = boards.get(Keys.leaderboard("sum", "acc", 0, Mesh.FLOAT32, null));
      assertThat(board.getVersion()).isEqualTo("v2");
      assertThat(board.getTotal()).isEqualTo(2);
      List<Double> values =
          board.getEntries().stream().map(dev.castalia.events.BoardEntry::getValue).toList();
      assertThat(values).isSortedAccordingTo(Collections.reverseOrder());
    }

    private static double mean(String checkpoint, String version) {
      double right = 0;
      for (int start : List.of(0, 5)) {
        right += 5 * accuracy(unit(checkpoint, version, start));
      }
      return right / TASK_DOCUMENTS;
    }

    private static UnitId unit(String checkpoint, String version, int start) {
      return new UnitId(checkpoint, "sum", version, 0, Mesh.FLOAT32, start, start + 5);
    }

    /** Of five documents, so many fifths. */
    private static double accuracy(UnitId unit) {
      return Math.floorMod(Keys.of(unit).hashCode(), 6) / 5.0;
    }

    @Override
    public void close() {
      mesh.close();
    }
  }
}
