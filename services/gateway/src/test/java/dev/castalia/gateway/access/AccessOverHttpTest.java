package dev.castalia.gateway.access;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.castalia.gateway.support.Events;
import dev.castalia.gateway.support.MemoryCluster;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Topic;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gateway where nobody is let in who shows neither key nor token. */
@QuarkusTest
@TestProfile(AccessOverHttpTest.LockedDown.class)
class AccessOverHttpTest {

  private static final int REQUESTS = 100;

  /** Settings of a gateway with keys, tokens and small quotas. */
  public static class LockedDown implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        Path keys = Files.createTempFile("keys", ".txt");
        keys.toFile().deleteOnExit();
        Files.write(
            keys,
            Stream.of(
                    "rita reader",
                    "paul producer",
                    "pam producer",
                    "busy producer",
                    "pat producer",
                    "olga operator")
                .map(who -> who + " " + ApiKeys.hash(who.split(" ")[0] + "-secret"))
                .toList());
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        SelfSigned certificate = SelfSigned.create();
        return Map.ofEntries(
            Map.entry("castalia.gateway.access.anonymous", ""),
            Map.entry("castalia.gateway.access.api-keys", keys.toString()),
            Map.entry("castalia.gateway.access.quota.requests", "" + REQUESTS),
            Map.entry("castalia.gateway.access.quota.open-sweeps", "2"),
            Map.entry("castalia.gateway.access.quota.units", "6"),
            Map.entry("quarkus.http.test-ssl-port", "0"),
            Map.entry("quarkus.http.ssl.certificate.files", certificate.certificate().toString()),
            Map.entry("quarkus.http.ssl.certificate.key-files", certificate.key().toString()),
            Map.entry("test.certificate", certificate.certificate().toString()),
            Map.entry("quarkus.oidc.tenant-enabled", "true"),
            Map.entry("quarkus.oidc.public-key", base64(pair.getPublic().getEncoded())),
            Map.entry("quarkus.oidc.token.issuer", "https://issuer.lab"),
            Map.entry("quarkus.oidc.token.lifespan-grace", "60"),
            Map.entry("test.issuer-key", base64(pair.getPrivate().getEncoded())));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Inject MemoryCluster cluster;

  @ConfigProperty(name = "test.issuer-key")
  String issuerKey;

  @ConfigProperty(name = "test.certificate")
  Path certificate;

  @TestHTTPResource("/")
  URI root;

  @TestHTTPResource(value = "/", tls = true)
  URI secureRoot;

