package dev.castalia.cli.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What options of several commands have in common, and checks that the parser does not make. */
final class Options {

  static final String STEPS =
      "Which of their steps: all, log (0, 2^k, 1000·2^k), every:N, A..B, or numbers such as"
          + " 0,512,1000; all unless given.";

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
