package dev.castalia.gateway;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.Finding;
import dev.castalia.events.FindingsPending;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.ScoreReported;
import dev.castalia.events.Scorecard;
import dev.castalia.events.SweepRequested;
import dev.castalia.gateway.support.Events;
import dev.castalia.gateway.support.MemoryCluster;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.CheckpointPartitioner;
import dev.castalia.schemas.DeadLetter;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Topic;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway over HTTP, its topics in memory. Every test has names of its own. */
@QuarkusTest
class GatewayOverHttpTest {

  /** Heartbeats go on: without it, whoever waits for an event that is lost waits for ever. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Inject MemoryCluster cluster;

  @TestHTTPResource("/")
  URI root;

  @BeforeEach
  void waitUntilReady() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> when().get("/q/health/ready").statusCode() == 200);
  }

  @Test
  void aRegisteredTaskIsReadBackAtOnce() {
    post("/tasks", task("back")).statusCode(201).body("created", equalTo(1));

    get("/tasks/back")
        .statusCode(200)
        .body("metrics[0].metric", equalTo("acc"))
        .body("registeredAt", matchesPattern("\\d{4}-.*Z"));
  }

  @Test
  void aTaskThatIsKnownAsItIsIsLeftAlone() {
    post("/tasks", task("alone")).statusCode(201);

    post("/tasks", task("alone")).statusCode(200).body("unchanged", equalTo(1));
  }

  /**
   * Another tokenizer would cut it otherwise, but what is scored of it is scored by those slices.
   */
  @Test
  void aVersionOfATaskIsCutIntoSlicesOnce() {
    post("/tasks", task("cut")).statusCode(201);
    int slice = get("/tasks/cut").extract().path("sliceDocuments");

    post("/tasks", task("cut").replace("\"sliceDocuments\":" + slice, "\"sliceDocuments\":7"))
        .body("unchanged", equalTo(1));

    get("/tasks/cut").body("sliceDocuments", equalTo(slice));
  }

  @Test
  void aCheckpointThatChangesKeepsTheTimeItWasFirstPublished() {
    post("/checkpoints", checkpoint("moved", 1, "/old")).statusCode(201);
    String first = get("/checkpoints/moved@step1").extract().path("publishedAt");

    post("/checkpoints", checkpoint("moved", 1, "/new"))
        .statusCode(200)
        .body("updated", equalTo(1));

    get("/checkpoints/moved@step1")
        .body("location", equalTo("/new"))
        .body("publishedAt", equalTo(first));
  }

  @Test
  void aRetiredCheckpointIsSaidToBeSoUntilItIsPublishedAgain() {
    publish("gone", 1);
    post("/checkpoints", retired("gone", 1)).statusCode(200).body("updated", equalTo(1));
    get("/checkpoints/gone@step1").body("retired", equalTo(true));

    publish("gone", 1);
    get("/checkpoints/gone@step1").body("retired", equalTo(false));
  }

  @Test
  void aPlanCountsNoRetiredCheckpointAndASweepOfNoneButThoseIsRefused() {
    registerAndPublish("partly-gone");
    post("/checkpoints", retired("partly-gone", 1));

    post("/sweeps/plan", sweep("partly-gone-1", "partly-gone", "all", "partly-gone"))
        .body("checkpoints", equalTo(1));
    post("/sweeps", sweep("partly-gone-2", "partly-gone", "1", "partly-gone"))
        .statusCode(422)
        .body("type", equalTo("urn:castalia:problem:retired"))
        .body("detail", containsString("publish them again"));
  }

  @Test
  void checkpointsAreListedByModelAndStep() {
    publish("listed-b", 10, 9);
    publish("listed-a", 1);

    get("/checkpoints?model=listed-*")
        .body("checkpoints.model", contains("listed-a", "listed-b", "listed-b"))
        .body("checkpoints.step", contains(1, 9, 10))
        .body("total", equalTo(3));
    get("/checkpoints?model=listed-*&steps=9..10&page=2&pageSize=1")
        .body("checkpoints.step", contains(10))
        .body("total", equalTo(2));
  }

  @Test
  void checkpointsAreReadOnBehindOneOfThem() {
    publish("behind-a", 2);
    publish("behind-b", 10, 9);

    get("/checkpoints?model=behind-*&after=behind-b@step9")
        .body("checkpoints.step", contains(10))
        .body("total", equalTo(1));
    get("/checkpoints?after=behind-b@step8").statusCode(404);
  }

  @Test
  void aListIsReadOnBehindTheKeyOfOneOfIt() {
    registerAndPublish("on-task");
    for (String model : List.of("on-a", "on-b", "on-c")) {
      post("/tasks", task(model));
      var trajectory = Events.trajectory(model, "on-task", Events.point(1, 0.4));
      cluster.append(Topic.TRAJECTORIES, Keys.of(trajectory), trajectory);
      var finding = Events.finding(model, "on-task");
      cluster.append(Topic.FINDINGS, finding.getFinding(), finding);
    }
    var failures =
        List.of(
            Events.failure("on-task@step1", "on-task", "v1"),
            Events.failure("on-task@step2", "on-task", "v1"));
    failures.forEach(it -> cluster.append(Topic.FAILURES, Keys.of(it.getUnit()), it));
    post("/sweeps", sweep("on-1", "on-task", "all", "on-task"));
    await().until(() -> total("/trajectories?task=on-task") == 3);
    await().until(() -> total("/findings?task=on-task") == 3);
    await().until(() -> total("/failures?task=on-task") == 2);

    get("/tasks?task=on-?&after=on-a").body("tasks.task", contains("on-b", "on-c"));
    get("/trajectories?task=on-task&after=on-a|on-task|acc|0|float32")
        .body("trajectories.model", contains("on-b", "on-c"));
    get("/findings?task=on-task&after=" + Events.finding("on-a", "on-task").getFinding())
        .body("findings.models.flatten()", contains("on-b", "on-c"));
    String first = Keys.of(failures.getFirst().getUnit());
    get("/failures?task=on-task&after=" + first)
        .body("failures.checkpoint", contains("on-task@step2"));
    get("/sweeps/on-1/failures?after=" + first)
        .body("failures.checkpoint", contains("on-task@step2"));
  }

