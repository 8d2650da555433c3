package dev.castalia.cli.mesh;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.castalia.cli.gateway.CheckpointEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Copies of a trained checkpoint, some of them damaged in one way each. */
record Damaged(Path source, Path folder, Path tokenizer) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WEIGHTS = "model.safetensors";
  private static final String CONFIG = "config.json";

  /** An exact copy. */
  CheckpointEntry sound(String model) throws IOException {
    Path copy = Files.createDirectories(folder.resolve(model).resolve("step1"));
    for (String file : List.of(CONFIG, WEIGHTS)) {
      Files.copy(source.resolve(file), copy.resolve(file));
    }
    return entry(model, copy);
  }

  CheckpointEntry absent(String model) {
    return entry(model, folder.resolve(model).resolve("step1"));
  }

  CheckpointEntry cutInHalf(String model) throws IOException {
    return weights(model, bytes -> Arrays.copyOf(bytes, bytes.length / 2));
  }

  CheckpointEntry headerPastTheEnd(String model) throws IOException {
    return weights(
        model,
        bytes -> {
          ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, bytes.length * 2L);
          return bytes;
        });
  }

  CheckpointEntry tensorPastTheEnd(String model) throws IOException {
    return header(
        model,
        header -> {
          ArrayNode offsets = offsets(header, "embed_out.weight");
          long length = offsets.get(1).asLong() - offsets.get(0).asLong();
          offsets.set(0, 900_000_000L).set(1, 900_000_000L + length);
        });
  }

  CheckpointEntry overlapping(String model) throws IOException {
    return header(
        model,
        header -> {
          ArrayNode before = offsets(header, "gpt_neox.layers.0.input_layernorm.weight");
          offsets(header, "gpt_neox.layers.0.input_layernorm.bias")
              .set(0, before.get(0).asLong())
              .set(1, before.get(1).asLong());
        });
  }

  CheckpointEntry ofAnotherShape(String model) throws IOException {
    return config(model, config -> config.put("intermediate_size", 96));
  }

  CheckpointEntry ofAnotherArchitecture(String model) throws IOException {
    return config(model, config -> config.put("model_type", "llama"));
  }

  /** All weights NaN, in float16. */
  CheckpointEntry notNumbers(String model) throws IOException {
    return weights(
        model,
        bytes -> {
          ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
          for (int at = 8 + (int) all.getLong(0); at < bytes.length; at += Short.BYTES) {
            all.putShort(at, (short) 0x7e00);
          }
          return bytes;
        });
  }

  private CheckpointEntry weights(String model, UnaryOperator<byte[]> damage) throws IOException {
    CheckpointEntry entry = sound(model);
    Path file = Path.of(entry.location(), WEIGHTS);
    Files.write(file, damage.apply(Files.readAllBytes(file)));
    return entry;
  }

  private CheckpointEntry header(String model, Consumer<ObjectNode> damage) throws IOException {
    return weights(
        model,
        bytes -> {
          int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
          try {
            ObjectNode header =
                (ObjectNode)
                    JSON.readTree(new String(bytes, Long.BYTES, length, StandardCharsets.UTF_8));
            damage.accept(header);
            byte[] changed = JSON.writeValueAsBytes(header);
            return ByteBuffer.allocate(bytes.length - length + changed.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(changed.length)
                .put(changed)
                .put(bytes, Long.BYTES + length, bytes.length - Long.BYTES - length)
                .array();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private CheckpointEntry config(String model, Consumer<ObjectNode> damage) throws IOException {
    CheckpointEntry entry = sound(model);
    Path file = Path.of(entry.location(), CONFIG);
    ObjectNode config = (ObjectNode) JSON.readTree(Files.readAllBytes(file));
    damage.accept(config);
    Files.write(file, JSON.writeValueAsBytes(config));
    return entry;
  }

  private static ArrayNode offsets(ObjectNode header, String tensor) {
    return (ArrayNode) header.required(tensor).required("data_offsets");
  }

  private CheckpointEntry entry(String model, Path location) {
    return new CheckpointEntry(
        model,
        "step1",
        1,
        4096,
        74_624,
        null,
        "standard",
        null,
        "en",
        null,
        null,
        null,
        tokenizer.toString(),
        location.toString());
  }
}
