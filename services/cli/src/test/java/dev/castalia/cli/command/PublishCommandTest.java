package dev.castalia.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.cli.Execution;
import dev.castalia.cli.RecordingGateway;
import dev.castalia.cli.Suites;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishCommandTest {

  @TempDir private Path folder;

  private final RecordingGateway gateway =
      new RecordingGateway()
          .answers(
              "POST /tasks",
              201,
              "application/json",
              "{\"created\": 7, \"updated\": 1, \"unchanged\": 0}")
          .answers("POST /checkpoints", "{\"created\": 0, \"updated\": 0, \"unchanged\": 44}");

  @AfterEach
  void stop() {
    gateway.close();
  }

  private JsonNode published(String path) {
    return gateway.asked().stream()
        .filter(asked -> asked.pathAndQuery().equals("/api/v1" + path))
        .findFirst()
        .orElseThrow()
        .json();
  }

  @Test
  void aSuitesTasksArePublishedBeforeItsCheckpoints() {
    Execution publish = Execution.against(gateway, "publish", Suites.bundled().toString());

    assertThat(publish.status()).isZero();
    assertThat(gateway.asked())
        .extracting(RecordingGateway.Asked::pathAndQuery)
        .containsExactly("/api/v1/tasks", "/api/v1/checkpoints");
    assertThat(publish.outLines())
        .containsExactly(
            "8 tasks: 7 new, 1 updated, 0 unchanged",
            published("/checkpoints").size() + " checkpoints: 0 new, 0 updated, 44 unchanged");
  }

  @Test
  void checkpointsThatAreListedButNotOnDiskAreNamed() throws IOException {
    Files.writeString(
        folder.resolve("suite.json"),
        """
        {"suite": "mine", "models": [{"model": "m", "parameters": 9, "nonEmbeddingParameters": 3,
          "tokensPerStep": 8, "steps": [0, 1, 2]}]}
        """);
    Path step1 = Files.createDirectories(folder.resolve("checkpoints/m/step1"));
    Files.writeString(step1.resolve("config.json"), "{}");

    Execution publish = Execution.against(gateway, "publish", folder.toString());

    assertThat(publish.status()).isZero();
    assertThat(published("/checkpoints"))
        .extracting(checkpoint -> checkpoint.path("revision").asText())
        .containsExactly("step1");
    assertThat(publish.errLines())
        .containsExactly(
            "castalia: m: listed in suite.json, but not in %s, so left out: step0, step2"
                .formatted(step1.getParent()));
  }

  @Test
  void asJsonTheNumbersArePrinted() {
    Execution publish =
        Execution.against(
            gateway,
            "publish",
            Suites.bundled().resolve("checkpoints/nano-74k/step0").toString(),
            "--json");

    assertThat(RecordingGateway.json(publish.out()))
        .isEqualTo(
            RecordingGateway.json(
                """
                {"tasks": {"created": 0, "updated": 0, "unchanged": 0},
                 "checkpoints": {"created": 0, "updated": 0, "unchanged": 44}}
                """));
  }

  @Test
  void aCheckpointIsPublishedWithTheFactsOfItsFilesAndTheFlags() {
    Path checkpoint = Suites.bundled().resolve("checkpoints/nano-74k/step512");

    Execution publish =
        Execution.against(
            gateway,
            "publish",
            checkpoint.toString(),
            "--tokens-per-step=4096",
            "--variant=deduped",
            "--seed=7",
            "--language=ko",
            "--parent=base@step9",
            "--learning-rate=0.001");

    assertThat(publish.status()).isZero();
    // Parameters as the suite's authors counted them, in suite.json.
    assertThat(published("/checkpoints"))
        .isEqualTo(
            RecordingGateway.json(
                """
                [{"model": "nano-74k", "revision": "step512", "step": 512, "tokensSeen": 2097152,
                  "parameters": 74624, "nonEmbeddingParameters": 25472, "variant": "deduped",
                  "seed": 7, "language": "ko", "parent": "base@step9", "learningRate": 0.001,
                  "suite": null, "tokenizer": "%s", "location": "%s",
                  "contentHash":
                    "2d56dd244e0044be1ebdbdda9c722445e66896c9e20325106de018205d8b350b"}]
                """
                    .formatted(Suites.bundled().resolve("tokenizer.json"), checkpoint)));
  }

  @Test
  void aRunIsPublishedWithAllItsSteps() {
    Execution publish =
        Execution.against(
            gateway,
            "publish",
            Suites.bundled().resolve("checkpoints/nano-74k").toString(),
            "--model=mine",
            "--tokens-per-step=10");

    assertThat(publish.status()).isZero();
    assertThat(published("/checkpoints"))
        .extracting(checkpoint -> checkpoint.path("step").asInt())
        .isSorted()
        .contains(0, 512, 2000);
    assertThat(published("/checkpoints"))
        .allSatisfy(
            checkpoint -> {
              assertThat(checkpoint.path("model").asText()).isEqualTo("mine");
              assertThat(checkpoint.path("tokensSeen").asLong())
                  .isEqualTo(10 * checkpoint.path("step").asLong());
            });
  }

  @Test
  void aStepWithoutAConfigurationIsNamedAndTheOthersArePublished() throws IOException {
    Path source = Suites.bundled().resolve("checkpoints/nano-74k/step512");
    Path step = Files.createDirectory(folder.resolve("step512"));
    for (String file : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(source.resolve(file), step.resolve(file));
    }
    Files.createDirectory(folder.resolve("step1024"));

    Execution publish =
        Execution.against(
            gateway,
            "publish",
            folder.toString(),
            "--tokens-per-step=10",
            "--tokenizer=" + Suites.bundled().resolve("tokenizer.json"));

    assertThat(publish.status()).isEqualTo(1);
    assertThat(publish.errLines())
        .singleElement()
        .asString()
        .contains(folder.resolve("step1024/config.json") + ": missing");
    assertThat(published("/checkpoints"))
        .extracting(checkpoint -> checkpoint.path("revision").asText())
        .containsExactly("step512");
  }

  @Test
  void whatAStepCostsMustBeGiven() {
    Execution publish =
        Execution.against(
            gateway, "publish", Suites.bundled().resolve("checkpoints/nano-74k/step8").toString());

    assertThat(publish.status()).isEqualTo(1);
    assertThat(publish.errLines())
        .singleElement()
        .asString()
        .contains("nano-74k/step8", "--tokens-per-step N");
    assertThat(gateway.asked()).isEmpty();
  }

  @Test
  void flagsForASuiteAreRefused() {
    Execution publish =
        Execution.against(gateway, "publish", Suites.bundled().toString(), "--seed=1");

    assertThat(publish.status()).isEqualTo(1);
    assertThat(publish.errLines()).singleElement().asString().contains("leave the flags out");
  }

  @Test
  void aFolderWithNothingToPublishIsRefused() {
    Execution publish = Execution.against(gateway, "publish", folder.toString());

    assertThat(publish.status()).isEqualTo(1);
    assertThat(publish.errLines())
        .singleElement()
        .asString()
        .contains(folder.toString(), "suite.json", "config.json", "*.yaml");
  }

  @Test
  void aWrongTaskDoesNotHideTheOthersButIsAFailure() throws IOException {
    Files.createDirectories(folder.resolve("data"));
    for (String file : new String[] {"nano_sum.yaml", "data/nano_sum.jsonl"}) {
      Files.copy(Suites.bundled().resolve("tasks").resolve(file), folder.resolve(file));
    }
    Files.writeString(folder.resolve("wrong.yaml"), "task: wrong\noutput_type: poetry\n");

    Execution publish =
        Execution.against(
            gateway,
            "publish",
            folder.toString(),
            "--tokenizer",
            Suites.bundled().resolve("tokenizer.json").toString());

    assertThat(publish.status()).isEqualTo(1);
    assertThat(published("/tasks"))
        .extracting(task -> task.path("task").asText())
        .containsExactly("nano_sum");
    assertThat(publish.errLines()).singleElement().asString().contains("wrong.yaml", "poetry");
  }

  @Test
  void aSelectionOfAFolderIsPublishedWithItsGroupAndWhereItsDataIs() throws IOException {
    for (String kind : new String[] {"stereotype", "antistereotype"}) {
      Path data =
          folder.resolve("mathemakitten/winobias_%s_test/default/test.jsonl".formatted(kind));
      Files.createDirectories(data.getParent());
      Files.copy(Suites.pythiaData().resolve("winobias.jsonl"), data);
    }

    Execution publish =
        Execution.against(
            gateway,
            "publish",
            Suites.pythiaTasks().toString(),
            "--tasks=winobias",
            "--data-path=" + folder,
            "--tokenizer=" + Suites.bundled().resolve("tokenizer.json"));

    assertThat(publish.status()).as(publish.err()).isZero();
    assertThat(published("/tasks"))
        .hasSize(2)
        .allSatisfy(
            task -> {
              assertThat(task.path("task").asText()).startsWith("winobias_");
              assertThat(task.path("tags")).extracting(JsonNode::asText).contains("winobias");
              assertThat(task.path("documents").asInt()).isEqualTo(5);
              assertThat(task.path("location").asText())
                  .endsWith("?data=" + URLEncoder.encode(folder.toString(), UTF_8));
            });
  }
}