  @Test
  void oneBadCheckpointOfManyKeepsAllFromBeingPublished() {
    post(
            "/checkpoints",
            "[" + checkpoint("all-or-none", 1, "/x") + "," + checkpoint("bad name", 1, "/x") + "]")
        .statusCode(422)
        .body("detail", containsString("\"bad name\""));

    get("/checkpoints/all-or-none@step1").statusCode(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{; 400; not JSON",
        "''; 400; empty",
        "[]; 400; empty",
        "[null]; 400; null",
        "{\"tusk\":1}; 400; /0/tusk is not known here. Known are: documents",
        "{\"task\":1}; 400; /0/task is 1",
        "{\"documents\":1.5}; 400; whole number",
        "{\"documents\":\"1\"}; 400; whole number",
        "{\"documents\":99999999999}; 400; out of range",
        "{\"task\":\"a\",\"task\":\"b\"}; 400; Duplicate",
        "{\"metrics\":[{\"aggregation\":\"SUM\"}]}; 400; one of [MEAN",
        "{\"task\":\"x\"}; 422; version is missing",
        "{\"task\":\"a|b\"}; 422; hold no |",
      })
  void aBodyThatIsWrongIsAProblemThatSaysWhatIs(String body, int status, String detail) {
    post("/tasks", body)
        .statusCode(status)
        .contentType("application/problem+json")
        .body("status", equalTo(status))
        .body("instance", equalTo("/api/v1/tasks"))
        .body("detail", containsString(detail));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "tokensSeen; -1; tokensSeen is -1",
        "contentHash; \"a b\"; contentHash \"a b\" cannot be used",
        "parent; \"base|x@step1\"; model of parent \"base|x\" cannot be used",
        "parameters; 9000000000000000000; at most 1000000000000000",
      })
  void aCheckpointThatTheAggregatorWouldPutAsideIsRefused(String field, String value, String detail)
      throws Exception {
    ObjectNode checkpoint =
        (ObjectNode) new ObjectMapper().readTree(checkpoint("put-aside", 1, "/x"));
    checkpoint.set(field, new ObjectMapper().readTree(value));

    post("/checkpoints", checkpoint.toString())
        .statusCode(422)
        .body("detail", containsString("In checkpoint put-aside@step1: "))
        .body("detail", containsString(detail));

    get("/checkpoints/put-aside@step1").statusCode(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "stderr; -1; stderr is -1.0 but must be finite and at least 0",
        "stderr; 1e999; stderr is Infinity but",
        "target; 1e999; acc target is Infinity but must be a finite number",
        "target; \"NaN\"; acc target is NaN but",
        "chance; -1e999; acc chance is -Infinity but",
      })
  void aReportThatTheAggregatorWouldPutAsideIsRefused(String field, String value, String detail) {
    String report = report("aside", field.equals("stderr") ? value : "null", field, value);

    for (String compare : List.of("", "?compare=true")) {
      post("/reported-scores" + compare, report)
          .statusCode(422)
          .body("detail", containsString("checkpoint aside@step1, task recital: "))
          .body("detail", containsString(detail));
    }

    assertThat(reported("aside")).isEmpty();
  }

  @Test
  void aReportWithoutANameForATagIsRefused() {
    String report = report("tagged", "null", "chance", "0.5");

    post("/reported-scores", report.replace("\"shots\": 0", "\"shots\": 0, \"tags\": [null]"))
        .statusCode(422)
        .body("detail", containsString("tags is missing"));
  }

  @Test
  void aReportOfMoreDocumentsThanTheTaskHasIsRefused() {
    String report = report("many", "null", "chance", "0.5");

    post(
            "/reported-scores",
            report.replace("\"documents\": 100", "\"documents\": 100, \"ofDocuments\": 99"))
        .statusCode(422)
        .body("detail", containsString("ofDocuments is 99, where at least 100 is wanted"));
  }

  @Test
  void aReportInCastaliasOwnNameIsRefused() {
    String report = report("own", "null", "chance", "0.5");

    post("/reported-scores", report.replace("paper", "castalia"))
        .statusCode(422)
        .body("detail", containsString("source is castalia but must be"));
  }

  private static String report(String model, String stderr, String field, String value) {
    return """
    {"source": "paper", "checkpoint": {"model": "%s", "revision": "step1", "step": 1,
       "tokensSeen": 0, "parameters": 70426624},
     "tasks": [{"task": "recital", "shots": 0, "documents": 100, "metrics": [{"metric":
       {"metric": "acc", "aggregation": "MEAN", "direction": "HIGHER"%s}, "value": 0.75,
       "stderr": %s}]}]}\
    """
        .formatted(
            model, field.equals("stderr") ? "" : ", \"%s\": %s".formatted(field, value), stderr);
  }

  @Test
  void whatIsNotThereOrNotAllowedIsAProblemToo() {
    get("/nothing").statusCode(404).contentType("application/problem+json");
    when().put("/api/v1/tasks").then().statusCode(405).contentType("application/problem+json");
    given()
        .contentType(ContentType.TEXT)
        .body("x")
        .post("/api/v1/tasks")
        .then()
        .statusCode(415)
        .contentType("application/problem+json");
    get("/tasks?page=x").statusCode(400).body("detail", containsString("\"x\""));
    get("/tasks?tusk=x").statusCode(400).body("detail", containsString("tusk"));
  }

  @Test
  void aSweepIsAcceptedOnceForAnId() {
    registerAndPublish("once");

    String sweep = sweep("once-1", "once", "all", "once");
    post("/sweeps", sweep)
        .statusCode(202)
        .header("Location", endsWith("/api/v1/sweeps/once-1"))
        .body("tasks[0].version", equalTo("v1"))
        .body("plan.checkpoints", equalTo(2))
        .body("plan.units", equalTo(6))
        .body("progress.state", equalTo("planning"));
    post("/sweeps", sweep).statusCode(200).body("sweep", equalTo("once-1"));
    post("/sweeps", sweep("once-1", "once", "log", "once")).statusCode(409);

    assertThat(cluster.records(Topic.SWEEPS))
        .filteredOn(record -> record.key().equals("once-1"))
        .hasSize(1);
  }

  @Test
  void aPlanIsGivenWithoutEnqueuingAnything() {
    registerAndPublish("planned");

    post("/sweeps/plan", sweep("planned-1", "planned", "all", "planned"))
        .statusCode(200)
        .body("checkpoints", equalTo(2))
        .body("units", equalTo(6));

    get("/sweeps/planned-1").statusCode(404);
  }

