package dev.castalia.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.cli.Execution;
import dev.castalia.cli.RecordingGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepCommandTest {

  private static final String ACCEPTED =
      """
      {"sweep": "s1", "requestedBy": "ada", "requestedAt": "2026-01-01T00:00:00Z",
       "models": ["nano-74k*"], "steps": "log",
       "tasks": [{"task": "nano_sum", "version": "v", "shots": 3}], "dtype": "float32",
       "standing": false, "priority": 0,
       "plan": {"checkpoints": 22, "units": 44, "documents": 4400, "tokens": 334400.0,
         "operations": 5.0e10, "models": [{"model": "nano-74k", "checkpoints": 11},
         {"model": "nano-74k-deduped", "checkpoints": 11}],
         "tasks": [{"task": "nano_sum", "version": "v", "shots": 3, "units": 2}]},
       "progress": {"sweep": "s1", "state": "planning", "checkpoints": 0, "ofCheckpoints": 22,
         "planned": 0, "done": 0, "failed": 0, "models": [], "updatedAt": null}}
      """;

  @TempDir private Path folder;

  private final RecordingGateway gateway = new RecordingGateway().answers("POST /sweeps", ACCEPTED);

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void optionsBecomeTheOrder() {
    Execution sweep =
        Execution.against(
            gateway,
            "sweep",
            "--id=s1",
            "--models=nano-74k*,nano-197k@step5",
            "--steps=0,512,1000",
            "--tasks=nano_sum,nano_text:0",
            "--num-fewshot=3",
            "--dtype=float16",
            "--standing",
            "--priority=7");

    assertThat(sweep.status()).isZero();
    assertThat(gateway.asked()).hasSize(1);
    assertThat(gateway.asked().getFirst().json())
        .isEqualTo(
            RecordingGateway.json(
                """
                {"sweep": "s1", "requestedBy": "%s", "models": ["nano-74k*", "nano-197k@step5"],
                 "steps": "0,512,1000", "tasks": ["nano_sum", "nano_text:0"], "shots": 3,
                 "dtype": "float16", "standing": true, "priority": 7}
                """
                    .formatted(System.getProperty("user.name"))));
  }

  @Test
  void whatIsNotGivenIsLeftToTheGatewayButTheId() {
    Execution.against(gateway, "sweep", "--models=*", "--tasks=nano");

    assertThat(gateway.asked().getFirst().json().fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("sweep", "requestedBy", "models", "tasks");
  }

  @Test
  void aSweepThatMayHaveBeenTakenIsRepeatedByTheIdThatItsErrorNames() {
    gateway
        .forgets("POST /sweeps")
        .refuses("POST /sweeps", 503, "It was written but not read back")
        .answers("POST /sweeps", ACCEPTED);
    Execution first = Execution.against(gateway, "sweep", "--models=*", "--tasks=x");
    String sent = gateway.asked().getFirst().json().get("sweep").asText();
    assertThat(first.status()).isEqualTo(1);
    assertThat(first.err())
        .startsWith("castalia: It was written but not read back; repeat the command with --id ")
        .contains(sent);

    Execution again =
        Execution.against(gateway, "sweep", "--models=*", "--tasks=x", "--id=" + sent);

    assertThat(again.status()).isZero();
    assertThat(gateway.asked().getLast().body()).isEqualTo(gateway.asked().getFirst().body());
  }

  @Test
  void runsOfASuiteAreAnnouncedUnlessTheyAreKnown() {
    gateway
        .answers("GET /checkpoints", "{\"checkpoints\": [], \"total\": 0}")
        .answers("POST /checkpoints", "{\"created\": 308, \"updated\": 0, \"unchanged\": 0}");

    Execution sweep =
        Execution.against(
            gateway, "sweep", "--models=pythia:70m..160m,nano-*", "--steps=log", "--tasks=x");

    assertThat(sweep.err()).isEmpty();
    assertThat(sweep.status()).isZero();
    JsonNode published =
        gateway.asked().stream()
            .filter(it -> it.method().equals("POST") && it.pathAndQuery().endsWith("/checkpoints"))
            .findFirst()
            .orElseThrow()
            .json();
    assertThat(published).hasSize(2 * 154);
    assertThat(published.get(11))
        .isEqualTo(
            RecordingGateway.json(
                """
                {"model": "pythia-70m", "revision": "step1000", "step": 1000,
                 "tokensSeen": 2097152000, "parameters": 70426624,
                 "nonEmbeddingParameters": 18915328, "variant": "standard", "seed": 1234,
                 "language": "en", "parent": null, "learningRate": 0.001, "suite": "pythia",
                 "tokenizer": "hf:EleutherAI/pythia-70m@step1000",
                 "location": "hf:EleutherAI/pythia-70m@step1000"}"""));
    assertThat(gateway.asked().getLast().json().get("models"))
        .isEqualTo(RecordingGateway.json("[\"pythia-70m\", \"pythia-160m\", \"nano-*\"]"));
  }

  @Test
  void aSuiteWithoutSuchRunsIsAnErrorThatNamesWhatThereIs() {
    Execution sweep = Execution.against(gateway, "sweep", "--models=pythia:71m", "--tasks=x");

    assertThat(sweep.status()).isEqualTo(1);
    assertThat(sweep.err()).contains("pythia has no size '71m', only 14m, 31m, 70m");
  }

  @Test
  void aPlanEnqueuesNothingAndSaysHowLongItWouldTake() {
    gateway.answers(
        "POST /sweeps/plan",
        RecordingGateway.json(ACCEPTED).get("plan").toString().replace("5.0E10", "6.0E13"));

    Execution plan =
        Execution.against(gateway, "sweep", "--models=*", "--tasks=x", "--plan", "--flops=1e10");

    assertThat(plan.status()).isZero();
    assertThat(plan.out()).contains("about 1 h 40 min of one scorer at 10.0GFLOP/s");
    assertThat(gateway.asked())
        .singleElement()
        .satisfies(
            it ->
                assertThat(it.json().fieldNames())
                    .toIterable()
                    .containsExactlyInAnyOrder("requestedBy", "models", "tasks"));
  }

  @Test
  void aPlanCountsRunsThatNobodyHasPublishedAndPublishesNone() {
    gateway
        .answers("GET /checkpoints", "{\"checkpoints\": [], \"total\": 0}")
        .answers("POST /sweeps/plan", RecordingGateway.json(ACCEPTED).get("plan").toString());

    Execution plan =
        Execution.against(gateway, "sweep", "--models=pythia:70m,nano-*", "--tasks=x", "--plan");

    assertThat(plan.status()).isZero();
    assertThat(gateway.asked())
        .filteredOn(it -> it.method().equals("POST"))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.pathAndQuery()).endsWith("/sweeps/plan");
              assertThat(it.json().get("models"))
                  .isEqualTo(RecordingGateway.json("[\"pythia-70m\", \"nano-*\"]"));
              assertThat(it.json().get("checkpoints")).hasSize(154);
              assertThat(it.json().get("checkpoints").get(0).get("revision").asText())
                  .isEqualTo("step0");
            });
  }

  @Test
  void aYamlFileHasTheSameFields() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("sweep.yaml"),
            """
            id: nightly
            models: nano-*
            steps: [0, 512]
            tasks:
              - nano_sum
              - nano_text
            num_fewshot: 2
            """);

    Execution sweep = Execution.against(gateway, "sweep", file.toString(), "--tasks=nano_recall");

    assertThat(sweep.status()).isZero();
    assertThat(gateway.asked().getFirst().json())
        .isEqualTo(
            RecordingGateway.json(
                """
                {"sweep": "nightly", "requestedBy": "%s", "models": ["nano-*"], "steps": "0,512",
                 "tasks": ["nano_recall"], "shots": 2}
                """
                    .formatted(System.getProperty("user.name"))));
  }

  @Test
  void anUnknownFieldOfAFileIsNamedWithTheKnownOnes() throws IOException {
    Path file = Files.writeString(folder.resolve("sweep.yaml"), "models: a\ntask: b\n");

    Execution sweep = Execution.against(gateway, "sweep", file.toString());

    assertThat(sweep.status()).isEqualTo(1);
    assertThat(sweep.errLines())
        .containsExactly(
            "castalia: %s: 'task' is not known; known: dtype, id, models, num_fewshot, priority, standing, steps, tasks"
                .formatted(file));
    assertThat(gateway.asked()).isEmpty();
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Execution sweep = Execution.against(gateway, "sweep", "nowhere.yaml");

    assertThat(sweep.status()).isEqualTo(1);
    assertThat(sweep.errLines()).singleElement().asString().contains("nowhere.yaml");
  }

  @Test
  void noTasksIsWrongUsage() {
    Execution sweep = Execution.against(gateway, "sweep", "--models=*");

    assertThat(sweep.status()).isEqualTo(2);
    assertThat(sweep.errLines())
        .containsExactly(
            "castalia: --tasks is missing: give names of tasks or tags; see 'castalia sweep --help'");
  }

  @Test
  void planAndIdArePrinted() {
    Execution sweep = Execution.against(gateway, "sweep", "--models=*", "--tasks=nano_sum");

    assertThat(sweep.outLines())
        .containsExactly(
            "sweep s1",
            "  22 checkpoints of 2 models on nano_sum (3-shot)",
            "  44 units, 4,400 documents, about 334k tokens and 50.0GFLOP",
            "  about 1 s of one scorer at 50.0GFLOP/s");
  }

  @Test
  void asJsonTheSweepIsPrinted() {
    Execution sweep =
        Execution.against(gateway, "sweep", "--models=*", "--tasks=nano_sum", "--json");

    assertThat(RecordingGateway.json(sweep.out()).path("sweep").asText()).isEqualTo("s1");
    assertThat(RecordingGateway.json(sweep.out()).path("plan").path("units").asInt()).isEqualTo(44);
  }

  @Test
  void withWatchItIsFollowedToItsEndAlsoByAGatewayThatHasNotReadOfItYet() {
    gateway.refuses("GET /sweeps/s1/progress", 404, "There is no sweep s1.");
    gateway.answers(
        "GET /sweeps/s1/progress",
        """
        {"sweep": "s1", "state": "done", "checkpoints": 22, "ofCheckpoints": 22, "planned": 44,
         "done": 44, "failed": 0, "models": [], "updatedAt": "2026-01-01T00:00:00Z"}
        """);

    Execution sweep =
        Execution.against(gateway, "sweep", "--models=*", "--tasks=nano_sum", "--watch");

    assertThat(sweep.status()).isZero();
    assertThat(sweep.outLines()).last().isEqualTo("s1: 44/44 units, 100 %");
  }

  @Test
  void anUnknownTaskIsTheGatewaysToName() {
    try (RecordingGateway refusing = new RecordingGateway()) {
      refusing.refuses(
          "POST /sweeps", 422, "No task nano_sun is registered. Did you mean nano_sum?");

      Execution sweep = Execution.against(refusing, "sweep", "--models=*", "--tasks=nano_sun");

      assertThat(sweep.status()).isEqualTo(1);
      assertThat(sweep.errLines())
          .containsExactly("castalia: No task nano_sun is registered. Did you mean nano_sum?");
    }
  }
}
