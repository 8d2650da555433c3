package dev.castalia.cli.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.cli.RecordingGateway;
import dev.castalia.cli.Suites;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.suite.RunFacts;
import dev.castalia.cli.suite.RunRepository;
import dev.castalia.scoring.source.Hub;
import dev.castalia.scoring.source.HubSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A repository of the hub, its commits in the cache already, and what is published of it. */
class HubFollowerTest {

  private static final Path SUITE = Suites.bundled();
  private static final String REFS = "GET /api/models/org/my-run/refs";
  private static final String FIRST = "1".repeat(40);
  private static final String SECOND = "2".repeat(40);

  @TempDir private Path cache;

  private final RecordingGateway hub = new RecordingGateway();
  private final RecordingGateway gateway =
      new RecordingGateway()
          .answers("GET /checkpoints", "{\"checkpoints\": [], \"total\": 0}")
          .answers("POST /checkpoints", "{\"created\": 1, \"updated\": 0, \"unchanged\": 0}");
  private final List<Announced> events = new CopyOnWriteArrayList<>();
  private final List<String> troubles = new CopyOnWriteArrayList<>();
  private Thread thread;

  @AfterEach
  void stop() throws InterruptedException {
    if (thread != null) {
      thread.interrupt();
      thread.join();
    }
    hub.close();
    gateway.close();
  }

  @Test
  void everyStepIsPublishedByItsCommitAndAgainWhenItMoves() throws Exception {
    cached(FIRST, "step512");
    cached(SECOND, "step0");
    hub.answers(REFS, refs("main", SECOND, "step8", FIRST));
    hub.answers(REFS, refs("main", SECOND, "step8", FIRST));
    hub.answers(REFS, refs("main", SECOND, "step8", SECOND));
    follow();

    await().until(() -> events.size() == 2);
    List<JsonNode> posts =
        gateway.asked().stream()
            .filter(it -> it.method().equals("POST"))
            .map(it -> it.json().get(0))
            .toList();
    assertThat(posts)
        .extracting(it -> it.get("location").asText())
        .containsExactly("hf:org/my-run@" + FIRST, "hf:org/my-run@" + SECOND);
    assertThat(posts)
        .allSatisfy(
            it -> {
              assertThat(it.get("model").asText()).isEqualTo("my-run");
              assertThat(it.get("revision").asText()).isEqualTo("step8");
              assertThat(it.get("tokensSeen").asLong()).isEqualTo(800);
              assertThat(it.get("contentHash").asText()).hasSize(64);
            });
    assertThat(troubles).isEmpty();
  }

  @Test
  void aTagAndABranchOfOneNameAreNotPublishedByTurns() throws Exception {
    cached(FIRST, "step512");
    cached(SECOND, "step0");
    hub.answers(
        REFS,
        """
        {"branches": [{"name": "step8", "targetCommit": "%s"}],
         "tags": [{"name": "step8", "targetCommit": "%s"}]}
        """
            .formatted(FIRST, SECOND));
    follow();

    await().until(() -> hub.asked().size() > 3);
    assertThat(events).extracting(Announced::location).containsExactly("hf:org/my-run@" + SECOND);
  }

  @Test
  void whatCannotBeReadIsSaidOnceAndDoesNotHideTheOthers() throws Exception {
    cached(FIRST, "step512");
    Path broken = cached(SECOND, "step0").resolve("config.json");
    Files.writeString(broken, "{\"model_type\": \"llama\"}");
    hub.answers(REFS, refs("step4", SECOND, "step8", FIRST));
    follow();

    await().until(() -> events.size() == 1 && hub.asked().size() > 3);
    assertThat(troubles).singleElement().asString().startsWith("step4: ").contains("'llama'");
  }

  @Test
  void whatAGatewayRefusesIsSaidOnceAndTriedAgain() throws Exception {
    cached(FIRST, "step512");
    hub.answers(REFS, refs("main", FIRST, "step8", FIRST));
    gateway
        .forgets("POST /checkpoints")
        .answers("POST /checkpoints", 404, "text/html", "<h1>Not found</h1>")
        .answers("POST /checkpoints", 404, "text/html", "<h1>Not found</h1>")
        .refuses("POST /checkpoints", 401, "The key is not known.")
        .answers("POST /checkpoints", "{\"created\": 1, \"updated\": 0, \"unchanged\": 0}");
    follow();

    await().until(() -> events.size() == 1);
    assertThat(troubles)
        .satisfiesExactly(
            first -> assertThat(first).contains("status 404").endsWith("; trying again"),
            second -> assertThat(second).contains("does not let").endsWith("; trying again"));
  }

  @Test
  void tokensAStepMustBeGiven() {
    assertThatThrownBy(() -> new RunRepository("org/my-run", new RunFacts(), null))
        .hasMessage("hf:org/my-run: how many training tokens is a step? Give --tokens-per-step N");
  }

  private void follow() {
    RunFacts facts = CommandLine.populateCommand(new RunFacts(), "--tokens-per-step=100");
    HubSettings settings =
        new HubSettings(
            URI.create(hub.url()),
            Optional.empty(),
            cache,
            false,
            Duration.ofSeconds(5),
            Duration.ofMillis(10));
    thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (GatewayClient client = new GatewayClient(URI.create(gateway.url()))) {
                    new HubFollower(
                            new Hub(settings),
                            new RunRepository("org/my-run", facts, null),
                            client,
                            Duration.ofMillis(50),
                            events::add,
                            troubles::add)
                        .run();
                  } catch (InterruptedException e) {
                    // The test is over.
                  }
                });
  }

  private static String refs(String one, String commit, String another, String anotherCommit) {
    return """
        {"branches": [{"name": "%s", "targetCommit": "%s"}, {"name": "%s", "targetCommit": "%s"}],
         "tags": []}
        """
        .formatted(one, commit, another, anotherCommit);
  }

  private Path cached(String commit, String step) throws IOException {
    Path snapshot =
        Files.createDirectories(cache.resolve("models--org--my-run/snapshots").resolve(commit));
    Path source = SUITE.resolve("checkpoints/nano-74k").resolve(step);
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.copy(source.resolve(file), snapshot.resolve(file));
    }
    Files.copy(SUITE.resolve("tokenizer.json"), snapshot.resolve("tokenizer.json"));
    Files.writeString(snapshot.resolve("tokenizer_config.json"), "{}");
    return snapshot;
  }
}
