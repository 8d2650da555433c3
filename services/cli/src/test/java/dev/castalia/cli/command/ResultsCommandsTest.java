package dev.castalia.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.cli.Execution;
import dev.castalia.cli.RecordingGateway;
import dev.castalia.schemas.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** leaderboard, scorecard, trajectory, findings, failures, cancel, tasks, checkpoints, retire. */
class ResultsCommandsTest {

  private static final String BOARD =
      """
      {"task": "nano_agreement", "version": "5f1c",
       "metric": {"metric": "acc", "aggregation": "MEAN", "direction": "HIGHER", "target": null,
         "chance": 0.5},
       "shots": 0, "dtype": "float32",
       "entries": [
         {"rank": 1, "model": "nano-480k", "revision": "step2000", "step": 2000,
          "tokensSeen": 8192000, "parameters": 484128, "variant": "standard", "seed": 1234,
          "value": 0.9967, "stderr": 0.00333, "documents": 300, "ofDocuments": 300},
         {"rank": 2, "model": "nano-74k", "revision": "step0", "step": 0, "tokensSeen": 0,
          "parameters": 74624, "variant": "standard", "value": null, "notFinite": "NaN",
          "stderr": null, "documents": 100, "ofDocuments": 300}],
       "page": 1, "pageSize": 20, "total": 176}
      """;

  private static final String CARD =
      """
      {"model": "nano-74k", "revision": "step512", "step": 512, "tasks": {
        "nano_agreement": {"documents": 300, "ofDocuments": 300, "metrics": {
           "acc": {"value": 0.79, "stderr": 0.0235}, "acc_norm": {"value": 0.81, "stderr": null}},
           "version": "5f1c", "shots": 0, "dtype": "float32"}}}
      """;

  private final RecordingGateway gateway = new RecordingGateway();

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void aLeaderboardIsATable() {
    gateway.answers("GET /leaderboards/nano_agreement", BOARD);

    Execution board = Execution.against(gateway, "leaderboard", "nano_agreement");

    assertThat(board.status()).isZero();
    assertThat(board.outLines())
        .containsExactly(
            "nano_agreement: acc (higher is better), 2 of 176",
            "rank  model      revision  step  acc              documents",
            "   1  nano-480k  step2000  2000  0.9967 ± 0.0033    300/300",
            "   2  nano-74k   step0        0  NaN                100/300");
  }

  @Test
  void aLeaderboardsOptionsAreTheGatewaysParameters() {
    gateway.answers("GET /leaderboards/nano_agreement", BOARD);

    Execution.against(
        gateway,
        "leaderboard",
        "nano_agreement",
        "--metric=acc_norm",
        "--shots=3",
        "--dtype=float16",
        "--limit=5",
        "--model=nano 74k*",
        "--best");

    assertThat(gateway.asked().getFirst().pathAndQuery())
        .isEqualTo(
            "/api/v1/leaderboards/nano_agreement"
                + "?metric=acc_norm&shots=3&dtype=float16&model=nano%2074k*&best=true&pageSize=5");
  }

  @Test
  void aGroupsLeaderboardShowsHowManyOfItsTasksAreScored() {
    gateway.answers(
        "GET /group-leaderboards/mmlu",
        """
        {"group": "mmlu", "metric": {"metric": "acc", "direction": "HIGHER"}, "shots": 0,
         "source": "paper", "tasks": ["a", "b"], "total": 3, "entries": [
          {"rank": 1, "model": "big", "revision": "step8", "step": 8, "parameters": 9,
           "value": 0.5, "stderr": 0.01, "tasks": 2, "ofTasks": 2},
          {"rank": null, "model": "small", "revision": "step8", "step": 8, "parameters": 1,
           "value": 0.6, "stderr": null, "tasks": 1, "ofTasks": 2},
          {"rank": 2, "model": "broken", "revision": "step8", "step": 8, "parameters": 1,
           "value": null, "notFinite": "NaN", "stderr": null, "tasks": 2, "ofTasks": 2}]}
        """);

    assertThat(
            Execution.against(gateway, "leaderboard", "mmlu", "--group", "--source=paper")
                .outLines())
        .containsExactly(
            "mmlu: mean acc over 2 tasks, by paper, 3 of 3",
            "rank  model   revision  step  acc              tasks",
            "   1  big     step8        8  0.5000 ± 0.0100    2/2",
            "   -  small   step8        8  0.6000             1/2",
            "   2  broken  step8        8  NaN                2/2");
    assertThat(
            RecordingGateway.json(
                    Execution.against(gateway, "leaderboard", "mmlu", "--group", "--json").out())
                .at("/entries/2/notFinite")
                .asText())
        .isEqualTo("NaN");
  }

