package dev.castalia.scoring.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.SmallJson;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the header of a safetensors file: 8 bytes of little-endian header length, a JSON object of
 * {@code name: {dtype, shape, data_offsets}}, then the tensors' bytes. Only the header is read;
 * memory is bounded by {@link #MAX_HEADER} and {@link SmallJson}.
 *
 * <p>Strict as the format's own reader is: every byte after the header belongs to exactly one
 * tensor, so a cut, padded or spliced file is an error and not a silently wrong model.
 */
final class Safetensors {

  /** The format's own limit on a header, in bytes. */
  public static final int MAX_HEADER = 100_000_000;

  private static final String METADATA = "__metadata__";
  private static final String DAMAGED = "; the file is damaged: fetch it again";

  private static final SmallJson JSON = SmallJson.strict();

  private final Path file;

  private Safetensors(Path file) {
    this.file = file;
  }

  /**
   * The tensors of one file.
   *
   * @throws CheckpointException if the file is not a whole, consistent safetensors file
   */
  public static Weights read(Path file) {
    try {
      Path real = file.toRealPath();
      return new Safetensors(real).read();
    } catch (IOException e) {
      throw CheckpointException.unreadable(file, e);
    }
  }

  private Weights read() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < Long.BYTES) {
        throw new CheckpointException(file + ": only " + size + " bytes long" + DAMAGED);
      }
      ByteBuffer prefix = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      readFully(channel, prefix, 0);
      long headerLength = prefix.getLong(0);
      if (headerLength < 2 || headerLength > MAX_HEADER || headerLength > size - Long.BYTES) {
        throw new CheckpointException(
            "%s: header of %s bytes in a file of %d (at most %d)%s"
                .formatted(file, Long.toUnsignedString(headerLength), size, MAX_HEADER, DAMAGED));
      }
      ByteBuffer header = ByteBuffer.allocate((int) headerLength);
      readFully(channel, header, Long.BYTES);
      return new Weights(file, tensors(parse(header.array()), Long.BYTES + headerLength, size));
    }
  }

  private JsonNode parse(byte[] header) throws IOException {
    JsonNode json;
    try {
      json = JSON.read(file, header, JsonNode.class);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          file + ": header is not JSON (" + e.getOriginalMessage() + ")" + DAMAGED, e);
    }
    if (!json.isObject()) {
      throw new CheckpointException(file + ": header is not a JSON object" + DAMAGED);
    }
    return json;
  }

  private SortedMap<String, StoredTensor> tensors(JsonNode header, long dataStart, long fileSize) {
    SortedMap<String, StoredTensor> tensors = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (!entry.getKey().equals(METADATA)) {
        tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue(), dataStart, fileSize));
      }
    }
    checkThatTensorsTileTheData(tensors, dataStart, fileSize);
    return tensors;
  }

  private StoredTensor tensor(String name, JsonNode json, long dataStart, long fileSize) {
    DType dtype = dtype(name, json.path("dtype"));
    List<Long> shape = longs(name, "shape", json.path("shape"));
    List<Long> offsets = longs(name, "data_offsets", json.path("data_offsets"));
    if (offsets.size() != 2
        || offsets.get(0) > offsets.get(1)
        || offsets.get(1) > fileSize - dataStart) {
      throw new CheckpointException(
          "%s: tensor %s lies at %s of %d bytes of data; the file was cut or its header is wrong:"
                  .formatted(file, name, offsets, fileSize - dataStart)
              + " fetch it again");
    }
    long length = offsets.get(1) - offsets.get(0);
    long wanted = dtype.bytes();
    try {
      for (long extent : shape) {
        wanted = Math.multiplyExact(wanted, extent);
      }
    } catch (ArithmeticException e) {
      wanted = -1;
    }
    if (length != wanted) {
      throw new CheckpointException(
          "%s: tensor %s of type %s and shape %s has %d bytes%s"
              .formatted(file, name, dtype, shape, length, DAMAGED));
    }
    return new StoredTensor(name, file, dataStart + offsets.get(0), length, dtype, shape);
  }

  private DType dtype(String name, JsonNode json) {
    try {
      return DType.valueOf(json.asText());
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          "%s: tensor %s has dtype %s, which is unknown; convert the file to F32, F16 or BF16"
              .formatted(file, name, json),
          e);
    }
  }

  private List<Long> longs(String name, String key, JsonNode json) {
    List<Long> values = new ArrayList<>();
    for (JsonNode value : json) {
      if (!value.canConvertToLong() || !value.isIntegralNumber() || value.asLong() < 0) {
        break;
      }
      values.add(value.asLong());
    }
    if (!json.isArray() || values.size() != json.size()) {
      throw new CheckpointException(
          "%s: tensor %s has %s %s, wanted whole numbers from 0%s"
              .formatted(file, name, key, json, DAMAGED));
    }
    return values;
  }

  private void checkThatTensorsTileTheData(
      SortedMap<String, StoredTensor> tensors, long dataStart, long fileSize) {
    List<StoredTensor> byOffset = new ArrayList<>(tensors.values());
    byOffset.sort(
        Comparator.comparingLong(StoredTensor::offset).thenComparingLong(StoredTensor::length));
    long end = dataStart;
    String before = "the header";
    for (StoredTensor tensor : byOffset) {
      if (tensor.offset() != end) {
        throw new CheckpointException(
            "%s: tensor %s begins at byte %d, but %s ends at byte %d%s"
                .formatted(file, tensor.name(), tensor.offset(), before, end, DAMAGED));
      }
      end += tensor.length();
      before = "tensor " + tensor.name();
    }
    if (end != fileSize) {
      throw new CheckpointException(
          "%s: %s ends at byte %d of %d%s".formatted(file, before, end, fileSize, DAMAGED));
    }
  }

  private void readFully(FileChannel channel, ByteBuffer into, long position) throws IOException {
    while (into.hasRemaining()) {
      int read = channel.read(into, position + into.position());
      if (read < 0) {
        throw new EOFException("ended at byte " + (position + into.position()));
      }
    }
  }
}
