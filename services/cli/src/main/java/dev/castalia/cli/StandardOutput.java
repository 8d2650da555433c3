package dev.castalia.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Knows whether all of it could be written, which a {@code PrintWriter} keeps to itself. Where the
 * reader is gone, as in {@code castalia watch --json … | head -1}, nothing is left to be done.
 */
final class StandardOutput extends OutputStream {

  private final OutputStream to;
  private final Supplier<String> noReader;
  private final Runnable readerIsGone;
  private volatile String failure;

  /**
   * @param noReader what the system says where the reader is gone
   * @param readerIsGone called from a thread of its own
   */
  StandardOutput(OutputStream to, Supplier<String> noReader, Runnable readerIsGone) {
    this.to = to;
    this.noReader = noReader;
    this.readerIsGone = readerIsGone;
  }

  /**
   * What the system says, in the language it says it in, where the other end of a pipe is closed:
   * Java passes on nothing else of the error.
   */
  static String messageOfAClosedPipe() {
    try {
      Pipe pipe = Pipe.open();
      try (Pipe.SinkChannel end = pipe.sink()) {
        pipe.source().close();
        end.write(ByteBuffer.allocate(1));
      }
      throw new IllegalStateException("a pipe without a reader was written to");
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Whether something was not written. */
  boolean failed() {
    return failure != null;
  }

  /** Why something was not written that somebody waits for, if something was not. */
  Optional<String> failure() {
    return Optional.ofNullable(failure).filter(it -> !it.equals(noReader.get()));
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
        if (failure.equals(noReader.get())) {
          Thread.ofPlatform().daemon().start(readerIsGone);
        }
      }
      throw e;
    }
  }
}
