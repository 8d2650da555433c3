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

  /** The tasks that Pythia's authors evaluated beside the harness's. */
  public static Path pythiaTasks() {
    return ROOT.resolve("services/cli/tasks/pythia").toAbsolutePath().normalize();
  }

  /** Data for these, and what transformers makes of it: {@code expected.py}. */
  public static Path pythiaData() {
    return ROOT.resolve("services/cli/src/test/resources/pythia").toAbsolutePath().normalize();
  }

  /** The results that EleutherAI published of Pythia; without them the test is skipped. */
  public static Path pythiaEvals() {
    String shared = System.getenv("CASTALIA_SHARED");
    Path evals =
        (shared == null ? ROOT.resolve("../shared") : Path.of(shared))
            .resolve("data/pythia-evals")
            .toAbsolutePath()
            .normalize();
    assumeThat(Files.isDirectory(evals))
        .as("Pythia's results at %s (CASTALIA_SHARED names the folder above data)", evals)
        .isTrue();
    return evals;
  }
}
