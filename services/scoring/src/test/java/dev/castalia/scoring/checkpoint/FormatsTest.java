package dev.castalia.scoring.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.model.Passage;
import dev.castalia.scoring.model.Progress;
import dev.castalia.scoring.model.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that PyTorch, safetensors and transformers wrote. */
class FormatsTest {

  @TempDir private Path temporary;

  @ParameterizedTest
  @CsvSource({
    "f32, safetensors",
    "f32, safetensors-shards",
    "f32, torch",
    "f32, torch-shards",
    "f16, safetensors",
    "f16, torch",
    "bf16, safetensors",
    "bf16, torch"
  })
  void everyFormIsRunToTheLogProbabilitiesOfPyTorch(String dtype, String form) throws IOException {
    Checkpoint checkpoint = Checkpoint.open(Formats.folder(dtype, form));
    JsonNode expected =
        new ObjectMapper().readTree(Formats.folder(dtype, "expected.json").toFile());
    int[] row =
        StreamSupport.stream(expected.get("row").spliterator(), false)
            .mapToInt(JsonNode::asInt)
            .toArray();

    Reading reading;
    try (Model model = Model.open(checkpoint, ModelOptions.DEFAULT)) {
      reading =
          model
              .read(
                  List.of(
                      new Passage(
                          Arrays.copyOf(row, row.length - 1),
                          Arrays.copyOfRange(row, 1, row.length))),
                  Progress.NONE)
              .all()
              .getFirst();
    }

    for (int i = 0; i < row.length - 1; i++) {
      assertThat((double) reading.logProbabilities()[i])
          .isCloseTo(expected.get("log_probabilities").get(i).asDouble(), within(2e-5));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "f32, safetensors-shards",
    "f32, torch",
    "f32, torch-shards",
    "f16, torch",
    "bf16, torch"
  })
  void theSameWeightsHaveOneFingerprintInEveryForm(String dtype, String form) {
    assertThat(Fingerprint.of(Checkpoint.open(Formats.folder(dtype, form)).weights()))
        .isEqualTo(Fingerprint.of(Checkpoint.open(Formats.folder(dtype, "safetensors")).weights()));
  }

  @Test
  void safetensorsComeBeforePyTorchsFiles() throws IOException {
    Path folder = Formats.copy("f32", "torch", temporary);
    Files.copy(
        Formats.folder("f32", "safetensors").resolve("model.safetensors"),
        folder.resolve("model.safetensors"));

    assertThat(Checkpoint.open(folder).weights().all())
        .allMatch(tensor -> tensor.file().endsWith("model.safetensors"));
  }

  @Test
  void aMissingShardIsNamed() throws IOException {
    Path folder = Formats.copy("f32", "safetensors-shards", temporary);
    Files.delete(folder.resolve("model-00002-of-00004.safetensors"));

    assertRefused(folder, "shard model-00002-of-00004.safetensors", "is missing; fetch it");
  }

  @Test
  void aTensorThatTheIndexNamesTwiceIsRefused() throws IOException {
    Path folder = Formats.copy("f32", "torch-shards", temporary);
    edit(
        folder.resolve("pytorch_model.bin.index.json"),
        "\"weight_map\": {",
        "\"weight_map\": {\"embed_out.weight\": \"pytorch_model-00002-of-00002.bin\", ");

    assertRefused(folder, "pytorch_model.bin.index.json", "Duplicate field 'embed_out.weight'");
  }

  @Test
  void aTensorThatTwoShardsHoldIsRefused() throws IOException {
    Path folder = Formats.copy("f32", "torch-shards", temporary);
    Path first = folder.resolve("pytorch_model-00001-of-00002.bin");
    Files.copy(first, folder.resolve("other.bin"));
    edit(
        folder.resolve("pytorch_model.bin.index.json"),
        "\"embed_out.weight\": \"pytorch_model-00001-of-00002.bin\"",
        "\"embed_out.weight\": \"other.bin\"");

    assertRefused(folder, "is in shard other.bin, but", "it is in pytorch_model-00001-of-00002");
  }

  @Test
  void anIndexCannotLeadElsewhere() throws IOException {
    Path folder = Formats.copy("f32", "torch-shards", temporary);
    edit(
        folder.resolve("pytorch_model.bin.index.json"),
        "\"pytorch_model-00002-of-00002.bin\"",
        "\"../../etc/passwd\"");

    assertRefused(folder, "../../etc/passwd", "not the name of a file beside the index");
  }

  @Test
  void anIndexWithoutAMapIsRefused() throws IOException {
    Path folder = Formats.copy("f32", "torch-shards", temporary);
    Files.writeString(folder.resolve("pytorch_model.bin.index.json"), "{\"weight_map\": []}");

    assertRefused(folder, "weight_map is missing or empty");
  }

  @Test
  void aLinkOutOfTheFolderIsRefused() throws IOException {
    Path folder = Formats.copy("f32", "torch", temporary.resolve("checkpoint"));
    Path outside = temporary.resolve("outside.bin");
    Files.move(folder.resolve("pytorch_model.bin"), outside);
    Files.createSymbolicLink(folder.resolve("pytorch_model.bin"), outside);

    assertRefused(folder, "pytorch_model.bin: a symbolic link to", "outside.bin");
  }

  @Test
  void theHuggingFaceCachesLinksAreFollowed() throws IOException {
    Path repository = temporary.resolve("models--some--model");
    Path snapshot = Formats.copy("f32", "torch", repository.resolve("snapshots/1234"));
    Path blobs = Files.createDirectories(repository.resolve("blobs"));
    for (String name : List.of("config.json", "pytorch_model.bin")) {
      Files.move(snapshot.resolve(name), blobs.resolve("blob-of-" + name));
      Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs/blob-of-" + name));
    }

    assertThat(Checkpoint.open(snapshot).parameters()).isPositive();
  }

  @Test
  void linksIntoAnotherRepositoryOfTheCacheAreRefused() throws IOException {
    Path snapshot =
        Formats.copy("f32", "torch", temporary.resolve("models--some--model/snapshots/1234"));
    Path blobs = Files.createDirectories(temporary.resolve("models--other--model/blobs"));
    Files.move(snapshot.resolve("pytorch_model.bin"), blobs.resolve("blob"));
    Files.createSymbolicLink(
        snapshot.resolve("pytorch_model.bin"), Path.of("../../../models--other--model/blobs/blob"));

    assertRefused(snapshot, "a symbolic link to", "outside of the checkpoint's folder");
  }

  private static void edit(Path file, String part, String instead) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(part);
    Files.writeString(file, text.replace(part, instead));
  }

  private static void assertRefused(Path folder, String... why) {
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll(why);
  }
}
