package dev.castalia.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measurements of this machine. */
@Command(
    name = "bench",
    description = "Measures how fast this machine scores.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {SpeedBenchCommand.class, LogitsBenchCommand.class})
public final class BenchCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no measurement is given");
  }
}
