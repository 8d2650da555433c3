package dev.castalia.scoring.checkpoint;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** One small model in every form; see README.md in the tests' resources. */
public final class Formats {

  private Formats() {}

  /**
   * @param dtype f32, f16 or bf16
   * @param form safetensors, torch; for f32 also safetensors-shards, torch-shards
   */
  public static Path folder(String dtype, String form) {
    try {
      return Path.of(Formats.class.getResource("/formats").toURI()).resolve(dtype).resolve(form);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A copy to do damage to. */
  public static Path copy(String dtype, String form, Path into) throws IOException {
    Files.createDirectories(into);
    List<Path> files;
    try (Stream<Path> inside = Files.list(folder(dtype, form))) {
      files = inside.toList();
    }
    for (Path file : files) {
      Files.copy(file, into.resolve(file.getFileName().toString()));
    }
    return into;
  }
}
