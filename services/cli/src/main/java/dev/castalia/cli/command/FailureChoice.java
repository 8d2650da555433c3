package dev.castalia.cli.command;

import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Arguments that tell which failures are meant; for an argument group of which one is given. */
final class FailureChoice {

  @Parameters(
      paramLabel = "FAILURE",
      description = "Key of a failure, as 'castalia failures --json' gives it.")
  private String failure;

  @Option(names = "--sweep", description = "All that failed of what this sweep wants.")
  private String sweep;

  @Option(names = "--all", description = "All that failed.")
  private boolean all;

  @ArgGroup(exclusive = false, multiplicity = "1")
  private FailureMatch matching;

  Optional<String> sweep() {
    return Optional.ofNullable(sweep);
  }

  /** Query parameters of the gateway. */
  Map<String, String> filters() {
    return failure != null
        ? Map.of("failure", failure)
        : matching != null ? matching.filters() : Map.of();
  }
}
