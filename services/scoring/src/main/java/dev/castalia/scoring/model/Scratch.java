package dev.castalia.scoring.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/** A direct buffer that grows and is used again: the runtime reads direct memory in place. */
final class Scratch {

  private ByteBuffer bytes = direct(1 << 14);

  /** The first {@code count} places; what they held is lost. */
  IntBuffer ints(int count) {
    return grown(count).asIntBuffer().limit(count);
  }

  /** The first {@code count} places; what they held is lost. */
  FloatBuffer floats(int count) {
    return grown(count).asFloatBuffer().limit(count);
  }

  /** The first {@code count} places; what they held is lost. */
  LongBuffer longs(int count) {
    return grown(2 * count).asLongBuffer().limit(count);
  }

  private ByteBuffer grown(int count) {
    if (bytes.capacity() / Integer.BYTES < count) {
      bytes = direct(Math.multiplyExact(Integer.highestOneBit(count) * 2, Integer.BYTES));
    }
    return bytes;
  }

  private static ByteBuffer direct(int size) {
    return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
  }
}
