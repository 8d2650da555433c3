package dev.castalia.scorer;

import java.net.URI;
import java.nio.file.Path;

/** Where events say that files are: a path, or a file URI. */
final class Locations {

  private Locations() {}

  static Path path(String location) {
    return location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location);
  }
}
