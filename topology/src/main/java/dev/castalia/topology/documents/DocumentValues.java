package dev.castalia.topology.documents;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The values of documents in few bytes: a bit each where all are 0 or 1, as whether an answer is
 * right, else a float each. They serve differences of two models alone; aggregates are of the
 * doubles.
 */
public final class DocumentValues {

  /**
   * Values that are kept of a checkpoint on a task, over all metrics: a record then fits into
   * Kafka's usual megabyte, even if all are floats with weights.
   */
  private static final int MOST = 100_000;

  /** Of no values. */
  public static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private static final byte BITS = 1;
  private static final byte FLOATS = 2;

  private DocumentValues() {}

  /**
   * Whether the values up to that document are few enough to be kept. Of tasks with more none are
   * compared.
   *
   * @param metrics of the task
   */
  public static boolean areKept(int documents, int metrics) {
    return (long) documents * metrics <= MOST;
  }

  public static ByteBuffer pack(double[] values) {
    if (values.length == 0) {
      return NONE;
    }
    return Arrays.stream(values).allMatch(it -> it == 0 || it == 1) ? bits(values) : floats(values);
  }

  private static ByteBuffer bits(double[] values) {
    byte[] bytes = new byte[1 + (values.length + 7) / 8];
    bytes[0] = BITS;
    for (int i = 0; i < values.length; i++) {
      if (values[i] == 1) {
        bytes[1 + i / 8] |= (byte) (1 << i % 8);
      }
    }
    return ByteBuffer.wrap(bytes);
  }

  private static ByteBuffer floats(double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(1 + Float.BYTES * values.length).put(FLOATS);
    for (double value : values) {
      bytes.putFloat((float) value);
    }
    return bytes.flip();
  }

  /**
   * @param count how many were packed
   */
  public static double[] unpack(ByteBuffer packed, int count) {
    double[] values = new double[packed.hasRemaining() ? count : 0];
    if (values.length > 0) {
      int start = packed.position();
      boolean areBits = packed.get(start) == BITS;
      for (int i = 0; i < count; i++) {
        values[i] =
            areBits
                ? packed.get(start + 1 + i / 8) >> i % 8 & 1
                : packed.getFloat(start + 1 + Float.BYTES * i);
      }
    }
    return values;
  }
}