  @Test
  void aGroupsLeaderboardOfBiasesSaysThatItRanksByTheirDistances() {
    gateway.answers(
        "GET /group-leaderboards/crows",
        """
        {"group": "crows", "metric": {"metric": "pct", "direction": "NEAREST", "target": 0.5},
         "shots": 0, "tasks": ["a", "b"], "total": 0, "entries": []}
        """);

    assertThat(Execution.against(gateway, "leaderboard", "crows", "--group").outLines())
        .startsWith("crows: mean pct over 2 tasks, ranked by mean distance from 0.5, 0 of 0");
  }

  @Test
  void aTrajectoryIsATableOfItsSteps() {
    gateway.answers(
        "GET /trajectories",
        """
        {"trajectories": [{"model": "pythia-70m", "task": "sciq", "version": "0", "shots": 5,
          "dtype": "", "source": "pythia-evals",
          "metric": {"metric": "acc", "aggregation": "MEAN", "direction": "HIGHER"},
          "points": [
            {"revision": "step0", "step": 0, "tokensSeen": 0, "value": null,
             "notFinite": "-Infinity", "stderr": null, "documents": 0},
            {"revision": "step512", "step": 512, "tokensSeen": 1073741824, "value": 0.41,
             "stderr": 0.0156, "documents": 500, "ofDocuments": 1000}]}],
         "total": 1}
        """);

    Execution shown = Execution.against(gateway, "trajectory", "pythia-70m", "sciq");

    assertThat(shown.outLines())
        .containsExactly(
            "pythia-70m on sciq, 5-shot, by pythia-evals",
            "step  revision  acc              documents",
            "   0  step0     -Infinity",
            " 512  step512   0.4100 ± 0.0156   500/1000");
    assertThat(gateway.asked().getFirst().pathAndQuery())
        .startsWith("/api/v1/trajectories?model=pythia-70m&task=sciq");
    assertThat(
            RecordingGateway.json(
                    Execution.against(gateway, "trajectory", "pythia-70m", "sciq", "--json").out())
                .at("/trajectories/0/points/0/notFinite")
                .asText())
        .isEqualTo("-Infinity");
  }

  @Test
  void aGroupsLeaderboardIsOfTheUsualPrecision() {
    Execution board =
        Execution.against(gateway, "leaderboard", "mmlu", "--group", "--dtype=float16");

    assertThat(board.status()).isEqualTo(2);
    assertThat(board.errLines().getFirst())
        .startsWith("castalia: --dtype is of one task's board: leave it or --group out");
  }

  @Test
  void trajectoriesOfTwoPrecisionsAreToldApart() {
    String line =
        """
        {"model": "nano-74k", "task": "nano_sum", "version": "v", "shots": 3, "dtype": "%s",
         "metric": {"metric": "acc", "aggregation": "MEAN", "direction": "HIGHER"}, "points": []}
        """;
    gateway.answers(
        "GET /trajectories",
        "{\"trajectories\": [%s, %s], \"total\": 2}"
            .formatted(line.formatted("float16"), line.formatted("float32")));

    assertThat(Execution.against(gateway, "trajectory", "nano-74k", "nano_sum").outLines())
        .contains("nano-74k on nano_sum, 3-shot, float16", "nano-74k on nano_sum, 3-shot");
  }

