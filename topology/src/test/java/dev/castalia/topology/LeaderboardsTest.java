package dev.castalia.topology;

import static dev.castalia.topology.Mesh.checkpoint;
import static dev.castalia.topology.Mesh.task;
import static dev.castalia.topology.Mesh.units;
import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.BoardEntry;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.Leaderboard;
import dev.castalia.events.Scorecard;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.events.UnitId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which scores are on the boards of a task, and in what order. */
class LeaderboardsTest {

  private final Mesh mesh = new Mesh();

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void aNewVersionOfATaskTakesTheBoardOver() {
    mesh.scoreOneCheckpoint("s");
    mesh.pass(Duration.ofSeconds(1));
    mesh.put(task("sum", "v2", 10, 10, Mesh.START.plusSeconds(1)));
    mesh.put(
        SweepRequested.newBuilder(mesh.sweep("t", "a", "sum"))
            .setTasks(List.of(new SweepTask("sum", "v2", null)))
            .build());
    mesh.tick();
    mesh.answer(mesh.requests().getFirst(), 0.5);
    mesh.tick();

    Leaderboard board = mesh.leaderboards().get("sum|acc|0|float32");
    assertThat(board.getVersion()).isEqualTo("v2");
    assertThat(board.getEntries()).singleElement().extracting(BoardEntry::getValue).isEqualTo(0.5);
  }

  @Test
  void aBoardOfAVersionThatIsCurrentAgainCountsTheEntriesThatItHad() {
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1), checkpoint("a", 2), checkpoint("b", 1));
    mesh.put(mesh.sweep("s", "*", "sum"));
    mesh.answerAll();
    mesh.put(task("sum", "v2", 10, 10, Mesh.START.plusSeconds(1)));
    mesh.put(
        SweepRequested.newBuilder(mesh.sweep("t", "b", "sum"))
            .setTasks(List.of(new SweepTask("sum", "v2", null)))
            .build());
    mesh.answerAll();
    assertThat(mesh.leaderboards().get("sum|acc|0|float32").getTotal()).isOne();
    mesh.put(task("sum", "v1", 10, 10, Mesh.START.plusSeconds(2)));
    mesh.tick();

    Leaderboard board = mesh.leaderboards().get("sum|acc|0|float32");
    assertThat(board.getVersion()).isEqualTo("v1");
    assertThat(board.getTotal()).isEqualTo(3);
    assertThat(board.getEntries()).hasSize(3);
  }

  @Test
  void scoresOfAnOlderVersionAreShownUntilANewerOneIsScored() {
    mesh.publish(task("sum", 10, 5), checkpoint("a", 1));
    mesh.put(mesh.sweep("pinned", "a", "sum"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    mesh.put(mesh.score(units(request).getFirst(), request.getRequest(), 1, "weights"));
    mesh.put(task("sum", "v2", 10, 5, Mesh.START.plusSeconds(1)));
    mesh.put(mesh.score(units(request).getLast(), request.getRequest(), 1, "weights"));
    mesh.tick();
    assertThat(mesh.scorecards().get("a@step1|sum|0|float32"))
        .extracting(Scorecard::getVersion, Scorecard::getDocuments)
        .containsExactly("v1", 10);

    UnitId newer = UnitId.newBuilder(units(request).getFirst()).setVersion("v2").build();
    mesh.put(mesh.score(newer, "another", 0, "weights"));
    mesh.tick();
    mesh.put(mesh.score(units(request).getLast(), request.getRequest(), 0, "weights"));
    mesh.tick();

    assertThat(mesh.scorecards().get("a@step1|sum|0|float32"))
        .extracting(Scorecard::getVersion, Scorecard::getDocuments)
        .containsExactly("v2", 5);
  }

  @Test
  void aLeaderboardRanksTheBestFirstAndTiesShareARank() {
    mesh.put(task("sum", 10, 10));
    for (String model : List.of("a", "b", "c", "d")) {
      mesh.put(checkpoint(model, 1));
    }
    mesh.put(mesh.sweep("s", "*", "sum"));
    mesh.tick();
    for (EvaluationRequested request : mesh.requests()) {
      String model = request.getCheckpoint().getModel();
      mesh.answer(request, model.equals("a") ? 0.1 : model.equals("d") ? 0.9 : 0.5);
    }
    mesh.tick();

    Leaderboard board = mesh.leaderboards().get("sum|acc|0|float32");
    assertThat(board.getTotal()).isEqualTo(4);
    assertThat(board.getEntries())
        .extracting(it -> it.getRank() + " " + it.getModel())
        .containsExactly("1 d", "2 b", "2 c");
  }

  @Test
  void anEntryBelowTheCutComesUpWhenAnotherDrops() {
    mesh.publish(task("sum", 10, 10));
    for (String model : List.of("a", "b", "c", "d")) {
      mesh.put(checkpoint(model, 1));
    }
    mesh.put(mesh.sweep("s", "*", "sum"));
    mesh.tick();
    List<EvaluationRequested> requests = mesh.requests();
    for (EvaluationRequested request : requests) {
      mesh.answer(request, request.getCheckpoint().getModel().equals("d") ? 0.2 : 0.5);
    }
    mesh.tick();
    EvaluationRequested first = requests.getFirst();
    mesh.answer(first, 0);
    mesh.tick();

    assertThat(mesh.leaderboards().get("sum|acc|0|float32").getEntries())
        .extracting(BoardEntry::getModel)
        .contains("d")
        .doesNotContain(first.getCheckpoint().getModel());
  }
}
