package dev.castalia.scoring.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes safetensors files, right ones and wrong ones. */
final class SafetensorsFile {

  private record Entry(String name, String dtype, List<Long> shape, byte[] bytes) {}

  private final List<Entry> entries = new ArrayList<>();
  private String metadata = "";

  public SafetensorsFile tensor(String name, DType dtype, List<Long> shape, float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (dtype) {
        case F32 -> bytes.putFloat(value);
        case F16 -> bytes.putShort(Float.floatToFloat16(value));
        case BF16 -> bytes.putShort((short) (Float.floatToIntBits(value) >>> 16));
        default -> throw new IllegalArgumentException(dtype.toString());
      }
    }
    return tensor(name, dtype.name(), shape, bytes.array());
  }

  public SafetensorsFile tensor(String name, String dtype, List<Long> shape, byte[] bytes) {
    entries.add(new Entry(name, dtype, shape, bytes));
    return this;
  }

  public SafetensorsFile metadata(String key, String value) {
    metadata = "\"__metadata__\": {\"" + key + "\": \"" + value + "\"}, ";
    return this;
  }

  public Path write(Path file) {
    StringBuilder header = new StringBuilder("{").append(metadata);
    int size = entries.stream().mapToInt(entry -> entry.bytes().length).sum();
    ByteBuffer data = ByteBuffer.allocate(size);
    List<String> tensors = new ArrayList<>();
    for (Entry entry : entries) {
      int from = data.position();
      data.put(entry.bytes());
      tensors.add(
          "\"%s\": {\"dtype\": \"%s\", \"shape\": [%s], \"data_offsets\": [%d, %d]}"
              .formatted(
                  entry.name(),
                  entry.dtype(),
                  entry.shape().stream().map(String::valueOf).collect(Collectors.joining(",")),
                  from,
                  data.position()));
    }
    return write(
        file, header.append(String.join(", ", tensors)).append("}").toString(), data.array());
  }

  public static Path write(Path file, String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json).put(data);
    try {
      return Files.write(file, bytes.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