  @Test
  void ofWhatNothingIsScoredIsSaid() {
    gateway.answers("GET /trajectories", "{\"trajectories\": [], \"total\": 0}");

    assertThat(Execution.against(gateway, "trajectory", "nano-74kk", "nano_text").outLines())
        .containsExactly("nothing is scored of nano-74kk on nano_text");
    assertThat(
            Execution.against(
                    gateway, "trajectory", "big", "sciq", "--metric=acc", "--source=paper")
                .outLines())
        .containsExactly("nothing is scored of big on sciq, acc, by paper");
  }

  @Test
  void aLimitOfZeroIsWrongUsage() {
    Execution board = Execution.against(gateway, "leaderboard", "nano_agreement", "--limit=0");

    assertThat(board.status()).isEqualTo(2);
    assertThat(board.errLines())
        .containsExactly(
            "castalia: --limit is 0: give 1 to 1000; see 'castalia leaderboard --help'");
  }

  @Test
  void anUnknownTaskNamesNearMisses() {
    gateway.refuses(
        "GET /leaderboards/nano_agrement",
        404,
        "There is no task \\\"nano_agrement\\\". Did you mean nano_agreement?");

    Execution board = Execution.against(gateway, "leaderboard", "nano_agrement");

    assertThat(board.status()).isEqualTo(1);
    assertThat(board.errLines())
        .containsExactly(
            "castalia: There is no task \"nano_agrement\". Did you mean nano_agreement?");
  }

  @Test
  void asJsonALeaderboardKeepsItsEntries() {
    gateway.answers("GET /leaderboards/nano_agreement", BOARD);

    Execution board = Execution.against(gateway, "leaderboard", "nano_agreement", "--json");

    var json = RecordingGateway.json(board.out());
    assertThat(json.path("entries")).hasSize(2);
    assertThat(json.path("entries").get(0).path("value").asDouble()).isEqualTo(0.9967);
    assertThat(json.path("entries").get(1).path("value").isNull()).isTrue();
    assertThat(json.path("total").asInt()).isEqualTo(176);
  }

  @Test
  void asJsonAScorecardHasExactlyThePromisedShape() {
    gateway.answers("GET /scorecards/nano-74k@step512", CARD);

    Execution card = Execution.against(gateway, "scorecard", "nano-74k@step512", "--json");

    assertThat(card.status()).isZero();
    assertThat(RecordingGateway.json(card.out()))
        .isEqualTo(
            RecordingGateway.json(
                """
                {"model": "nano-74k", "revision": "step512", "step": 512, "tasks": {
                  "nano_agreement": {"documents": 300, "metrics": {
                    "acc": {"value": 0.79, "stderr": 0.0235},
                    "acc_norm": {"value": 0.81, "stderr": null}}}}}
                """));
  }

  @Test
  void aScorecardIsATable() {
    gateway.answers("GET /scorecards/nano-74k@step512", CARD);

    assertThat(Execution.against(gateway, "scorecard", "nano-74k@step512").outLines())
        .containsExactly(
            "nano-74k@step512, step 512",
            "task            documents  metric    value",
            "nano_agreement        300  acc       0.7900 ± 0.0235",
            "nano_agreement        300  acc_norm  0.8100");
  }

  @Test
  void aScorecardOfNoCheckpointIsWrongUsage() {
    Execution card = Execution.against(gateway, "scorecard", "nano-74k");

    assertThat(card.status()).isEqualTo(2);
    assertThat(card.errLines())
        .containsExactly(
            "castalia: 'nano-74k' is not a checkpoint: give MODEL@REVISION, as nano-74k@step512; see 'castalia scorecard --help'");
  }

