package dev.castalia.cli.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.cli.CommandException;
import dev.castalia.cli.RecordingGateway;
import dev.castalia.cli.Suites;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.suite.RunFacts;
import dev.castalia.cli.suite.RunFolder;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.checkpoint.Fingerprint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A folder that a trainer writes into, and what is published of it. */
class FollowerTest {

  private static final Path SOURCE = Suites.bundled().resolve("checkpoints/nano-74k/step512");
  private static final Path OTHER = Suites.bundled().resolve("checkpoints/nano-74k/step0");
  private static final String WEIGHTS = "model.safetensors";
  private static final Duration SETTLE = Duration.ofMillis(200);

  @TempDir private Path folder;
  private Path run;

  private final RecordingGateway gateway =
      new RecordingGateway()
          .answers("GET /checkpoints", "{\"checkpoints\": [], \"total\": 0}")
          .answers("POST /checkpoints", "{\"created\": 1, \"updated\": 0, \"unchanged\": 0}");
  private final List<Announced> events = new CopyOnWriteArrayList<>();
  private final List<String> troubles = new CopyOnWriteArrayList<>();
  private Thread thread;

  @BeforeEach
  void makeRun() throws IOException {
    run = Files.createDirectories(folder.resolve("my-run"));
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (thread != null) {
      thread.interrupt();
      thread.join();
    }
    gateway.close();
  }

  @Test
  void aCheckpointIsPublishedOnceAllOfItIsOnDiskAndNotBefore() throws Exception {
    follow(run, gateway);
    byte[] weights = Files.readAllBytes(SOURCE.resolve(WEIGHTS));
    Path half = Files.createDirectories(run.resolve("step8"));
    Files.copy(SOURCE.resolve("config.json"), half.resolve("config.json"));
    Files.write(half.resolve(WEIGHTS), Arrays.copyOf(weights, weights.length / 2));
    copy(SOURCE, run.resolve("step4"));
    awaitPublished("my-run@step4");
    assertThat(published()).containsExactly("my-run@step4");

    Files.write(
        half.resolve(WEIGHTS),
        Arrays.copyOfRange(weights, weights.length / 2, weights.length),
        StandardOpenOption.APPEND);

    awaitPublished("my-run@step8");
    JsonNode step8 = lastPost().get(0);
    assertThat(step8.get("contentHash").asText()).isEqualTo(fingerprint(SOURCE));
    assertThat(step8.get("step").asLong()).isEqualTo(8);
    assertThat(step8.get("tokensSeen").asLong()).isEqualTo(8 * 4096);
    assertThat(step8.get("location").asText()).isEqualTo(half.toString());
  }

  @Test
  void filesComeInAnyOrderAndByRename() throws Exception {
    follow(run, gateway);
    Path first = Files.createDirectories(run.resolve("checkpoint-16"));
    Files.copy(SOURCE.resolve(WEIGHTS), first.resolve(WEIGHTS + ".part"));
    Files.move(first.resolve(WEIGHTS + ".part"), first.resolve(WEIGHTS));
    Files.copy(SOURCE.resolve("config.json"), first.resolve("config.json"));
    Path second = run.resolve("tmp-checkpoint-32");
    copy(SOURCE, second);
    Files.move(second, run.resolve("checkpoint-32"));

    awaitPublished("my-run@checkpoint-16");
    awaitPublished("my-run@checkpoint-32");
    assertThat(published()).doesNotHaveDuplicates().hasSize(2);
  }

  @Test
  void whatIsWrittenAgainIsPublishedAgainWithItsNewFingerprint() throws Exception {
    copy(SOURCE, run.resolve("step8"));
    RecordingGateway knowing =
        new RecordingGateway()
            .answers("GET /checkpoints", "{\"checkpoints\": [], \"total\": 0}")
            .answers("GET /checkpoints", known(fingerprint(SOURCE)))
            .answers("POST /checkpoints", "{\"created\": 1, \"updated\": 0, \"unchanged\": 0}")
            .answers("POST /checkpoints", "{\"created\": 0, \"updated\": 1, \"unchanged\": 0}");
    try (knowing) {
      follow(run, knowing);
      awaitPublished("my-run@step8");
      Files.write(
          run.resolve("step8").resolve(WEIGHTS), Files.readAllBytes(OTHER.resolve(WEIGHTS)));

      await().until(() -> events.size() == 2);
      assertThat(events.getLast())
          .isEqualTo(
              new Announced(
                  "my-run@step8",
                  run.resolve("step8").toString(),
                  fingerprint(OTHER),
                  Announced.Change.UPDATED,
                  fingerprint(SOURCE)));
    }
  }

