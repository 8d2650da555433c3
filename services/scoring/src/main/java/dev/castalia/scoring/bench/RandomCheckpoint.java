package dev.castalia.scoring.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.scoring.checkpoint.NeoxConfig;
import dev.castalia.scoring.checkpoint.NeoxTensors;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Writes a checkpoint of some shape with random weights in float32, to measure speed with. */
public final class RandomCheckpoint {

  /** The shape of pythia-70m. */
  public static final NeoxConfig PYTHIA_70M =
      new NeoxConfig(512, 6, 8, 2048, 50304, 2048, 0.25, 10_000, 1e-5f, true, true, false, 0);

  private static final double SPREAD = 0.02;

  private RandomCheckpoint() {}

  /**
   * Writes {@code config.json} and {@code model.safetensors} into a folder that exists.
   *
   * @param seed equal seeds write equal files
   */
  public static void write(Path folder, NeoxConfig config, long seed) throws IOException {
    Files.writeString(folder.resolve("config.json"), configuration(config));
    Map<String, List<Long>> shapes = NeoxTensors.shapes(config);
    byte[] header = header(shapes);
    Random random = new Random(seed);
    try (OutputStream out =
        new BufferedOutputStream(
            Files.newOutputStream(folder.resolve("model.safetensors")), 1 << 20)) {
      out.write(littleEndian(Long.BYTES).putLong(0, header.length).array());
      out.write(header);
      for (Map.Entry<String, List<Long>> tensor : shapes.entrySet()) {
        write(out, tensor.getKey(), elements(tensor.getValue()), random);
      }
    }
  }

  private static void write(OutputStream out, String name, long elements, Random random)
      throws IOException {
    boolean gain = name.endsWith("norm.weight");
    ByteBuffer chunk = littleEndian(1 << 16);
    for (long i = 0; i < elements; i++) {
      if (chunk.remaining() == 0) {
        out.write(chunk.array());
        chunk.clear();
      }
      chunk.putFloat((float) ((gain ? 1 : 0) + SPREAD * random.nextGaussian()));
    }
    out.write(chunk.array(), 0, chunk.position());
  }

  private static byte[] header(Map<String, List<Long>> shapes) throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    long offset = 0;
    for (Map.Entry<String, List<Long>> tensor : shapes.entrySet()) {
      long end = offset + elements(tensor.getValue()) * Float.BYTES;
      header.put(
          tensor.getKey(),
          Map.of("dtype", "F32", "shape", tensor.getValue(), "data_offsets", List.of(offset, end)));
      offset = end;
    }
    String json = new ObjectMapper().writeValueAsString(header);
    // Padded so that the data is aligned, as the format asks of writers.
    return (json + " ".repeat(-json.length() & 7)).getBytes(StandardCharsets.UTF_8);
  }

  private static String configuration(NeoxConfig config) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("architectures", List.of("GPTNeoXForCausalLM"));
    json.put("model_type", "gpt_neox");
    json.put("hidden_size", config.hidden());
    json.put("num_hidden_layers", config.layers());
    json.put("num_attention_heads", config.heads());
    json.put("intermediate_size", config.intermediate());
    json.put("vocab_size", config.vocabulary());
    json.put("max_position_embeddings", config.context());
    json.put("rotary_pct", config.rotaryShare());
    json.put("rotary_emb_base", config.rotaryBase());
    json.put("layer_norm_eps", config.normEpsilon());
    json.put("use_parallel_residual", config.parallelResidual());
    json.put("attention_bias", config.attentionBias());
    json.put("tie_word_embeddings", config.tiedEmbeddings());
    json.put("bos_token_id", config.prefixToken());
    json.put("torch_dtype", "float32");
    return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json);
  }

  private static long elements(List<Long> shape) {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