  @Test
  void aPlanCountsCheckpointsThatAreNotPublishedAndPublishesNone() {
    registerAndPublish("thought-of");
    String given = checkpoint("thought-of", 2, "/x") + "," + checkpoint("thought-out", 3, "/x");

    post("/sweeps/plan", plan("thought-*", "thought-of", given))
        .statusCode(200)
        .body("checkpoints", equalTo(3))
        .body("models.model", contains("thought-of", "thought-out"));

    get("/checkpoints?model=thought-out").body("total", equalTo(0));
    post("/sweeps", plan("thought-*", "thought-of", given))
        .statusCode(400)
        .body("detail", containsString("/checkpoints is not known here"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "\"checkpoints\":[null]; 422; checkpoints holds null",
        "\"checkpoints\":[{\"model\":\"a b\"}]; 422; model \"a b\" cannot be used",
        "\"checkpoints\":[{\"modell\":\"a\"}]; 400; /checkpoints/0/modell is not known here",
        "\"checkpoints\":[]; 422; models is missing",
        "\"modells\":[\"*\"]; 400; /modells is not known here. Known are: checkpoints, dtype",
        "\"standing\":\"yes\"; 400; /standing is not true or false",
      })
  void aPlanThatMeansNothingIsRefused(String field, int status, String detail) {
    post("/sweeps/plan", "{" + field + "}")
        .statusCode(status)
        .body("detail", containsString(detail));
  }

  private static String plan(String model, String task, String checkpoints) {
    return """
    {"models":["%s"],"tasks":["%s"],"checkpoints":[%s]}\
    """
        .formatted(model, task, checkpoints);
  }

  @Test
  void aSweepCoversNoLessThanWasPublishedWhenItWasAccepted() {
    registerAndPublish("covered");
    var ahead = Events.checkpoint("covered", 99);
    var later = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.MILLIS);
    cluster.append(
        Topic.CHECKPOINTS,
        Keys.of(ahead),
        CheckpointPublished.newBuilder(ahead).setPublishedAt(later).build());
    await().until(() -> get("/checkpoints/covered@step99").extract().statusCode() == 200);

    post("/sweeps", sweep("covered-1", "covered", "all", "covered"))
        .body("plan.checkpoints", equalTo(3))
        .body("requestedAt", equalTo(later.toString()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "refused; all; refusd; unknown-task; Did you mean refused?",
        "refusd; all; refused; unknown-model; Did you mean refused?",
        "refused; 7; refused; no-checkpoint; \"7\"",
        "refused; every:0; refused; invalid-field; every:0",
      })
  void aSweepThatMeansNothingIsRefused(
      String model, String steps, String task, String type, String detail) {
    registerAndPublish("refused");

    post("/sweeps", sweep("refused-1", model, steps, task))
        .statusCode(422)
        .body("type", equalTo("urn:castalia:problem:" + type))
        .body("detail", containsString(detail));
  }

  @Test
  void aSweepOfEndlesslyManyOrLongPatternsIsRefused() {
    registerAndPublish("bounded");

    sweepIsRefused("bounded\",\"".repeat(1001) + "bounded", "all", "bounded", "models is 1002 but");
    sweepIsRefused("*".repeat(402), "all", "bounded", "pattern is 402 but");
    sweepIsRefused("bounded", "0,".repeat(5001) + "0", "bounded", "steps is 10003 but");
    sweepIsRefused("bounded", "all", "bounded\",\"".repeat(1001) + "bounded", "at most 1000");
  }

  private static void sweepIsRefused(String model, String steps, String task, String detail) {
    post("/sweeps", sweep("bounded-1", model, steps, task))
        .statusCode(422)
        .body("detail", containsString(detail));
  }

  @Test
  void aPatternOfManyStarsIsAnsweredAtOnce() {
    String name = "a".repeat(190);
    publish(name, 1);

    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> get("/checkpoints?model=" + "*?".repeat(20) + "z").body("total", equalTo(0)));
  }

  @Test
  void aStandingSweepMayWaitForItsFirstCheckpoint() {
    post("/tasks", task("standing"));

    post(
            "/sweeps",
            """
            {"sweep":"standing-1","models":["to-come"],"tasks":["standing"],"standing":true}\
            """)
        .statusCode(202)
        .body("plan.checkpoints", equalTo(0))
        .body("tasks[0].version", nullValue());
  }

  @Test
  void anIdIsMadeWhereNoneIsGiven() {
    registerAndPublish("made");

    post(
            "/sweeps",
            """
            {"models":"made","tasks":"made"}\
            """)
        .statusCode(202)
        .body("sweep", matchesPattern("\\d{8}-\\d{6}-\\d{3}-[a-z0-9]+"));
  }

  @Test
  void aCancelledSweepStaysCancelled() {
    registerAndPublish("cancelled");
    post("/sweeps", sweep("cancelled-1", "cancelled", "all", "cancelled")).statusCode(202);

    for (int times = 0; times < 2; times++) {
      when()
          .delete("/api/v1/sweeps/cancelled-1?by=ada")
          .then()
          .statusCode(202)
          .body("cancelledBy", equalTo("ada"))
          .body("progress.state", equalTo("cancelled"));
    }

    post("/sweeps", sweep("cancelled-1", "cancelled", "all", "cancelled")).statusCode(409);
    when().delete("/api/v1/sweeps/cancelled-9").then().statusCode(404);
  }

  @Test
  void aSweepsFailuresAreThoseOfItsUnits() {
    registerAndPublish("failing");
    post("/sweeps", sweep("failing-1", "failing", "2", "failing"));
    for (String checkpoint : List.of("failing@step1", "failing@step2")) {
      var failure = Events.failure(checkpoint, "failing", "v1");
      cluster.append(Topic.FAILURES, Keys.of(failure.getUnit()), failure);
    }
    await().until(() -> total("/failures?task=failing") == 2);

    get("/sweeps/failing-1/failures")
        .body("failures.checkpoint", contains("failing@step2"))
        .body("failures[0].reason", containsString("100 of 200 bytes"));
  }

  @Test
  void aSweepsFailuresAreThoseOfItsWeightsUnderAnyName() {
    post("/tasks", task("twins"));
    for (String model : List.of("twins-a", "twins-b")) {
      post(
          "/checkpoints",
          checkpoint(model, 1, "/suite").replace("{", "{\"contentHash\":\"twins\","));
    }
    post("/sweeps", sweep("twins-1", "twins-b", "all", "twins"));
    var failure = Events.failure("twins-a@step1", "twins", "v1");
    cluster.append(Topic.FAILURES, Keys.of(failure.getUnit()), failure);
    await().until(() -> total("/failures?task=twins") == 1);

    get("/sweeps/twins-1/failures").body("failures.checkpoint", contains("twins-a@step1"));
  }