  @Test
  void aGatewayThatIsAwayIsTriedAgain() throws Exception {
    copy(SOURCE, run.resolve("step8"));
    RecordingGateway away =
        new RecordingGateway()
            .answers("GET /checkpoints", "{\"checkpoints\": [], \"total\": 0}")
            .refuses("POST /checkpoints", 503, "not ready")
            .refuses("POST /checkpoints", 503, "not ready")
            .answers("POST /checkpoints", "{\"created\": 1, \"updated\": 0, \"unchanged\": 0}");
    try (away) {
      follow(run, away);

      awaitPublished("my-run@step8");
      assertThat(troubles).containsExactly("not ready; trying again");
    }
  }

  @Test
  void whatAGatewayRefusesIsSaidOnceAndTriedAgain() throws Exception {
    copy(SOURCE, run.resolve("step8"));
    RecordingGateway refusing =
        new RecordingGateway()
            .answers("GET /checkpoints", "{\"checkpoints\": [], \"total\": 0}")
            .answers("POST /checkpoints", 404, "text/html", "<h1>Not found</h1>")
            .answers("POST /checkpoints", 404, "text/html", "<h1>Not found</h1>")
            .refuses("POST /checkpoints", 401, "The key is not known.")
            .answers("POST /checkpoints", "{\"created\": 1, \"updated\": 0, \"unchanged\": 0}");
    try (refusing) {
      start(ofARun(run), refusing, Duration.ofMillis(10));

      awaitPublished("my-run@step8");
      assertThat(troubles)
          .satisfiesExactly(
              first -> assertThat(first).contains("status 404").endsWith("; trying again"),
              second -> assertThat(second).contains("does not let").endsWith("; trying again"));
    }
  }

