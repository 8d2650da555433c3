package dev.castalia.scoring.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.NanoSuite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

  private static final TinyCheckpoint TINY =
      TinyCheckpoint.random(TinyCheckpoint.CONFIG, DType.F32, 1);

  @TempDir private Path folder;

  @Test
  void aNanoCheckpointIsUnderstood() {
    Checkpoint checkpoint = Checkpoint.open(NanoSuite.bundledCheckpoint());

    assertThat(checkpoint.config())
        .isEqualTo(
            new NeoxConfig(32, 2, 4, 128, 768, 256, 0.25, 10_000, 1e-5f, true, true, false, 0));
    // 2 × 768 × 32 of embeddings; 2 layers of 12 h² + 13 h; the final norm's 2 h.
    assertThat(checkpoint.parameters()).isEqualTo(49_152 + 25_408 + 64);
    assertThat(checkpoint.nonEmbeddingParameters()).isEqualTo(25_472);
  }

  @Test
  void theNamesOfNewerConfigurationsAreUnderstood() {
    TinyCheckpoint.writeConfig(
        folder,
        TINY.json()
            .replace("\"rotary_pct\": 0.5, \"rotary_emb_base\": 10000.0,", "")
            .replace(
                "\"bos_token_id\"",
                "\"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 500.0,"
                    + " \"partial_rotary_factor\": 0.25}, \"bos_token_id\""));

    NeoxConfig config = NeoxConfig.read(folder.resolve("config.json"));

    assertThat(config.rotaryBase()).isEqualTo(500);
    assertThat(config.rotaryShare()).isEqualTo(0.25);
  }

  /** As {@code GPTNeoXConfig} of transformers 5.24 takes them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "rotary_pct": 1.0, "rotary_emb_base": 10000, "partial_rotary_factor": 0.25, "rope_theta": 500.0 | 1    | 10000
          "rope_theta": 500000.0                                                                      | 0.25 | 10000
          "rope_scaling": {"type": "default", "rope_theta": 123.0}                                    | 0.25 | 123
          "rope_scaling": {"type": "default"}, "rope_parameters": {"rope_theta": 5.0}                 | 0.25 | 10000
          "rope_scaling": {}, "rope_parameters": {"rope_theta": 5.0}, "rotary_emb_base": 9            | 0.25 | 5
          """)
  void rotarySettingsAreTakenFromWhereTransformersTakesThem(
      String settings, double share, double base) {
    TinyCheckpoint.writeConfig(
        folder, TINY.json().replace("\"rotary_pct\": 0.5, \"rotary_emb_base\": 10000.0", settings));

    NeoxConfig config = NeoxConfig.read(folder.resolve("config.json"));

    assertThat(config.rotaryShare()).isEqualTo(share);
    assertThat(config.rotaryBase()).isEqualTo(base);
  }

  @Test
  void otherArchitecturesAreRefused() {
    assertConfigRefused("\"gpt_neox\"", "\"llama\"", "model_type is 'llama'");
    assertConfigRefused("ForCausalLM", "ForTokenClassification", "architecture is GPTNeoX");
  }

  @Test
  void otherActivationsAreRefused() {
    assertConfigRefused("\"gelu\"", "\"gelu_new\"", "hidden_act is 'gelu_new'");
  }

  @Test
  void scaledPositionsAreRefused() {
    assertConfigRefused(
        "\"bos_token_id\"",
        "\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}, \"bos_token_id\"",
        "rope_type is 'linear'");
  }

  @Test
  void aSizeThatIsMissingOrAbsurdIsNamed() {
    assertConfigRefused("\"hidden_size\": 24,", "", "hidden_size is missing");
    assertConfigRefused("\"hidden_size\": 24", "\"hidden_size\": -1", "hidden_size is -1");
    assertConfigRefused("\"hidden_size\": 24", "\"hidden_size\": 25", "hidden_size 25 is not");
    assertConfigRefused("\"rotary_pct\": 0.5", "\"rotary_pct\": 0.1", "leaves 0 to rotate");
    assertConfigRefused(
        "\"num_hidden_layers\": 3",
        "\"num_hidden_layers\": 16777216",
        "num_hidden_layers is 16777216; wanted a whole number from 1 to 10000");
  }

  @Test
  void aContextThatTheHarnessTakesFromElsewhereIsRefused() {
    assertConfigRefused(
        "\"bos_token_id\"", "\"n_positions\": 16, \"bos_token_id\"", "n_positions is 16, but");
    assertConfigRefused(
        "\"bos_token_id\"", "\"n_positions\": \"20\", \"bos_token_id\"", "n_positions is \"20\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"20", "null"})
  void aContextMayBeSaidTwice(String positions) {
    TinyCheckpoint.writeConfig(
        folder,
        TINY.json()
            .replace("\"bos_token_id\"", "\"n_positions\": " + positions + ", \"bos_token_id\""));

    assertThat(NeoxConfig.read(folder.resolve("config.json")).context()).isEqualTo(20);
  }

  @Test
  void aConfigurationThatIsNoneIsNotReadToItsEnd() {
    assertConfigRefused("\"bos_token_id\"", " ".repeat(1_000_000) + "\"bos_token_id\"", "longer");
  }

  @Test
  void aConfigurationThatContradictsTheWeightsIsRefused() {
    TINY.write(folder);
    TinyCheckpoint.writeConfig(
        folder, TINY.json().replace("\"vocab_size\": 31", "\"vocab_size\": 32"));

    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("gpt_neox.embed_in.weight has shape [31, 24]")
        .hasMessageContaining("[32, 24]");
  }

  @Test
  void aMissingTensorIsNamed() {
    TINY.write(folder);
    TinyCheckpoint.writeConfig(
        folder, TINY.json().replace("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 4"));

    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("tensor gpt_neox.layers.3.input_layernorm.weight is missing");
  }

  @Test
  void weightsOfWholeNumbersAreRefused() {
    new SafetensorsFile()
        .tensor(NeoxTensors.EMBEDDING, "I32", List.of(31L, 24L), new byte[31 * 24 * 4])
        .write(folder.resolve("model.safetensors"));
    TinyCheckpoint.writeConfig(folder, TINY.json());

    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("gpt_neox.embed_in.weight is I32");
  }

  @Test
  void anOutputProjectionThatIsOnlySaidToBeTheEmbeddingIsNotTakenForIt() {
    TINY.write(folder);
    TinyCheckpoint.writeConfig(folder, tied());

    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("model.safetensors: tensor embed_out.weight is another than")
        .hasMessageContaining("set tie_word_embeddings to false");
  }

  @Test
  void anOutputProjectionThatIsTheEmbeddingMayBeInTheFile() {
    Map<String, float[]> values = new LinkedHashMap<>(TINY.values());
    values.put(NeoxTensors.UNEMBEDDING, values.get(NeoxTensors.EMBEDDING));
    new TinyCheckpoint(TINY.config(), DType.F32, values).write(folder);
    TinyCheckpoint.writeConfig(folder, tied());

    assertThat(Checkpoint.open(folder).weights().has(NeoxTensors.UNEMBEDDING)).isFalse();
  }

  private static String tied() {
    return TINY.json().replace("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true");
  }

  @Test
  void buffersOfOlderFilesAreIgnored() {
    SafetensorsFile file = new SafetensorsFile();
    TINY.values()
        .forEach(
            (name, values) ->
                file.tensor(name, DType.F32, NeoxTensors.shapes(TINY.config()).get(name), values));
    file.tensor("gpt_neox.layers.0.attention.bias", "BOOL", List.of(1L, 1L), new byte[1]);
    file.write(folder.resolve("model.safetensors"));
    TinyCheckpoint.writeConfig(folder, TINY.json());

    assertThat(Checkpoint.open(folder).weights().has("gpt_neox.layers.0.attention.bias")).isFalse();
  }

  @Test
  void aFolderWithoutWeightsSaysWhatItNeeds() throws IOException {
    assertThatThrownBy(() -> Checkpoint.open(folder.resolve("absent")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("not a folder");
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("config.json: missing");
    Files.writeString(folder.resolve("config.json"), TINY.json());
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("no weights; wanted one of model.safetensors");
  }

  private void assertConfigRefused(String part, String instead, String why) {
    assertThat(TINY.json()).contains(part);
    TinyCheckpoint.writeConfig(folder, TINY.json().replace(part, instead));
    assertThatThrownBy(() -> NeoxConfig.read(folder.resolve("config.json")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining(why);
  }
}
