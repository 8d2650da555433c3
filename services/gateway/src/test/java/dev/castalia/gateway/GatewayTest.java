package dev.castalia.gateway;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.*;

import dev.castalia.gateway.support.Events;
import dev.castalia.gateway.support.MemoryCluster;
import dev.castalia.schemas.Topic;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class GatewayTest {

  @Inject MemoryCluster cluster;

  @BeforeEach
  void waitUntilReady() {
    await().until(() -> when().get("/q/health/ready").statusCode() == 200);
  }

  @Test
  void tasksAreRegisteredAndReadBack() {
    given()
        .contentType(ContentType.JSON)
        .body(
            """
            {"task":"t1","version":"v1","language":"en","documents":300,"sliceDocuments":128,
             "meanTokens":24.5,"outputType":"multiple_choice","shots":0,
             "metrics":[{"metric":"acc","aggregation":"MEAN","direction":"HIGHER"}],
             "location":"/suite/t1.yaml"}""")
        .post("/api/v1/tasks")
        .then()
        .log()
        .all()
        .statusCode(201)
        .body("created", is(1));
    when().get("/api/v1/tasks/t1").then().log().all().statusCode(200).body("task", is("t1"));
    for (String b :
        new String[] {
          "{",
          "[]",
          "",
          "{\"task\":1}",
          "{\"tusk\":1}",
          "{\"task\":{}}",
          "{\"documents\":1.5}",
          "{\"documents\":\"1\"}",
          "{\"metrics\":[{\"metric\":\"a\",\"aggregation\":\"M\"}]}",
          "[{\"task\":\"a b\"}]",
          "3",
          "{\"documents\":99999999999}",
          "{} x"
        }) {
      given().contentType(ContentType.JSON).body(b).post("/api/v1/tasks").then().log().all();
    }
    given().contentType(ContentType.TEXT).body("x").post("/api/v1/tasks").then().log().all();
    when().put("/api/v1/tasks").then().log().all();
    when().get("/api/v1/nix").then().log().all();
    when().get("/nix").then().log().all();
    when().get("/api/v1/tasks?page=x").then().log().all();
    when().get("/api/v1/tasks/t2").then().log().all();
    given().accept("text/csv").get("/api/v1/tasks").then().log().all();
    cluster.append(
        Topic.SCORECARDS,
        "a",
        Events.scorecard(Events.checkpoint("nano-74k", 1), "t1", Events.ACC, Double.NaN));
    await().until(() -> when().get("/api/v1/leaderboards").body().asString().contains("t1"));
    when().get("/api/v1/leaderboards/t1").then().log().all();
    when().get("/api/v1/leaderboards/t1?metric=axc").then().log().all();
    when().get("/api/v1/scorecards").then().log().all();
    when().get("/api/v1/events?topics=nix").then().log().all();
    when().get("/api/v1/events?sweep=nix").then().log().all();
    when().get("/q/metrics").then().log().all();
    when().get("/q/openapi").then().log().all();
  }
}