  @BeforeEach
  void waitUntilReady() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> when().get("/q/health/ready").statusCode() == 200);
  }

  @Test
  void whoShowsNothingReadsNothing() {
    for (String path : new String[] {"/tasks", "/events?topics=progress", "/sweeps", "/nothing"}) {
      when().get("/api/v1" + path).then().statusCode(path.equals("/nothing") ? 404 : 401);
    }
    when()
        .get("/api/v1/tasks")
        .then()
        .contentType("application/problem+json")
        .header("WWW-Authenticate", "Bearer realm=\"castalia\"")
        .body("detail", containsString("X-API-Key"));
  }

  @Test
  void aKeyThatIsNotKnownIsAProblemThatDoesNotRepeatIt() {
    given()
        .header("X-API-Key", "guessed-secret")
        .get("/api/v1/tasks")
        .then()
        .statusCode(401)
        .contentType("application/problem+json")
        .body("detail", not(containsString("guessed")));
  }

  @ParameterizedTest
  @CsvSource({
    "rita, GET, /tasks, 200",
    "rita, POST, /sweeps/plan, 422",
    "rita, POST, /sweeps/estimate, 422",
    "rita, POST, /sweeps, 403",
    "rita, POST, /tasks, 403",
    "rita, POST, /checkpoints, 403",
    "rita, POST, /reported-scores, 403",
    "rita, POST, /reported-scores?compare=false, 403",
    "rita, POST, /reported-scores?compare=, 403",
    "rita, POST, /reported-scores?compare=true, 422",
    "rita, POST, /failures/retry, 403",
    "rita, POST, /failures/dismiss, 403",
    "rita, DELETE, /sweeps/any, 403",
    "paul, GET, /tasks, 200",
    "paul, POST, /sweeps, 422",
    "paul, POST, /failures/retry, 200",
    "paul, POST, /failures/dismiss, 403",
    "paul, POST, /sweeps/any/failures/dismiss, 403",
    "paul, DELETE, /sweeps/any, 404",
    "olga, POST, /failures/dismiss, 200",
    "olga, DELETE, /sweeps/any, 404"
  })
  void eachRoleMayDoItsOwn(String who, String method, String path, int status) {
    RequestSpecification request = as(who);
    if (!path.contains("/failures/") && !method.equals("GET")) {
      request.contentType(ContentType.JSON).body("{}");
    }
    var response = request.request(method, "/api/v1" + path).then();

    assertThat(response.extract().statusCode()).as(response.extract().asString()).isEqualTo(status);
  }

  @Test
  void aProducerCancelsItsOwnSweepsAndAnOperatorAnybodys() {
    published("mine", 1);
    sweep("paul", "mine-1", "mine").statusCode(202).body("requestedBy", equalTo("paul"));

    as("pam").delete("/api/v1/sweeps/mine-1").then().statusCode(403);
    as("olga")
        .delete("/api/v1/sweeps/mine-1")
        .then()
        .statusCode(202)
        .body("cancelledBy", equalTo("olga"));
    sweep("paul", "mine-2", "mine").statusCode(202);
    as("paul").delete("/api/v1/sweeps/mine-2").then().statusCode(202);
  }

  @Test
  void onlyAnOperatorAsksInAnothersName() {
    published("named", 1);

    order("pam", "named-1", "named", "\"requestedBy\":\"paul\",")
        .statusCode(202)
        .body("requestedBy", equalTo("pam"));
    order("olga", "named-2", "named", "\"requestedBy\":\"ada\",")
        .statusCode(202)
        .body("requestedBy", equalTo("ada"));
    as("pam").delete("/api/v1/sweeps/named-1").then().statusCode(202);
  }

  @Test
  void aProducerHasSoManySweepsOpenAndSoManyUnitsInOne() {
    published("small", 1);
    published("large", 3);

    sweep("busy", "large-1", "large")
        .statusCode(422)
        .body("type", equalTo("urn:castalia:problem:sweep-too-large"));
    sweep("olga", "large-2", "large").statusCode(202);
    sweep("busy", "small-1", "small").statusCode(202);
    sweep("busy", "small-2", "small").statusCode(202);
    sweep("busy", "small-3", "small")
        .statusCode(409)
        .body("type", equalTo("urn:castalia:problem:too-many-sweeps"));
    as("busy").delete("/api/v1/sweeps/small-1").then().statusCode(202);
    sweep("busy", "small-3", "small").statusCode(202);
  }

  @Test
  void onlyAnOperatorPutsASweepBeforeWhateverProducersAskFor() {
    published("first", 1);

    order("pat", "first-1", "first", "\"priority\":11,")
        .statusCode(403)
        .body("detail", containsString("pat may give up to 10"));
    order("pat", "first-2", "first", "\"priority\":10,").statusCode(202);
    order("olga", "first-3", "first", "\"priority\":11,").statusCode(202);
  }

  @Test
  void aProducerSendsSoManyRequestsAMinuteAndReadsOn() {
    String token = token("eager", "producer", Instant.now().plusSeconds(600));
    ValidatableResponse last = null;
    for (int i = 0; i <= 2 * REQUESTS; i++) {
      last =
          given()
              .header("Authorization", "Bearer " + token)
              .delete("/api/v1/sweeps/nobodys")
              .then();
      if (last.extract().statusCode() != 404) {
        break;
      }
    }

    last.statusCode(429)
        .contentType("application/problem+json")
        .header("Retry-After", "60")
        .body("detail", containsString("eager has sent more than 100 requests"));
    bearer(token).statusCode(200);
  }

  @Test
  void whatSomebodyReadsTakesNoneOfWhatTheyPublishWith() {
    for (int i = 0; i <= REQUESTS; i++) {
      as("pat").get("/api/v1/tasks").then().statusCode(200);
      for (String path : List.of("/sweeps/plan", "/reported-scores?compare=true")) {
        as("pat")
            .contentType(ContentType.JSON)
            .body("{}")
            .post("/api/v1" + path)
            .then()
            .statusCode(422);
      }
    }

    as("pat").delete("/api/v1/sweeps/nobodys").then().statusCode(404);
  }

  @Test
  void aBearerTokenIsTakenAsItsIssuerSignedIt() {
    Instant later = Instant.now().plusSeconds(600);

    bearer(token("tess", "reader", later)).statusCode(200);
    bearer(token("tess", "cook", later)).statusCode(403).body("detail", containsString("tess"));
    bearer(token("tess", "reader", Instant.now().minusSeconds(600))).statusCode(401);
    String forged = token("tess", "reader", later);
    bearer(forged.substring(0, forged.lastIndexOf('.')) + ".AAAA")
        .statusCode(401)
        .contentType("application/problem+json");
  }

  @Test
  void eventsAreReadNoLongerThanTheTokenLasts() {
    // Let in all the same, as clocks differ.
    String token = token("tess", "reader", Instant.now().minusSeconds(5));
    HttpRequest request =
        HttpRequest.newBuilder(root.resolve("/api/v1/events"))
            .header("Authorization", "Bearer " + token)
            .build();
    HttpClient client = HttpClient.newHttpClient();
    try {
      assertThat(client.sendAsync(request, BodyHandlers.ofString()))
          .succeedsWithin(Duration.ofSeconds(10))
          .extracting(HttpResponse::body)
          .asString()
          .contains("event:ready");
    } finally {
      client.shutdownNow();
    }
  }

  @Test
  void healthMetricsAndThePageAreOpenAndHoldNoSecret() {
    as("rita").get("/api/v1/tasks").then().statusCode(200);

    for (String path : new String[] {"/q/health", "/q/metrics", "/q/openapi", "/"}) {
      when().get(path).then().statusCode(200).body(not(containsString("-secret")));
    }
  }

  @Test
  void tlsIsSpokenWithTheCertificateThatIsGiven() throws Exception {
    given()
        .trustStore(SelfSigned.trusting(certificate))
        .get(secureRoot + "q/health/live")
        .then()
        .statusCode(200);
    assertThatThrownBy(() -> when().get(secureRoot + "q/health/live"))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void neitherKeysNorTokensNorBodiesAreLogged() {
    List<String> logged = new CopyOnWriteArrayList<>();
    Handler listener = new Listener(logged);
    Logger.getLogger("").addHandler(listener);
    try {
      as("paul").get("/api/v1/tasks").then().statusCode(200);
      given().header("X-API-Key", "guess-secret").get("/api/v1/tasks").then().statusCode(401);
      given()
          .header("Authorization", "Bearer bad-secret")
          .get("/api/v1/tasks")
          .then()
          .statusCode(401);
      as("paul")
          .contentType(ContentType.JSON)
          .body("{\"sweep\": \"body-secret")
          .post("/api/v1/sweeps")
          .then()
          .statusCode(400);
      Logger.getLogger("dev.castalia").info("listening");
    } finally {
      Logger.getLogger("").removeHandler(listener);
    }

    assertThat(logged).contains("listening").noneMatch(it -> it.contains("-secret"));
  }

  /** Keeps what is logged, with what was thrown. */
  private static final class Listener extends Handler {

    private final List<String> logged;

    Listener(List<String> logged) {
      this.logged = logged;
    }

    @Override
    public void publish(LogRecord record) {
      String thrown = record.getThrown() == null ? "" : " " + record.getThrown();
      logged.add(record.getMessage() + thrown + parameters(record));
    }

    private static String parameters(LogRecord record) {
      return record.getParameters() == null ? "" : " " + List.of(record.getParameters());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void aBodyWithoutEndIsRefusedBeforeItIsRead() throws IOException {
    try (Socket socket = new Socket(root.getHost(), root.getPort())) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write(
              ("POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                      + "X-API-Key: paul-secret\r\nContent-Length: 99000000000\r\n\r\n[")
                  .getBytes(StandardCharsets.US_ASCII));

      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("413", "application/problem+json", "33554432 at most");
    }
  }

  @Test
  void aBodyOfManyLevelsIsRefused() {
    as("paul")
        .contentType(ContentType.JSON)
        .body("[".repeat(1000))
        .post("/api/v1/tasks")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("status", equalTo(400));
  }

  @Test
  void aBodyWithMoreThanIsReadIsRefusedAsThat() {
    as("paul")
        .contentType(ContentType.JSON)
        .body("[{\"task\":\"" + "a".repeat(1_000_001) + "\"}]")
        .post("/api/v1/tasks")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("detail", containsString("more than is read"));
  }

  private void published(String name, int checkpoints) {
    cluster.append(Topic.TASKS, name, Events.task(name, "v1", Events.ACC));
    for (int step = 1; step <= checkpoints; step++) {
      var checkpoint = Events.checkpoint(name, step);
      cluster.append(Topic.CHECKPOINTS, Keys.of(checkpoint), checkpoint);
    }
    await()
        .until(
            () ->
                as("olga")
                            .get("/api/v1/checkpoints/%s@step%d".formatted(name, checkpoints))
                            .statusCode()
                        == 200
                    && as("olga").get("/api/v1/tasks/" + name).statusCode() == 200);
  }

  private ValidatableResponse sweep(String who, String id, String name) {
    return order(who, id, name, "");
  }

  private ValidatableResponse order(String who, String id, String name, String more) {
    return as(who)
        .contentType(ContentType.JSON)
        .body(
            "{%s\"sweep\":\"%s\",\"models\":[\"%s\"],\"tasks\":[\"%s\"]}"
                .formatted(more, id, name, name))
        .post("/api/v1/sweeps")
        .then();
  }

  private static RequestSpecification as(String who) {
    return given().header("X-API-Key", who + "-secret");
  }

  private static ValidatableResponse bearer(String token) {
    return given().header("Authorization", "Bearer " + token).get("/api/v1/tasks").then();
  }

  /** A JSON web token, signed with RS256 (RFC 7515). */
  private String token(String subject, String group, Instant end) {
    String signed =
        base64url("{\"alg\":\"RS256\",\"typ\":\"JWT\"}")
            + "."
            + base64url(
                "{\"iss\":\"https://issuer.lab\",\"sub\":\"%s\",\"groups\":[\"%s\"],\"iat\":%d,\"exp\":%d}"
                    .formatted(subject, group, end.getEpochSecond() - 3600, end.getEpochSecond()));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(
          KeyFactory.getInstance("RSA")
              .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(issuerKey))));
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed
          + "."
          + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64url(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