  @Test
  void aSuiteTellsOfItsModelsAndWhatItDoesNotKnowIsSaid() throws Exception {
    Files.writeString(
        folder.resolve("suite.json"),
        """
        {"suite": "mine", "models": [{"model": "my-run", "seed": 7, "tokensPerStep": 100,
          "steps": [0]}]}
        """);
    Files.copy(Suites.bundled().resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
    copy(SOURCE, folder.resolve("checkpoints/my-run/step8"));
    copy(SOURCE, folder.resolve("checkpoints/another/step8"));
    start(new RunFolder(folder, new RunFacts(), null), gateway);

    awaitPublished("my-run@step8");
    assertThat(lastPost().get(0).get("seed").asLong()).isEqualTo(7);
    assertThat(lastPost().get(0).get("tokensSeen").asLong()).isEqualTo(800);
    await()
        .untilAsserted(
            () ->
                assertThat(troubles)
                    .singleElement()
                    .asString()
                    .contains("model another is not in", "suite.json: add it there"));
  }

  @Test
  void aModelThatIsAddedToTheSuiteIsPublished() throws Exception {
    Path suite = folder.resolve("suite.json");
    String models = "{\"suite\": \"mine\", \"models\": [%s]}";
    String model = "{\"model\": \"%s\", \"tokensPerStep\": 100, \"steps\": [0]}";
    Files.writeString(suite, models.formatted(model.formatted("my-run")));
    Files.copy(Suites.bundled().resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
    copy(SOURCE, folder.resolve("checkpoints/another/step8"));
    start(new RunFolder(folder, new RunFacts(), null), gateway);
    await().until(() -> !troubles.isEmpty());

    Files.writeString(suite, models.formatted(model.formatted("another")));

    awaitPublished("another@step8");
  }

  @Test
  void aLinkToARunIsFollowedUnderItsOwnName() throws Exception {
    Path away = folder.resolve("scratch/run-17");
    copy(SOURCE, away.resolve("step8"));
    Path link = Files.createSymbolicLink(folder.resolve("linked-run"), away);
    follow(link, gateway);
    awaitPublished("linked-run@step8");
    copy(OTHER, away.resolve("step16"));

    awaitPublished("linked-run@step16");
    assertThat(lastPost().get(0).get("location").asText())
        .isEqualTo(link.resolve("step16").toString());
  }

  @Test
  void aLinkedStepIsPublishedBesideTheOthers() throws Exception {
    Path archived = folder.resolve("archive/step4");
    copy(SOURCE, archived);
    Path link = Files.createSymbolicLink(run.resolve("step4"), archived);
    follow(run, gateway);
    awaitPublished("my-run@step4");
    assertThat(lastPost().get(0).get("location").asText()).isEqualTo(link.toString());
    copy(SOURCE, run.resolve("step8"));

    awaitPublished("my-run@step8");
  }

  @Test
  void aLinkThatLeadsNowhereKeepsNoCheckpointFromBeingPublished() throws Exception {
    copy(SOURCE, run.resolve("step8"));
    Files.createSymbolicLink(run.resolve("step8/optimizer.pt"), folder.resolve("gone"));

    follow(run, gateway);

    awaitPublished("my-run@step8");
  }

  @Test
  void linksToWhatIsFollowedAnywayPublishNothingTwice() throws Exception {
    Files.createSymbolicLink(folder.resolve("latest"), run);
    Files.createSymbolicLink(run.resolve("back"), folder);
    Files.createSymbolicLink(run.resolve("up"), folder.getParent());
    Files.createSymbolicLink(run.resolve("step1"), run);
    copy(SOURCE, run.resolve("step8"));
    follow(folder, gateway);
    awaitPublished("my-run@step8");
    copy(SOURCE, run.resolve("step16"));

    awaitPublished("my-run@step16");
    assertThat(published()).containsExactly("my-run@step8", "my-run@step16");
  }

  @Test
  void aCheckpointsOwnFolderIsRefused() throws Exception {
    copy(SOURCE, run.resolve("step8"));
    assertThatThrownBy(() -> new RunFolder(run.resolve("step8"), new RunFacts(), null))
        .isInstanceOf(CommandException.class)
        .hasMessageContainingAll("step8 is one checkpoint", "publish it instead");
  }

  @Test
  void whatIsPublishedAndGoneIsRetiredWhereThatIsAskedFor() throws Exception {
    copy(SOURCE, run.resolve("step8"));
    RecordingGateway knowing =
        new RecordingGateway()
            .answers("GET /checkpoints", publishedAt("step4", "step8"))
            .answers("POST /checkpoints", "{\"created\": 0, \"updated\": 1, \"unchanged\": 0}");
    try (knowing) {
      followAndRetire(knowing);

      await().until(() -> published().contains("my-run@step4"));
      assertThat(events)
          .filteredOn(it -> it.change() == Announced.Change.RETIRED)
          .extracting(Announced::checkpoint)
          .containsOnly("my-run@step4");
      assertThat(knowing.asked())
          .filteredOn(it -> it.method().equals("POST"))
          .extracting(it -> it.json().get(0))
          .anySatisfy(
              it -> {
                assertThat(it.get("revision").asText()).isEqualTo("step4");
                assertThat(it.get("retired").asBoolean()).isTrue();
              });
    }
  }

  @Test
  void nothingIsRetiredOfARunOfWhichNothingIsLeft() throws Exception {
    copy(SOURCE, folder.resolve("other-run/step8"));
    RecordingGateway knowing =
        new RecordingGateway()
            .answers("GET /checkpoints", publishedAt("step4", "step8"))
            .answers("POST /checkpoints", "{\"created\": 1, \"updated\": 0, \"unchanged\": 0}");
    try (knowing) {
      start(ofARun(folder), knowing, SETTLE, true);

      awaitPublished("other-run@step8");
      await().until(() -> !troubles.isEmpty());
      assertThat(troubles.getFirst()).startsWith(run + ": ").contains("disk may be away");
      await().until(() -> looksForWhatIsGone(knowing) > 1);
      assertThat(events).extracting(Announced::change).doesNotContain(Announced.Change.RETIRED);
    }
  }

  @Test
  void aLinkThatLeadsNowhereIsNotRetiredAndWhatIsGoneBesideItIs() throws Exception {
    copy(SOURCE, run.resolve("step8"));
    Files.createSymbolicLink(run.resolve("step2"), folder.resolve("away/step2"));
    RecordingGateway knowing =
        new RecordingGateway()
            .answers("GET /checkpoints", publishedAt("step2", "step4", "step8"))
            .answers("POST /checkpoints", "{\"created\": 0, \"updated\": 1, \"unchanged\": 0}");
    try (knowing) {
      followAndRetire(knowing);

      await().until(() -> published().contains("my-run@step4"));
      assertThat(published()).doesNotContain("my-run@step2");
    }
  }

  /** The follower asks for one model's, to tell what it publishes. */
  private static long looksForWhatIsGone(RecordingGateway gateway) {
    return gateway.asked().stream()
        .filter(it -> it.method().equals("GET") && !it.pathAndQuery().contains("model="))
        .count();
  }

  private String publishedAt(String... folders) {
    return Arrays.stream(folders)
        .map(
            it ->
                """
                {"model": "my-run", "revision": "%s", "step": 1, "tokensSeen": 1, "parameters": 1,
                 "location": "%s"}
                """
                    .formatted(it, run.resolve(it)))
        .collect(
            Collectors.joining(
                ",", "{\"checkpoints\": [", "], \"total\": %d}".formatted(folders.length)));
  }

  @Test
  void flagsOfOneCheckpointAndWhatIsNoFolderAreRefused() {
    assertThatThrownBy(() -> new RunFolder(run.resolve("none"), new RunFacts(), null))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("not a folder");
    RunFacts one = CommandLine.populateCommand(new RunFacts(), "--step=3");
    assertThatThrownBy(() -> new RunFolder(run, one, null)).hasMessageContaining("leave them out");
  }

  private void follow(Path directory, RecordingGateway asked) {
    start(ofARun(directory), asked);
  }

  private static RunFolder ofARun(Path directory) {
    RunFacts facts = CommandLine.populateCommand(new RunFacts(), "--tokens-per-step=4096");
    return new RunFolder(directory, facts, Suites.bundled().resolve("tokenizer.json"));
  }

  private void start(RunFolder directory, RecordingGateway asked) {
    start(directory, asked, SETTLE);
  }

  private void followAndRetire(RecordingGateway asked) {
    start(ofARun(run), asked, SETTLE, true);
  }

  private void start(RunFolder directory, RecordingGateway asked, Duration settle) {
    start(directory, asked, settle, false);
  }

  private void start(
      RunFolder directory, RecordingGateway asked, Duration settle, boolean retireGone) {
    thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (GatewayClient client = new GatewayClient(URI.create(asked.url()))) {
                    new Follower(directory, client, settle, retireGone, events::add, troubles::add)
                        .run();
                  } catch (InterruptedException e) {
                    // The test is over.
                  }
                });
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (String file : List.of("config.json", WEIGHTS)) {
      Files.copy(from.resolve(file), to.resolve(file));
    }
  }

  private static String fingerprint(Path checkpoint) {
    return Fingerprint.of(Checkpoint.open(checkpoint).weights());
  }

  private String known(String fingerprint) {
    return """
        {"checkpoints": [{"model": "my-run", "revision": "step8", "step": 8, "tokensSeen": 1,
          "parameters": 1, "contentHash": "%s"}], "total": 1}
        """
        .formatted(fingerprint);
  }

  private void awaitPublished(String checkpoint) {
    await().until(() -> published().contains(checkpoint));
  }

  private List<String> published() {
    return events.stream().map(Announced::checkpoint).toList();
  }

  private JsonNode lastPost() {
    return gateway.asked().stream()
        .filter(it -> it.method().equals("POST"))
        .toList()
        .getLast()
        .json();
  }
}