  @Test
  void findingsOfContinuedTrainingSayWhatPaysAndWhatItCosts() {
    String finding =
        """
        {"kind": "%s", "subject": "base|ko|kobest|0|piqa|f1|acc|0|float32", "verdict": "pays",
         "effect": 0.03, "low": 0.02, "high": 0.04, "metric": "f1", "evidence": ["a", "b"],
         "expected": 2, "details": {"paysFrom": 64000, "bestRate": 0.001, "bestVariant": "ko100",
           "oldTask": "piqa", "oldMetric": "acc", "runs": [
            {"baseStep": 64000, "learningRate": 0.001, "variant": "ko50", "loss": 0.2},
            {"baseStep": 64000, "learningRate": 0.001, "variant": "ko100", "loss": 0.01,
             "lossLow": -0.01, "lossHigh": 0.03, "kept": 0.92}]}}
        """;
    gateway
        .answers("GET /findings/pending", "{\"complete\": true}")
        .answers(
            "GET /findings",
            "{\"total\": 2, \"findings\": [%s, %s]}"
                .formatted(finding.formatted("continued-training"), finding.formatted("seeds")));

    assertThat(Execution.against(gateway, "findings").outLines())
        .containsExactly(
            "continued-training                      verdict  effect          interval  p  q  evidence  details",
            "base|ko|kobest|0|piqa|f1|acc|0|float32  pays     0.0300  0.0200 to 0.0400             2/2  from base step"
                + " 64,000; best learning rate 0.001 (ko100); costs +0.0100 (−0.0100 to +0.0300) in"
                + " piqa (acc); keeps 92 % of what the base had there above guessing",
            "",
            "seeds                                   verdict  effect          interval  p  q  evidence",
            "base|ko|kobest|0|piqa|f1|acc|0|float32  pays     0.0300  0.0200 to 0.0400             2/2");
  }

  private static String failure(int start, String reason) {
    return """
    {"failure": "k%d", "checkpoint": "nano-74k@step1", "task": "nano_sum", "version": "v",
     "shots": 0, "dtype": "float32", "start": %d, "end": %d, "kind": "PERMANENT", "reason": "%s",
     "remedy": "correct it", "attempts": 2, "scorer": "scorer-1",
     "failedAt": "2026-01-01T00:0%d:00.123Z"}
    """
        .formatted(start, start, start + 100, reason, start / 100);
  }

  @Test
  void failuresOfOneCauseAreToldOnce() {
    gateway.answers(
        "GET /sweeps/s1/failures",
        "{\"failures\": [%s, %s, %s], \"page\": 1, \"pageSize\": 1000, \"total\": 3}"
            .formatted(failure(0, "no file"), failure(100, "no file"), failure(200, "no memory")));

    Execution failures = Execution.against(gateway, "failures", "--sweep=s1");

    assertThat(failures.status()).isZero();
    assertThat(failures.outLines())
        .containsExactly(
            "permanent: no memory",
            "  to do: correct it",
            "  2026-01-01T00:02:00Z  nano-74k@step1, nano_sum, documents 200 to 299, attempt 2",
            "permanent: no file",
            "  to do: correct it",
            "  2026-01-01T00:01:00Z  nano-74k@step1, nano_sum, documents 100 to 199, attempt 2",
            "  2026-01-01T00:00:00Z  nano-74k@step1, nano_sum, documents 0 to 99, attempt 2");
  }

  @Test
  void unreadableRecordsOfOneCauseAreToldOnce() {
    String records =
        IntStream.range(0, 5)
            .mapToObj(offset -> new DeadLetter("castalia.scores", 2, offset, "no event"))
            .map(
                letter ->
                    """
                    {"failure": "%s", "kind": "UNREADABLE", "reason": "%s", "remedy": "%s",
                     "attempts": 1, "failedAt": "2026-01-01T00:0%d:00Z"}
                    """
                        .formatted(
                            letter.key(),
                            letter.failure(Instant.EPOCH).getReason(),
                            letter.failure(Instant.EPOCH).getRemedy(),
                            letter.offset()))
            .collect(Collectors.joining(","));
    gateway.answers("GET /failures", "{\"failures\": [%s], \"total\": 5}".formatted(records));

    assertThat(Execution.against(gateway, "failures").outLines())
        .containsExactly(
            "unreadable: a record of castalia.scores cannot be read: no event",
            "  to do: look at the dead letter of the same key, mend its producer, and send it again",
            "  2026-01-01T00:04:00Z  dead-letter|castalia.scores|2|4",
            "  2026-01-01T00:03:00Z  dead-letter|castalia.scores|2|3",
            "  2026-01-01T00:02:00Z  dead-letter|castalia.scores|2|2",
            "  and 2 more, since 2026-01-01T00:00:00Z");
  }