  @Test
  void aRetryTakesTheFailuresPlace() {
    registerAndPublish("retried");
    post("/sweeps", sweep("retried-1", "retried", "1", "retried"));
    List<EvaluationFailed> failures =
        List.of(
            Events.failure("retried@step1", "retried", "v1"),
            Events.failure("retried@step2", "retried", "v1"));
    failures.forEach(it -> cluster.append(Topic.FAILURES, Keys.of(it.getUnit()), it));
    await().until(() -> total("/failures?task=retried") == 2);

    post("/sweeps/retried-1/failures/retry", "").statusCode(200).body("retried", equalTo(1));

    get("/failures?task=retried").body("failures.checkpoint", contains("retried@step2"));
    post("/sweeps", sweep("retried-2", "retried", "2", "retried"));
    post("/failures/retry?task=retried&by=ada", "").statusCode(200).body("retried", equalTo(1));
    assertThat(total("/failures?task=retried")).isZero();
    for (EvaluationFailed failure : failures) {
      assertThat(cluster.records(Topic.FAILURES))
          .filteredOn(it -> it.key().equals(Keys.of(failure.getUnit())))
          .extracting(ConsumerRecord::partition)
          .hasSize(2)
          .containsOnly(
              CheckpointPartitioner.partition(
                  failure.getUnit().getCheckpoint(), MemoryCluster.PARTITIONS));
    }
  }

  @Test
  void whatNoSweepWantsAnyMoreStaysOnRecordWhenItIsRetried() {
    registerAndPublish("unwanted");
    post("/sweeps", sweep("unwanted-1", "unwanted", "1", "unwanted"));
    post("/sweeps", sweep("unwanted-2", "unwanted", "2", "unwanted"));
    for (String checkpoint : List.of("unwanted@step1", "unwanted@step2")) {
      var failure = Events.failure(checkpoint, "unwanted", "v1");
      cluster.append(Topic.FAILURES, Keys.of(failure.getUnit()), failure);
    }
    await().until(() -> total("/failures?task=unwanted") == 2);
    when().delete("/api/v1/sweeps/unwanted-2").then().statusCode(202);

    post("/failures/retry?task=unwanted", "").statusCode(200).body("retried", equalTo(1));
    post("/failures/retry?task=unwanted", "")
        .statusCode(409)
        .body("detail", containsString("request a new one"));

    get("/failures?task=unwanted").body("failures.checkpoint", contains("unwanted@step2"));
  }

  @Test
  void aRetryOfAFailureThatIsNotOnRecordSaysSo() {
    post("/failures/retry?failure=nothing", "")
        .statusCode(404)
        .body("detail", containsString("nothing"));
  }

  @Test
  void theLatestFailuresComeFirstWhereThatIsAskedFor() {
    EvaluationFailed early = Events.failure("failed-a@step1", "failed-task", "v1");
    EvaluationFailed late =
        EvaluationFailed.newBuilder(Events.failure("failed-b@step1", "failed-task", "v1"))
            .setFailedAt(early.getFailedAt().plusSeconds(1))
            .build();
    for (EvaluationFailed failure : List.of(early, late)) {
      cluster.append(Topic.FAILURES, Keys.of(failure.getUnit()), failure);
    }
    await().until(() -> total("/failures?task=failed-task") == 2);

    get("/failures?task=failed-task")
        .body("failures.checkpoint", contains("failed-a@step1", "failed-b@step1"));
    get("/failures?task=failed-task&order=latest")
        .body("failures.checkpoint", contains("failed-b@step1", "failed-a@step1"));
    get("/failures?task=failed-task&since=" + late.getFailedAt())
        .body("failures.checkpoint", contains("failed-b@step1"));
    get("/failures?order=latest&after=failed-a").statusCode(400);
    get("/failures?order=worst").statusCode(400).body("detail", containsString("key or latest"));
    get("/failures?since=yesterday").statusCode(400).body("detail", containsString("2026-"));
  }

  @Test
  void aDismissedFailureIsListedNoMore() {
    registerAndPublish("dismissed");
    post("/sweeps", sweep("dismissed-1", "dismissed", "1", "dismissed"));
    for (String checkpoint : List.of("dismissed@step1", "dismissed@step2")) {
      var failure = Events.failure(checkpoint, "dismissed", "v1");
      cluster.append(Topic.FAILURES, Keys.of(failure.getUnit()), failure);
    }
    await().until(() -> total("/failures?task=dismissed") == 2);

    post("/sweeps/dismissed-1/failures/dismiss", "").statusCode(200).body("dismissed", equalTo(1));
    get("/failures?task=dismissed").body("failures.checkpoint", contains("dismissed@step2"));
    post("/failures/dismiss?task=dismissed", "").statusCode(200).body("dismissed", equalTo(1));

    assertThat(total("/failures?task=dismissed")).isZero();
    post("/failures/dismiss?failure=nothing", "").statusCode(404);
  }

  @Test
  void theFailuresOfACancelledSweepAreNotDismissedByIt() {
    registerAndPublish("dismissed-late");
    post("/sweeps", sweep("dismissed-late-1", "dismissed-late", "1", "dismissed-late"));
    when().delete("/api/v1/sweeps/dismissed-late-1").then().statusCode(202);

    post("/sweeps/dismissed-late-1/failures/dismiss", "")
        .statusCode(409)
        .body("detail", containsString("dismiss by model and task"));
  }

  /** Built anew, it would have the unit tried again. */
  @Test
  void aDismissedUnitsFailureIsStillThereForTheAggregator() throws Exception {
    EvaluationFailed failure = Events.failure("put-away@step1", "put-away", "v1");
    String key = Keys.of(failure.getUnit());
    cluster.append(Topic.FAILURES, key, failure);
    await().until(() -> total("/failures?task=put-away") == 1);

    post("/failures/dismiss?task=put-away&by=ada", "").statusCode(200);

    var last = records(Topic.FAILURES, key).getLast();
    assertThat(cluster.codec().decode(Topic.FAILURES, last.value())).isEqualTo(failure);
    assertThat(last.headers().lastHeader(Views.DISMISSED_BY).value()).asString().isEqualTo("ada");
    assertThat(records(Topic.FAILURES, key))
        .extracting(ConsumerRecord::partition)
        .containsOnly(last.partition());
  }

  @Test
  void aDismissedFailureThatIsNoUnitsIsDeleted() {
    DeadLetter letter = new DeadLetter("castalia.scores", 1, 7, "no event");
    cluster.append(Topic.FAILURES, letter.key(), letter.failure(Events.EARLIER));
    await().until(() -> total("/failures?kind=UNREADABLE") == 1);

    post("/failures/dismiss?failure=" + letter.key(), "")
        .statusCode(200)
        .body("dismissed", equalTo(1));

    assertThat(total("/failures?kind=UNREADABLE")).isZero();
    assertThat(records(Topic.FAILURES, letter.key()).getLast().value()).isNull();
  }

