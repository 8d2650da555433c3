package dev.castalia.topology.twins;

import dev.castalia.events.CheckpointPublished;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Publications inside a record of the topology's state, whose schema does not know of events. */
public final class Publications {

  private Publications() {}

  static ByteBuffer encode(CheckpointPublished checkpoint) {
    try {
      return checkpoint.toByteBuffer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static CheckpointPublished decode(ByteBuffer bytes) {
    try {
      return CheckpointPublished.fromByteBuffer(bytes.duplicate());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