  @Test
  void allPagesOfFailuresAreRead() {
    gateway
        .answers("GET /failures", "{\"failures\": [%s], \"total\": 2}".formatted(failure(0, "a")))
        .answers("GET /failures", "{\"failures\": [%s], \"total\": 1}".formatted(failure(1, "b")));

    Execution failures = Execution.against(gateway, "failures", "--json");

    assertThat(RecordingGateway.json(failures.out()).path("failures")).hasSize(2);
    assertThat(gateway.asked())
        .extracting(RecordingGateway.Asked::pathAndQuery)
        .containsExactly(
            "/api/v1/failures?pageSize=1000", "/api/v1/failures?pageSize=1000&after=k0");
  }

  @Test
  void trajectoriesAreReadOnBehindTheLastOfAPage() {
    String line =
        """
        {"model": "nano-74k", "task": "nano_sum", "version": "v", "shots": 3, "dtype": "%s",
         "source": %s, "metric": {"metric": "acc", "aggregation": "MEAN", "direction": "HIGHER"},
         "points": []}
        """;
    gateway
        .answers("GET /trajectories", page(3, line.formatted("float32", "null")))
        .answers("GET /trajectories", page(2, line.formatted("", "\"paper\"")))
        .answers("GET /trajectories", page(1, line.formatted("", "\"thesis\"")));

    Execution.against(gateway, "trajectory", "nano-74k", "nano_sum");

    assertThat(gateway.asked())
        .extracting(asked -> asked.pathAndQuery().replaceFirst(".*pageSize=1000", ""))
        .containsExactly(
            "",
            "&after=nano-74k%7Cnano_sum%7Cacc%7C3%7Cfloat32",
            "&after=nano-74k%7Cnano_sum%7Cacc%7C3%7C%7Cpaper");
  }

  private static String page(int total, String trajectory) {
    return "{\"trajectories\": [%s], \"total\": %d}".formatted(trajectory, total);
  }

  @Test
  void noFailuresAreSaidSo() {
    gateway.answers("GET /failures", "{\"failures\": [], \"total\": 0}");

    assertThat(Execution.against(gateway, "failures").outLines()).containsExactly("nothing failed");
  }

  @Test
  void failuresAreThoseThatMatchSinceATime() {
    gateway.answers("GET /failures", "{\"failures\": [], \"total\": 0}");

    Execution.against(
        gateway, "failures", "--task=ko*", "--kind=EXHAUSTED", "--since=2026-07-13T10:15:30Z");
    Instant before = Instant.now();
    Execution.against(gateway, "failures", "--since=2h");

    assertThat(gateway.asked().getFirst().pathAndQuery())
        .contains("kind=EXHAUSTED", "task=ko*", "since=2026-07-13T10%3A15%3A30Z")
        .doesNotContain("model");
    String since = gateway.asked().getLast().pathAndQuery().replaceAll(".*since=|&.*", "");
    assertThat(Instant.parse(since.replace("%3A", ":")))
        .isBetween(
            before.minus(Duration.ofHours(2)).minusSeconds(1),
            Instant.now().minus(Duration.ofHours(2)));
  }

  @Test
  void aTimeThatMeansNothingAndASweepWithAFilterAreWrongUsage() {
    Execution time = Execution.against(gateway, "failures", "--since=yesterday");
    Execution both = Execution.against(gateway, "failures", "--sweep=s1", "--task=a");

    assertThat(time.status()).isEqualTo(2);
    assertThat(time.err()).contains("--since", "'yesterday': give how long ago, such as 90s");
    assertThat(both.status()).isEqualTo(2);
    assertThat(gateway.asked()).isEmpty();
  }

