package dev.castalia.scoring.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A small checkpoint with random weights, wide enough to be far from linear, and the very values
 * that were stored, for another implementation to compute with.
 */
public record TinyCheckpoint(NeoxConfig config, DType dtype, Map<String, float[]> values) {

  public static final NeoxConfig CONFIG =
      new NeoxConfig(24, 3, 3, 40, 31, 20, 0.5, 10_000, 1e-5f, true, true, false, 0);

  public static TinyCheckpoint random(NeoxConfig config, DType dtype, long seed) {
    Random random = new Random(seed);
    Map<String, float[]> values = new LinkedHashMap<>();
    NeoxTensors.shapes(config)
        .forEach(
            (name, shape) -> {
              long size = shape.stream().reduce(1L, (a, b) -> a * b);
              float[] tensor = new float[(int) size];
              for (int i = 0; i < tensor.length; i++) {
                double gain = name.endsWith("norm.weight") ? 1 : 0;
                tensor[i] = rounded((float) (gain + 0.4 * random.nextGaussian()), dtype);
              }
              values.put(name, tensor);
            });
    return new TinyCheckpoint(config, dtype, values);
  }

  public Checkpoint write(Path folder) {
    SafetensorsFile file = new SafetensorsFile();
    Map<String, List<Long>> shapes = NeoxTensors.shapes(config);
    values.forEach((name, tensor) -> file.tensor(name, dtype, shapes.get(name), tensor));
    file.write(folder.resolve("model.safetensors"));
    writeConfig(folder, json());
    return Checkpoint.open(folder);
  }

  public static void writeConfig(Path folder, String json) {
    try {
      Files.writeString(folder.resolve("config.json"), json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String json() {
    return """
        {"architectures": ["GPTNeoXForCausalLM"], "model_type": "gpt_neox", "hidden_act": "gelu",
         "hidden_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d,
         "intermediate_size": %d, "vocab_size": %d, "max_position_embeddings": %d,
         "rotary_pct": %s, "rotary_emb_base": %s, "layer_norm_eps": %s,
         "use_parallel_residual": %s, "attention_bias": %s, "tie_word_embeddings": %s,
         "bos_token_id": 0, "eos_token_id": 0}
        """
        .formatted(
            config.hidden(),
            config.layers(),
            config.heads(),
            config.intermediate(),
            config.vocabulary(),
            config.context(),
            config.rotaryShare(),
            config.rotaryBase(),
            config.normEpsilon(),
            config.parallelResidual(),
            config.attentionBias(),
            config.tiedEmbeddings());
  }

  private static float rounded(float value, DType dtype) {
    return switch (dtype) {
      case F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
      case BF16 -> Float.intBitsToFloat(Float.floatToIntBits(value) & 0xFFFF0000);
      default -> value;
    };
  }
}
