package dev.castalia.scoring.checkpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a tensor's bytes lie: little-endian, row-major, contiguous.
 *
 * @param file the real file, symbolic links resolved
 * @param offset of the first byte, from the beginning of the file
 * @param length in bytes
 */
public record StoredTensor(
    String name, Path file, long offset, long length, DType dtype, List<Long> shape) {

  public StoredTensor {
    shape = List.copyOf(shape);
  }

  public long elements() {
    return length / dtype.bytes();
  }
}