  @Test
  void retryingSaysHowManyUnits() {
    gateway
        .answers("POST /failures/retry", "{\"retried\": 1200}")
        .answers("POST /sweeps/s1/failures/retry", "{\"retried\": 0}");

    Execution matching = Execution.against(gateway, "retry", "--model=nano-*", "--kind=EXHAUSTED");
    Execution none = Execution.against(gateway, "retry", "--sweep=s1");

    assertThat(matching.outLines()).containsExactly("1,200 units are tried again");
    assertThat(none.outLines()).containsExactly("nothing failed that could be tried again");
    assertThat(gateway.asked())
        .extracting(RecordingGateway.Asked::pathAndQuery)
        .first()
        .asString()
        .contains("kind=EXHAUSTED", "model=nano-*");
  }

  @Test
  void retryingNothingInParticularIsAUsageError() {
    Execution retry = Execution.against(gateway, "retry");

    assertThat(retry.status()).isEqualTo(2);
    assertThat(gateway.asked()).isEmpty();
  }

  @Test
  void dismissingSaysHowManyFailures() {
    gateway
        .answers("POST /failures/dismiss", "{\"dismissed\": 1200}")
        .answers("POST /sweeps/s1/failures/dismiss", "{\"dismissed\": 1}")
        .answers("POST /failures/dismiss", "{\"dismissed\": 0}");

    Execution matching = Execution.against(gateway, "dismiss", "--kind=UNREADABLE");
    Execution one = Execution.against(gateway, "dismiss", "--sweep=s1");
    Execution none = Execution.against(gateway, "dismiss", "--all", "--json");

    assertThat(matching.outLines()).containsExactly("1,200 failures are put away");
    assertThat(one.outLines()).containsExactly("1 failure is put away");
    assertThat(RecordingGateway.json(none.out()).path("dismissed").asInt(-1)).isZero();
    assertThat(gateway.asked())
        .extracting(RecordingGateway.Asked::pathAndQuery)
        .first()
        .asString()
        .contains("kind=UNREADABLE");
  }

  @Test
  void dismissingNothingInParticularIsAUsageError() {
    Execution dismiss = Execution.against(gateway, "dismiss");

    assertThat(dismiss.status()).isEqualTo(2);
    assertThat(gateway.asked()).isEmpty();
  }

  @Test
  void cancellingSaysWhatWasDone() {
    gateway.answers(
        "DELETE /sweeps/s1",
        202,
        "application/json",
        """
        {"sweep": "s1", "cancelledBy": "ada", "cancelledAt": "2026-01-01T00:00:00Z",
         "progress": {"sweep": "s1", "state": "cancelled", "checkpoints": 2, "planned": 10,
           "done": 4, "failed": 0, "models": []}}
        """);

    Execution cancel = Execution.against(gateway, "cancel", "s1");

    assertThat(cancel.status()).isZero();
    assertThat(cancel.outLines()).containsExactly("sweep s1 is cancelled; 4 of 10 units were done");
  }

  @Test
  void tasksAreListed() {
    gateway.answers(
        "GET /tasks",
        """
        {"tasks": [{"task": "nano_sum", "version": "v", "language": "en", "documents": 200,
           "sliceDocuments": 200, "meanTokens": 76.0, "outputType": "multiple_choice", "shots": 3,
           "metrics": [{"metric": "acc", "aggregation": "MEAN", "direction": "HIGHER",
             "target": null, "chance": 0.1}], "tags": [], "location": "/t/nano_sum.yaml",
           "registeredAt": "2026-01-01T00:00:00Z"}], "page": 1, "pageSize": 1000, "total": 1}
        """);

    assertThat(Execution.against(gateway, "tasks").outLines())
        .containsExactly(
            "task      language  output type      shots  documents  metrics",
            "nano_sum  en        multiple_choice      3        200  acc");
  }