  private List<ConsumerRecord<String, byte[]>> records(Topic topic, String key) {
    return cluster.records(topic).stream().filter(it -> it.key().equals(key)).toList();
  }

  @Test
  void aBoardRanksFiltersAndPages() {
    score("ranked-197k", 1, "ranked", Events.ACC, 0.8);
    score("ranked-74k", 1, "ranked", Events.ACC, 0.6);
    score("ranked-74k", 2, "ranked", Events.ACC, 0.8);
    score("ranked-74k-deduped", 1, "ranked", Events.ACC, Double.NaN);
    await().until(() -> total("/leaderboards/ranked") == 4);

    get("/leaderboards/ranked")
        .body("entries.rank", contains(1, 1, 3, 4))
        .body("entries.value", contains(0.8f, 0.8f, 0.6f, null))
        .body("entries[3].notFinite", equalTo("NaN"))
        .body("version", equalTo("v1"));
    get("/leaderboards/ranked?maxParameters=100000&variant=standard")
        .body("entries.rank", contains(1, 2))
        .body("entries.model", contains("ranked-74k", "ranked-74k"));
    get("/leaderboards/ranked?best=true").body("total", equalTo(3));
    get("/leaderboards/ranked?page=2&pageSize=3").body("entries.rank", contains(4));
    get("/leaderboards/ranked?metric=f1")
        .statusCode(404)
        .body("detail", containsString("Did you mean acc?"));
    get("/leaderboards").body("leaderboards.task", hasItem("ranked"));
  }

  @Test
  void aScorecardHasTheShapeThatProgramsRead() {
    score("carded", 512, "carded", Events.ACC, 0.75);
    cluster.append(
        Topic.SCORECARDS,
        "carded@step512|carded|5|float32",
        Events.scorecard(Events.checkpoint("carded", 512), "carded", "v1", 5, Events.ACC, 0.5));
    await()
        .until(
            () -> get("/scorecards/carded@step512").extract().body().asString().contains("@5shot"));

    get("/scorecards/carded@step512")
        .body("model", equalTo("carded"))
        .body("revision", equalTo("step512"))
        .body("step", equalTo(512))
        .body("tasks.carded.documents", equalTo(300))
        .body("tasks.carded.metrics.acc.value", equalTo(0.75f))
        .body("tasks.carded.metrics.acc.stderr", equalTo(0.01f))
        .body("tasks.'carded@5shot'.metrics.acc.value", equalTo(0.5f));
    get("/scorecards?model=carded").body("scorecards.revision", contains("step512"));
    get("/scorecards/carded@step513").statusCode(404);
  }

  @Test
  void aTrajectoryHasItsPointsByStep() {
    cluster.append(
        Topic.TRAJECTORIES,
        "traced|traced|acc|0|float32",
        Events.trajectory("traced", "traced", Events.point(1, 0.4), Events.point(2, 0.5)));
    await().until(() -> total("/trajectories?model=traced") == 1);

    get("/trajectories/traced/traced/acc").body("points.step", contains(1, 2));
  }

  @Test
  void aRunIsListedWhileACheckpointOfItIsPublishedOrScored() {
    score("ran", 512, "ran-task", Events.ACC, 0.75);
    score("ran", 1000, "ran-task", Events.ACC, 0.8);
    awaitCheckpointsOf("ran", 2);
    publish("ran", 512, 2000);
    awaitCheckpointsOf("ran", 3);
    get("/runs").body("runs.find { it.model == 'ran' }.lastStep", equalTo(2000));

    cluster.append(Topic.SCORECARDS, Keys.scorecard("ran@step512", "ran-task", 0, "float32"), null);
    cluster.append(
        Topic.SCORECARDS, Keys.scorecard("ran@step1000", "ran-task", 0, "float32"), null);

    awaitCheckpointsOf("ran", 2);
  }

  private static void awaitCheckpointsOf(String run, int checkpoints) {
    await()
        .untilAsserted(
            () ->
                get("/runs")
                    .body(
                        "runs.find { it.model == '" + run + "' }?.checkpoints",
                        equalTo(checkpoints)));
  }

  @Test
  void theLatestFindingsComeFirstWhereThatIsAskedFor() {
    Finding early = Events.finding("found-a", "found-task");
    Finding late =
        Finding.newBuilder(Events.finding("found-b", "found-task"))
            .setComputedAt(early.getComputedAt().plusSeconds(1))
            .build();
    cluster.append(Topic.FINDINGS, early.getFinding(), early);
    cluster.append(Topic.FINDINGS, late.getFinding(), late);
    await().until(() -> total("/findings?task=found-task") == 2);

    get("/findings?task=found-task")
        .body("findings.models.flatten()", contains("found-a", "found-b"));
    get("/findings?task=found-task&order=latest")
        .body("findings.models.flatten()", contains("found-b", "found-a"))
        .body("kinds", hasItem("acquisition"))
        .body("verdicts", hasItem("sudden"));
    get("/findings?about=found-a|").body("total", equalTo(1));
    get("/findings?order=worst")
        .statusCode(400)
        .body("detail", containsString("give id or latest"));
  }

  @Test
  void findingsAreCompleteOnceNothingIsUnreadAndNothingWaits() {
    cluster.unread(7, 2);
    pendingSeries(3);
    await().until(() -> pending().getInt("changes") == 3);
    assertThat(pending().getInt("scores")).isEqualTo(7);
    assertThat(pending().getInt("events")).isEqualTo(2);
    assertThat(pending().getBoolean("complete")).isFalse();

    cluster.unread(0, 0);
    assertThat(pending().getBoolean("complete")).isFalse();

    pendingSeries(0);
    await().until(() -> pending().getBoolean("complete"));
  }

  private void pendingSeries(int number) {
    FindingsPending event = new FindingsPending("series", 0, number, Events.EARLIER);
    cluster.append(Topic.FINDINGS, Keys.of(event), event);
  }

  private static JsonPath pending() {
    return get("/findings/pending").extract().jsonPath();
  }

  @Test
  void findingsWithoutEnoughDataAreLeftOutWhereThatIsAskedFor() {
    Finding enough = Events.finding("told", "told-task");
    Finding tooLittle =
        Finding.newBuilder(Events.finding("untold", "told-task"))
            .setVerdict("not-enough-data")
            .build();
    cluster.append(Topic.FINDINGS, enough.getFinding(), enough);
    cluster.append(Topic.FINDINGS, tooLittle.getFinding(), tooLittle);
    await().until(() -> total("/findings?task=told-task") == 2);

    get("/findings?task=told-task&conclusive=true")
        .body("findings.models.flatten()", contains("told"));
  }

