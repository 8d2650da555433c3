package dev.castalia.cli;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;

/** The nano suites that tests read. */
public final class Suites {

  private static final Path ROOT = Path.of(System.getProperty("castalia.root", "../.."));

  private Suites() {}

  /** The part that the project brings along. */
  public static Path bundled() {
    return ROOT.resolve("services/cli/suites/nano").toAbsolutePath().normalize();
  }

  /** All of it; without it the test is skipped. */
  public static Path whole() {
    String shared = System.getenv("CASTALIA_SHARED");
    Path suite =
        (shared == null ? ROOT.resolve("../shared") : Path.of(shared))
            .resolve("suites/nano")
            .toAbsolutePath()
            .normalize();
    assumeThat(Files.isDirectory(suite))
        .as("the whole nano suite at %s (CASTALIA_SHARED names the folder above suites)", suite)
        .isTrue();
    return suite;
  }
}
