package dev.castalia.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Takes in what others measured. */
@Command(
    name = "import",
    description = "Takes in what others measured, to stand beside Castalia's own scores.",
    subcommands = ImportHarnessCommand.class,
    synopsisSubcommandLabel = "FORMAT")
public final class ImportCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no format is given: lm-eval is one");
  }
}
