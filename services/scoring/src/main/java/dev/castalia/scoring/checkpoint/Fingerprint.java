package dev.castalia.scoring.checkpoint;

import dev.castalia.scoring.CheckpointException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Names the weights by their content: SHA-256 over the SHA-256s of the tensors, in order of their
 * names, each with name, type and shape. So the same weights have one fingerprint in whatever files
 * and order they lie, with whatever metadata; another element type is another fingerprint, since
 * rounding makes them other weights.
 */
public final class Fingerprint {

  private static final int CHUNK = 1 << 20;

  private Fingerprint() {}

  /**
   * 64 hexadecimal digits. Streams every byte once, several tensors at a time where there are
   * processors for it, in bounded memory.
   *
   * @throws CheckpointException if a file cannot be read
   */
  public static String of(Weights weights) {
    List<StoredTensor> tensors = weights.all();
    Map<String, byte[]> contents = contents(tensors);
    MessageDigest digest = sha256();
    for (StoredTensor tensor : tensors) {
      String head = tensor.name() + "\n" + tensor.dtype() + "\n" + tensor.shape() + "\n";
      digest.update(head.getBytes(StandardCharsets.UTF_8));
      digest.update(contents.get(tensor.name()));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Whether two tensors of other names are the same weights. Streams every byte of both.
   *
   * @throws CheckpointException if a file cannot be read
   */
  static boolean same(StoredTensor one, StoredTensor other) {
    Map<String, byte[]> contents = contents(List.of(one, other));
    return one.dtype() == other.dtype()
        && one.shape().equals(other.shape())
        && Arrays.equals(contents.get(one.name()), contents.get(other.name()));
  }

  private static Map<String, byte[]> contents(List<StoredTensor> tensors) {
    Map<Path, List<StoredTensor>> byFile =
        tensors.stream().collect(Collectors.groupingBy(StoredTensor::file));
    Map<String, byte[]> contents = new HashMap<>();
    byFile.forEach(
        (file, stored) -> {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            contents.putAll(
                stored.parallelStream()
                    .collect(
                        Collectors.toConcurrentMap(
                            StoredTensor::name, tensor -> content(channel, tensor))));
          } catch (UncheckedIOException e) {
            throw CheckpointException.unreadable(file, e.getCause());
          } catch (IOException e) {
            throw CheckpointException.unreadable(file, e);
          }
        });
    return contents;
  }

  private static byte[] content(FileChannel channel, StoredTensor tensor) {
    MessageDigest digest = sha256();
    long left = tensor.length();
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, left));
    try {
      while (left > 0) {
        chunk.clear().limit((int) Math.min(chunk.capacity(), left));
        int read = channel.read(chunk, tensor.offset() + tensor.length() - left);
        if (read < 0) {
          throw new EOFException("ended inside of tensor " + tensor.name());
        }
        digest.update(chunk.flip());
        left -= read;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
