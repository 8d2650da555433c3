package dev.castalia.scoring.source;

import java.nio.file.Path;

/**
 * A checkpoint's folder. If it is in the cache of a hub, it stays there until this is closed, once.
 */
public record HeldFolder(Path path, Runnable release) implements AutoCloseable {

  /** One that nobody removes. */
  static HeldFolder of(Path path) {
    return new HeldFolder(path, () -> {});
  }

  @Override
  public void close() {
    release.run();
  }
}