  @Test
  void aTerminalObeysNothingThatAProducerWrote() {
    gateway.answers(
        "GET /tasks",
        """
        {"tasks": [{"task": "t", "language": "en\\u001b]52;c;bHM=\\u0007", "documents": 1,
           "outputType": "\\u009b2J", "shots": 0, "metrics": []}], "total": 1}
        """);

    assertThat(Execution.against(gateway, "tasks").outLines().getLast())
        .startsWith("t     en\uFFFD]52;c;bHM=\uFFFD  \uFFFD2J ");
    assertThat(Execution.against(gateway, "tasks", "--json").out())
        .contains("en\\u001B]52;c;bHM=\\u0007", "\"\\u009b2J\"");
  }

  @Test
  void checkpointsAreListed() {
    gateway.answers(
        "GET /checkpoints",
        """
        {"checkpoints": [{"model": "nano-74k", "revision": "step512", "step": 512,
           "tokensSeen": 2097152, "parameters": 74624, "nonEmbeddingParameters": 25472,
           "variant": "standard", "seed": 1234, "language": "en", "parent": null,
           "learningRate": null, "suite": "nano", "tokenizer": "/t", "location": "/l",
           "contentHash": null, "publishedAt": "2026-01-01T00:00:00Z"},
          {"model": "nano-74k", "revision": "step1000", "step": 1000,
           "tokensSeen": 4096000, "parameters": 74624, "variant": "standard", "language": "en",
           "tokenizer": "/t", "location": "/m", "retired": true}], "total": 2}
        """);

    assertThat(Execution.against(gateway, "checkpoints", "nano-*").outLines())
        .containsExactly(
            "model     revision  step  tokens  parameters  variant   language",
            "nano-74k  step512    512    2.1M       74.6k  standard  en",
            "nano-74k  step1000  1000    4.1M       74.6k  standard  en        retired");
  }

  @Test
  void whatMatchesAndCanBeLoadedIsRetired() {
    gateway
        .answers("GET /checkpoints", someCheckpoints())
        .answers("POST /checkpoints", "{\"created\": 0, \"updated\": 1, \"unchanged\": 0}");

    Execution retire = Execution.against(gateway, "retire", "a@step*", "--steps=1..2");

    assertThat(retire.outLines()).containsExactly("a@step1", "1 checkpoint is retired");
    assertThat(gateway.asked().getFirst().pathAndQuery()).contains("model=a&", "steps=1..2");
    JsonNode sent = gateway.asked().getLast().json();
    assertThat(sent).hasSize(1);
    assertThat(sent.at("/0/revision").asText()).isEqualTo("step1");
    assertThat(sent.at("/0/contentHash").asText()).isEqualTo("w");
    assertThat(sent.at("/0/retired").asBoolean()).isTrue();
  }

  @Test
  void aPlanToRetireRetiresNothing() {
    gateway.answers("GET /checkpoints", someCheckpoints());

    assertThat(Execution.against(gateway, "retire", "a", "--plan").outLines())
        .containsExactly("a@step1", "a@other", "2 checkpoints would be retired");
    assertThat(gateway.asked()).hasSize(1);
  }

  @Test
  void aPatternToRetireThatMatchesNothingIsAnError() {
    gateway.answers("GET /checkpoints", someCheckpoints());

    Execution retire = Execution.against(gateway, "retire", "a@stop*");

    assertThat(retire.status()).isEqualTo(1);
    assertThat(retire.err()).contains("no checkpoint is of a@stop*");
    assertThat(gateway.asked()).hasSize(1);
  }

  /** The second is retired already. */
  private static String someCheckpoints() {
    return """
        {"checkpoints": [
          {"model": "a", "revision": "step1", "step": 1, "tokensSeen": 1, "parameters": 1,
           "contentHash": "w"},
          {"model": "a", "revision": "step2", "step": 2, "tokensSeen": 2, "parameters": 1,
           "retired": true},
          {"model": "a", "revision": "other", "step": 2, "tokensSeen": 2, "parameters": 1}],
         "total": 3}
        """;
  }
}