  @Test
  void aFindingHasItsDetailsAndIsFoundByKindTaskAndModel() {
    cluster.append(
        Topic.FINDINGS,
        "acquisition|learner|learnt|acc|0|float32",
        Events.finding("learner", "learnt"));
    await().until(() -> total("/findings?task=learnt") == 1);

    get("/findings?kind=acquisition&model=learn*")
        .body("findings.verdict", contains("sudden"))
        .body("findings[0].details.acquired.step", equalTo(512))
        .body("findings[0].evidence", contains("learner@step1", "learner@step512"))
        .body("findings[0].expected", equalTo(3));
    get("/findings?kind=scaling&task=learnt").body("total", equalTo(0));
  }

  @Test
  void eventsBeginWithASnapshotAndGoOnWithChanges() throws Exception {
    score("seen", 1, "seen", Events.ACC, 0.4);
    await().until(() -> total("/leaderboards/seen") == 1);

    try (Stream stream = open("topics=scorecards&task=seen", null)) {
      assertThat(stream.next()).startsWith("event:reset");
      assertThat(stream.next()).contains("event:snapshot", "\"value\":0.4");
      assertThat(stream.next()).contains("event:ready", "id:");

      score("seen", 1, "seen", Events.ACC, 0.5);

      assertThat(stream.next()).contains("event:change", "id:", "\"value\":0.5");
    }
  }

  @Test
  void aReaderWhoComesBackGetsOnlyWhatItMissed() throws Exception {
    score("missed", 1, "missed", Events.ACC, 0.4);
    await().until(() -> total("/leaderboards/missed") == 1);
    String last;
    try (Stream stream = open("topics=scorecards&task=missed", null)) {
      stream.next();
      stream.next();
      last = stream.next().lines().filter(line -> line.startsWith("id:")).findFirst().orElseThrow();
    }
    score("missed", 2, "missed", Events.ACC, 0.6);
    await().until(() -> total("/leaderboards/missed") == 2);

    try (Stream stream = open("topics=scorecards&task=missed", last.substring(3))) {
      assertThat(stream.next())
          .contains("event:change", "missed@step2|")
          .doesNotContain("missed@step1|");
      assertThat(stream.next()).contains("event:ready");
    }
  }

  @Test
  void aHeaderHasRoomForTheIdOfAsManyPartitionsAsThereMayBe() {
    given()
        .header("Last-Event-ID", "A".repeat(1 << 16))
        .when()
        .get("/q/openapi")
        .then()
        .statusCode(200);
  }

  @Test
  @Timeout(30)
  void aQuietConnectionIsToldToBeAlive() throws Exception {
    try (Stream stream = open("topics=scorecards&task=quiet", null)) {
      assertThat(stream.next()).startsWith("event:reset");
      assertThat(stream.next()).startsWith("event:ready");

      assertThat(stream.nextOrHeartbeat()).isEqualTo("event:heartbeat\ndata:{}");
    }
  }

  /** 24 000 changes are some 8 MB; the connection takes a few before it is full. */
  @Test
  void aSlowReaderGetsTheLatestAndNotEveryChange() throws Exception {
    int rounds = 120;
    int keys = 200;
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(4096);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.connect(new InetSocketAddress(root.getHost(), root.getPort()));
      String request =
          "GET /api/v1/events?topics=scorecards&task=slow HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      for (int round = 1; round <= rounds; round++) {
        for (int key = 0; key < keys; key++) {
          score("slow", key, "slow", Events.ACC, round);
        }
        int value = round;
        await().pollInterval(Duration.ofMillis(5)).until(() -> best("slow") == value);
      }

