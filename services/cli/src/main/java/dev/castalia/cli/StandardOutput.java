package dev.castalia.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Knows whether all of it could be written, which a {@code PrintWriter} keeps to itself. Where the
 * reader is gone, as in {@code castalia watch --json … | head -1}, nothing is left to be done.
 */
final class StandardOutput extends OutputStream {

  /** What the system says where the other end of a pipe is closed. */
  static final String NO_READER = "Broken pipe";

  private final OutputStream to;
  private final Runnable readerIsGone;
  private volatile String failure;

  /**
   * @param readerIsGone called from a thread of its own
   */
  StandardOutput(OutputStream to, Runnable readerIsGone) {
    this.to = to;
    this.readerIsGone = readerIsGone;
  }

  /** Why something was not written, if something was not. */
  Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public void write(int oneByte) throws IOException {
    write(new byte[] {(byte) oneByte});
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      to.write(bytes, from, length);
    } catch (IOException e) {
      if (failure == null) {
        failure = String.valueOf(e.getMessage());
        if (NO_READER.equals(failure)) {
          Thread.ofPlatform().daemon().start(readerIsGone);
        }
      }
      throw e;
    }
  }
}
