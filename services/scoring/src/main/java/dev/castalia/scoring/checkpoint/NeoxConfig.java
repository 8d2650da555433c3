package dev.castalia.scoring.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.SmallFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The shape of a GPT-NeoX model, as its {@code config.json} gives it. Defaults are those of
 * transformers' {@code GPTNeoXConfig}; what decides the tensors' shapes must be written out.
 *
 * @param hidden width of the residual stream
 * @param intermediate width inside the MLP
 * @param context longest row of tokens, {@code max_position_embeddings}
 * @param rotaryShare share of each head's dimensions that is rotated, in (0, 1]
 * @param rotaryBase the base of the rotation's wavelengths
 * @param parallelResidual whether attention and MLP both read the layer's input
 * @param attentionBias whether the attention's projections have biases
 * @param tiedEmbeddings whether the output projection is the embedding table
 * @param prefixToken what stands for an empty context where the tokenizer names no token for it:
 *     {@code bos_token_id}, else {@code eos_token_id}
 */
public record NeoxConfig(
    int hidden,
    int layers,
    int heads,
    int intermediate,
    int vocabulary,
    int context,
    double rotaryShare,
    double rotaryBase,
    float normEpsilon,
    boolean parallelResidual,
    boolean attentionBias,
    boolean tiedEmbeddings,
    int prefixToken) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST = 1 << 24;

  /** Of each there are a dozen tensors, which are looked up by their names. */
  private static final int MOST_LAYERS = 10_000;

  /** Bytes; those of Pythia have about 600. */
  private static final int MAX_CONFIG = 1_000_000;

  public NeoxConfig {
    if (hidden % heads != 0) {
      throw new IllegalArgumentException(
          "hidden_size " + hidden + " is not a multiple of num_attention_heads " + heads);
    }
    int rotated = rotatedDimensions(hidden / heads, rotaryShare);
    if (rotaryShare <= 0 || rotaryShare > 1 || rotated < 2 || rotated % 2 != 0) {
      throw new IllegalArgumentException(
          "rotary_pct %s of %d dimensions a head leaves %d to rotate, which must be even and at least 2"
              .formatted(rotaryShare, hidden / heads, rotated));
    }
    if (prefixToken >= vocabulary) {
      throw new IllegalArgumentException(
          "bos_token_id %d is outside of vocab_size %d".formatted(prefixToken, vocabulary));
    }
  }

  /** Dimensions a head. */
  public int headWidth() {
    return hidden / heads;
  }

  /** Dimensions of each head that are rotated: the first ones. */
  public int rotated() {
    return rotatedDimensions(headWidth(), rotaryShare);
  }

  private static int rotatedDimensions(int headWidth, double share) {
    return (int) (headWidth * share);
  }

  /**
   * Reads a {@code config.json}.
   *
   * @throws CheckpointException if it is missing, not JSON, or not of a GPT-NeoX model that can run
   */
  static NeoxConfig read(Path file) {
    JsonNode json;
    try {
      json = JSON.readTree(SmallFile.read(file, MAX_CONFIG));
    } catch (NoSuchFileException e) {
      throw new CheckpointException(
          file + ": missing; a checkpoint is a folder with config.json and weights", e);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(file + ": not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw CheckpointException.unreadable(file, e);
    }
    return new Reader(file, json).config();
  }

  private record Reader(Path file, JsonNode json) {

    NeoxConfig config() {
      requireNeox();
      requireExactGelu();
      JsonNode rope = rope();
      try {
        return new NeoxConfig(
            count("hidden_size"),
            count("num_hidden_layers", MOST_LAYERS),
            count("num_attention_heads"),
            count("intermediate_size"),
            count("vocab_size"),
            context(),
            number(0.25, "rotary_pct", rope, "partial_rotary_factor"),
            number(10_000, "rotary_emb_base", rope, "rope_theta"),
            (float) number(1e-5, "layer_norm_eps", json, "layer_norm_eps"),
            flag("use_parallel_residual", true),
            flag("attention_bias", true),
            flag("tie_word_embeddings", false),
            prefixToken());
      } catch (IllegalArgumentException e) {
        throw new CheckpointException(file + ": " + e.getMessage() + "; correct the file", e);
      }
    }

    private void requireNeox() {
      String type = json.path("model_type").asText("");
      if (!type.equals("gpt_neox")) {
        throw new CheckpointException(
            file
                + ": model_type is '"
                + type
                + "'; Castalia runs gpt_neox models (GPTNeoXForCausalLM), so leave this one out");
      }
      for (JsonNode architecture : json.path("architectures")) {
        if (!architecture.asText().equals("GPTNeoXForCausalLM")) {
          throw new CheckpointException(
              file
                  + ": architecture is "
                  + architecture.asText()
                  + "; a language model, GPTNeoXForCausalLM, is needed to score tokens");
        }
      }
    }

    private void requireExactGelu() {
      String activation = json.path("hidden_act").asText("gelu");
      if (!activation.equals("gelu")) {
        throw new CheckpointException(
            file + ": hidden_act is '" + activation + "'; Castalia computes 'gelu' only");
      }
    }

    /** The rotary settings under their new names, which transformers looks for nowhere else. */
    private JsonNode rope() {
      JsonNode scaling = json.path("rope_scaling");
      JsonNode rope = scaling.isEmpty() ? json.path("rope_parameters") : scaling;
      String type = rope.path("rope_type").asText(rope.path("type").asText("default"));
      if (!type.equals("default")) {
        throw new CheckpointException(
            file + ": rope_type is '" + type + "'; Castalia computes 'default' positions only");
      }
      return rope;
    }

    private int context() {
      int context = count("max_position_embeddings");
      JsonNode positions = json.path("n_positions");
      if (!positions.isMissingNode() && !positions.isNull() && count("n_positions") != context) {
        throw new CheckpointException(
            "%s: n_positions is %s, but max_position_embeddings %d, and the harness cuts texts to the former; leave n_positions out"
                .formatted(file, positions, context));
      }
      return context;
    }

    private int count(String key) {
      return count(key, MOST);
    }

    private int count(String key, int most) {
      JsonNode value = json.path(key);
      if (!value.isIntegralNumber() || value.asLong() < 1 || value.asLong() > most) {
        throw new CheckpointException(
            "%s: %s is %s; wanted a whole number from 1 to %d"
                .formatted(file, key, value.isMissingNode() ? "missing" : value, most));
      }
      return value.asInt();
    }

    /** The value under its new name in {@code rope}, else its old name at the top. */
    private double number(double otherwise, String oldName, JsonNode rope, String newName) {
      for (JsonNode value : new JsonNode[] {rope.path(newName), json.path(oldName)}) {
        if (value.isMissingNode() || value.isNull()) {
          continue;
        }
        if (!value.isNumber() || value.asDouble() <= 0) {
          throw new CheckpointException(
              "%s: %s is %s; wanted a number above 0".formatted(file, oldName, value));
        }
        return value.asDouble();
      }
      return otherwise;
    }

    private boolean flag(String key, boolean otherwise) {
      JsonNode value = json.path(key);
      if (value.isMissingNode() || value.isNull()) {
        return otherwise;
      }
      if (!value.isBoolean()) {
        throw new CheckpointException(
            "%s: %s is %s; wanted true or false".formatted(file, key, value));
      }
      return value.asBoolean();
    }

    private int prefixToken() {
      for (String key : new String[] {"bos_token_id", "eos_token_id"}) {
        JsonNode value = json.path(key);
        if (value.isIntegralNumber() && value.asLong() >= 0 && value.asLong() < MOST) {
          return value.asInt();
        }
      }
      return 0;
    }
  }
}