      int[] latest = new int[keys];
      int changes = 0;
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      Instant end = Instant.now().plus(PATIENCE);
      while (Arrays.stream(latest).anyMatch(value -> value != rounds)) {
        assertThat(Instant.now()).as(() -> "last of " + Arrays.toString(latest)).isBefore(end);
        String line = lines.readLine();
        if (line.startsWith("data:{\"topic\"")) {
          for (JsonNode row : new ObjectMapper().readTree(line.substring(5)).path("rows")) {
            JsonNode value = row.path("value");
            latest[value.path("step").asInt()] =
                value.path("metrics").path("acc").path("value").asInt();
            changes++;
          }
        }
      }
      assertThat(changes).isLessThan(rounds * keys * 3 / 4);
    }
  }

  private static int best(String task) {
    ValidatableResponse board = get("/leaderboards/" + task + "?pageSize=1");
    return board.extract().statusCode() == 200
        ? ((Number) board.extract().path("entries[0].value")).intValue()
        : 0;
  }

  @Test
  void aWatchThatMeansNothingIsRefused() {
    get("/events?topics=progres").statusCode(400).body("detail", containsString("progress"));
    get("/events?keys=scorecrds").body("detail", startsWith("keys holds \"scorecrds\""));
    get("/events?sweep=none").statusCode(404);
  }

  @Test
  void twoHundredRunsCanBeAskedForByTheirNames() {
    String names =
        IntStream.range(0, 200)
            .mapToObj(i -> "a-model-whose-name-is-as-long-as-names-of-models-come-to-be-" + i)
            .collect(Collectors.joining(","));

    get("/trajectories?model=" + names).statusCode(200).body("total", equalTo(0));
  }

  @Test
  void everyOperationIsDescribed() throws Exception {
    String document = given().get("/q/openapi?format=json").asString();

    JsonNode paths = new ObjectMapper().readTree(document).path("paths");
    List<JsonNode> operations = new ArrayList<>();
    paths.forEach(path -> path.forEach(operations::add));
    assertThat(paths.fieldNames())
        .toIterable()
        .allSatisfy(path -> assertThat(path).startsWith("/api/v1/"));
    assertThat(operations)
        .hasSizeGreaterThan(15)
        .allSatisfy(
            operation -> {
              assertThat(operation.path("operationId").asText()).isNotBlank();
              assertThat(operation.path("summary").asText()).isNotBlank();
              assertThat(operation.path("description").asText()).isNotBlank();
            });
  }

  @Test
  void aPlanTakesWhatASweepDoesAndCheckpoints() throws Exception {
    JsonNode schemas =
        new ObjectMapper()
            .readTree(given().get("/q/openapi?format=json").asString())
            .path("components")
            .path("schemas");

    List<String> ofASweep = fields(schemas.path("SweepOrder"));
    List<String> ofAPlan = fields(schemas.path("PlanOrder"));
    assertThat(ofAPlan).containsAll(ofASweep).hasSize(ofASweep.size() + 1).contains("checkpoints");
    assertThat(schemas.path("PlanOrder").path("allOf").findValuesAsText("$ref"))
        .containsExactly("#/components/schemas/SweepOrder");
  }

  private static List<String> fields(JsonNode schema) {
    return schema.path("properties").properties().stream().map(Map.Entry::getKey).toList();
  }

  @Test
  void thePageIsServedUnderAStrictPolicy() {
    when()
        .get("/")
        .then()
        .statusCode(200)
        .header("Content-Security-Policy", containsString("script-src 'self'"))
        .body(containsString("Castalia"));
    when().get("/page/main.js").then().statusCode(200).contentType(containsString("javascript"));
  }

  @Test
  void aGatewayThatCannotReadOnStaysInServiceAndSaysWhatItWaitsFor() {
    publish("shown", 1);
    cluster.codec().registryAnswers(false);
    try {
      cluster.append(Topic.CHECKPOINTS, "shown@step2", Events.checkpoint("shown", 2));

      await()
          .untilAsserted(
              () ->
                  when()
                      .get("/q/health/ready")
                      .then()
                      .statusCode(200)
                      .body(containsString("the schema registry does not answer")));
      when().get("/q/metrics").then().body(containsString("castalia_gateway_view_reading 0"));
      get("/checkpoints/shown@step1").statusCode(200);
    } finally {
      cluster.codec().registryAnswers(true);
    }
    await().until(() -> get("/checkpoints/shown@step2").extract().statusCode() == 200);
    when().get("/q/metrics").then().body(containsString("castalia_gateway_view_reading 1"));
  }

  @Test
  void howFarFindingsAreIsUnavailableWhileTheBrokersAre() {
    cluster.brokersAnswer(false);
    try {
      get("/findings/pending").statusCode(503).body("detail", containsString("try again"));
    } finally {
      cluster.brokersAnswer(true);
    }
  }

  @Test
  void theMetricsTellRowsAndReaders() {
    when()
        .get("/q/metrics")
        .then()
        .statusCode(200)
        .body(containsString("castalia_gateway_view_rows{topic=\"castalia.scorecards\"}"))
        .body(containsString("castalia_gateway_events_readers"));
  }

  @Test
  void aSweepOnTheTopicSaysWhoAskedForWhat() throws Exception {
    registerAndPublish("written");
    post("/sweeps", sweep("written-1", "written", "all", "written"));

    var record =
        cluster.records(Topic.SWEEPS).stream()
            .filter(any -> any.key().equals("written-1"))
            .findFirst()
            .orElseThrow();
    var event = (SweepRequested) cluster.codec().decode(Topic.SWEEPS, record.value());
    assertThat(event.getCheckpoints()).isEqualTo(2);
    assertThat(event.getTasks().getFirst().getVersion()).isEqualTo("v1");
    assertThat(event.getTasks().getFirst().getShots()).isZero();
    assertThat(event.getRequestedBy()).isEqualTo("anonymous");
  }

  @Test
  void aReportIsWrittenUnderItsCheckpointAndComparedWithWhatIsKnown() throws Exception {
    String report =
        """
        {"source": "paper", "checkpoint": {"model": "told", "revision": "step1", "step": 1,
           "tokensSeen": 0, "parameters": 70426624},
         "tasks": [{"task": "recital", "shots": 0, "documents": 100, "ofDocuments": 300,
           "metrics": [{"metric":
           {"metric": "acc", "aggregation": "MEAN", "direction": "HIGHER", "chance": 0.5},
           "value": 0.75, "stderr": 0.04}]}]}\
        """;

    post("/reported-scores?compare=true", report).statusCode(200).body("created", equalTo(1));
    assertThat(reported("told")).isEmpty();
    post("/reported-scores", report).statusCode(200).body("created", equalTo(1));

    var record = reported("told").getFirst();
    assertThat(record.key()).isEqualTo("told@step1|recital|0|acc|paper");
    var event = (ScoreReported) cluster.codec().decode(Topic.REPORTED_SCORES, record.value());
    assertThat(event.getValue()).isEqualTo(0.75);
    cluster.append(Topic.SCORECARDS, "told@step1|recital|0||paper", Events.reported(event));
    await()
        .untilAsserted(
            () -> post("/reported-scores?compare=true", report).body("unchanged", equalTo(1)));
  }

  private List<org.apache.kafka.clients.consumer.ConsumerRecord<String, byte[]>> reported(
      String model) {
    return cluster.records(Topic.REPORTED_SCORES).stream()
        .filter(record -> record.key().startsWith(model + "@"))
        .toList();
  }

  @Test
  void ownAndReportedScoresOfATaskStandSideBySide() {
    score("beside", 1, "beside-task", Events.ACC, 0.7);
    cluster.append(
        Topic.SCORECARDS,
        Keys.scorecard("beside@step1", "beside-task", 0, "", "paper"),
        Events.from(
            "paper",
            Events.scorecard(Events.checkpoint("beside", 1), "beside-task", Events.ACC, 0.6)));

    await()
        .untilAsserted(
            () ->
                get("/leaderboards/beside-task")
                    .body("entries.value", contains(0.7f))
                    .body("sources", contains("castalia", "paper")));
    get("/leaderboards/beside-task?source=paper")
        .body("source", equalTo("paper"))
        .body("entries.value", contains(0.6f));
    get("/scorecards/beside@step1")
        .body("tasks.'beside-task'.metrics.acc.value", equalTo(0.7f))
        .body("tasks.'beside-task@paper'.metrics.acc.value", equalTo(0.6f));
    get("/scorecards?model=beside&source=paper")
        .body("scorecards[0].tasks.keySet()", contains("beside-task@paper"));
  }

  @Test
  void whoAsksForABoardThatATaskDoesNotHaveIsToldWhichItHas() {
    var card = Events.scorecard(Events.checkpoint("imported", 1), "imported-task", Events.ACC, 0.6);
    cluster.append(
        Topic.SCORECARDS,
        Keys.scorecard("imported@step1", "imported-task", 0, "", "paper"),
        Events.from("paper", card));
    cluster.append(Topic.TASKS, "shown", Events.task("shown", "v1", Events.ACC));
    score("shown", 1, "shown", Events.ACC, 0.7);
    await().until(() -> total("/leaderboards/imported-task") == 1);
    await().until(() -> total("/leaderboards/shown") == 1);

    get("/leaderboards/imported-task?source=papers")
        .statusCode(404)
        .body("detail", equalTo("Nothing of imported-task is by papers; it is by paper."));
    get("/leaderboards/imported-task?source=paper&shots=5")
        .statusCode(404)
        .body(
            "detail",
            equalTo("Nothing of imported-task by paper is at 5 shots; it is at 0 shots."));
    get("/leaderboards/imported-task?dtype=float16")
        .statusCode(404)
        .body("detail", containsString("it is in a precision that is not told."));
    get("/leaderboards/shown?source=paper")
        .statusCode(404)
        .body("detail", equalTo("Nothing of shown is by paper; it is by castalia."));
    get("/leaderboards/shown?source=castalia&dtype=float32").body("total", equalTo(1));
  }

  @Test
  void whoAsksForAGroupsBoardThatNoTaskOfItHasIsToldSo() {
    score("grouped", 1, "grouped", Events.ACC, 0.7);
    await().until(() -> total("/leaderboards/grouped") == 1);

    get("/group-leaderboards/nano?source=nobody")
        .statusCode(404)
        .body(
            "detail",
            equalTo(
                "No task of nano has acc at 0 shots by nobody; its tasks' own leaderboards say what they have."));
    get("/group-leaderboards/nanos")
        .statusCode(404)
        .body("detail", equalTo("There is no group of tasks \"nanos\". Did you mean nano?"));
  }

  @Test
  void aGroupMayHaveASlashInItsName() {
    var card = Events.scorecard(Events.checkpoint("slashed", 1), "slashed", Events.ACC, 0.7);
    cluster.append(
        Topic.SCORECARDS,
        Keys.of(card),
        Scorecard.newBuilder(card).setTags(List.of("lab/sums")).build());

    await().until(() -> total("/group-leaderboards/lab/sums") == 1);
  }

  @Test
  void aPageOfAnotherSiteCannotHaveABrowserChangeAnything() {
    String own = root.getScheme() + "://" + root.getAuthority();

    for (String origin : List.of(own, "https://elsewhere.org")) {
      given()
          .header("Origin", origin)
          .post("/api/v1/failures/retry?task=foreign")
          .then()
          .statusCode(origin.equals(own) ? 200 : 403)
          .contentType(origin.equals(own) ? "application/json" : "application/problem+json");
    }
    given().header("Origin", "https://elsewhere.org").get("/api/v1/tasks").then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /api/v1/tasks", "POST /api/v1/failures/retry"})
  void aPageWhoseNameLeadsToThisMachineCannotReadOrChangeAnything(String request) throws Exception {
    try (Socket socket = new Socket(root.getHost(), root.getPort())) {
      socket
          .getOutputStream()
          .write(
              (request
                      + " HTTP/1.1\r\nHost: elsewhere.org\r\n"
                      + "Origin: http://elsewhere.org\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));

      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("403", "send this to localhost");
    }
  }

  private void registerAndPublish(String name) {
    post("/tasks", task(name));
    publish(name, 1, 2);
  }

  private void publish(String model, long... steps) {
    for (long step : steps) {
      post("/checkpoints", checkpoint(model, step, "/suite/" + model));
    }
  }

  private void score(String model, long step, String task, MetricSpec metric, double value) {
    cluster.append(
        Topic.SCORECARDS,
        Keys.scorecard(model + "@step" + step, task, 0, "float32"),
        Events.scorecard(Events.checkpoint(model, step), task, metric, value));
  }

  private static String task(String name) {
    return """
    {"task":"%s","version":"v1","language":"en","documents":300,"sliceDocuments":128,
     "meanTokens":24.5,"outputType":"multiple_choice","shots":0,
     "metrics":[{"metric":"acc","aggregation":"MEAN","direction":"HIGHER","chance":0.5}],
     "location":"/suite/tasks/x.yaml"}\
    """
        .formatted(name);
  }

  private static String retired(String model, long step) {
    return checkpoint(model, step, "/suite/" + model).replaceFirst("\\{", "{\"retired\": true, ");
  }

  private static String checkpoint(String model, long step, String location) {
    return """
    {"model":"%s","revision":"step%d","step":%d,"tokensSeen":4096,"parameters":74368,
     "tokenizer":"/suite/tokenizer.json","location":"%s"}\
    """
        .formatted(model, step, step, location);
  }

  private static String sweep(String id, String model, String steps, String task) {
    return """
    {"sweep":"%s","models":["%s"],"steps":"%s","tasks":["%s"]}\
    """
        .formatted(id, model, steps, task);
  }

  private static ValidatableResponse post(String path, String body) {
    return given().contentType(ContentType.JSON).body(body).post("/api/v1" + path).then();
  }

  private static ValidatableResponse get(String path) {
    return when().get("/api/v1" + path).then();
  }

  private static int total(String path) {
    ValidatableResponse response = get(path);
    return response.extract().statusCode() == 200 ? response.extract().path("total") : -1;
  }

  private Stream open(String query, String lastEventId) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(root.resolve("/api/v1/events?" + query))
            .header("Accept", "text/event-stream");
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    return new Stream(client, client.send(request.build(), BodyHandlers.ofInputStream()).body());
  }

  /** Server-sent events as they come; comments are left out, and heartbeats where it says so. */
  private record Stream(HttpClient client, InputStream body, BufferedReader lines)
      implements AutoCloseable {

    Stream(HttpClient client, InputStream body) {
      this(client, body, new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8)));
    }

    String next() throws IOException {
      Instant end = Instant.now().plus(PATIENCE);
      String event = nextOrHeartbeat();
      while (event.startsWith("event:heartbeat")) {
        assertThat(Instant.now()).as("nothing but heartbeats").isBefore(end);
        event = nextOrHeartbeat();
      }
      return event;
    }

    String nextOrHeartbeat() throws IOException {
      List<String> event = new ArrayList<>();
      while (true) {
        String line = lines.readLine();
        if (line == null) {
          throw new IOException("the stream has ended after " + event);
        }
        if (line.isEmpty()) {
          if (event.stream().anyMatch(part -> part.startsWith("event:"))) {
            return String.join("\n", event.stream().sorted(this::eventFirst).toList());
          }
          event.clear();
        } else {
          event.add(line);
        }
      }
    }

    private int eventFirst(String a, String b) {
      return Boolean.compare(b.startsWith("event:"), a.startsWith("event:"));
    }

    @Override
    public void close() throws IOException {
      client.shutdownNow();
      body.close();
    }
  }
}
