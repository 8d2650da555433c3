package dev.castalia.cli.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks of options that the parser does not make. */
final class Options {

  private Options() {}

  /**
   * @param value null where it was not given
   * @throws ParameterException if the value is lower
   */
  static void atLeast(CommandSpec spec, String option, Integer value, int least) {
    if (value != null && value < least) {
      throw new ParameterException(
          spec.commandLine(), "%s is %d: give at least %d".formatted(option, value, least));
    }
  }
}
