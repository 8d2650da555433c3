package dev.castalia.cli;

import dev.castalia.cli.command.BatchCommand;
import dev.castalia.cli.command.BenchCommand;
import dev.castalia.cli.command.CancelCommand;
import dev.castalia.cli.command.ChaosCommand;
import dev.castalia.cli.command.CheckpointsCommand;
import dev.castalia.cli.command.DemoCommand;
import dev.castalia.cli.command.DismissCommand;
import dev.castalia.cli.command.ExportCommand;
import dev.castalia.cli.command.FailuresCommand;
import dev.castalia.cli.command.FindingsCommand;
import dev.castalia.cli.command.FollowCommand;
import dev.castalia.cli.command.ImportCommand;
import dev.castalia.cli.command.KeyCommand;
import dev.castalia.cli.command.LeaderboardCommand;
import dev.castalia.cli.command.PublishCommand;
import dev.castalia.cli.command.ReportCommand;
import dev.castalia.cli.command.RetireCommand;
import dev.castalia.cli.command.RetryCommand;
import dev.castalia.cli.command.ScoreCommand;
import dev.castalia.cli.command.ScorecardCommand;
import dev.castalia.cli.command.SetupCommand;
import dev.castalia.cli.command.SweepCommand;
import dev.castalia.cli.command.TasksCommand;
import dev.castalia.cli.command.TrajectoryCommand;
import dev.castalia.cli.command.UpCommand;
import dev.castalia.cli.command.WatchCommand;
import dev.castalia.cli.text.PlainWriter;
import dev.castalia.cli.text.Screen;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line's root: what every command has, and which commands there are. */
@Command(
    name = "castalia",
    description = "A streaming evaluation mesh for language-model checkpoints.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true,
    footerHeading = "%n",
    footer = "'./castalia test' runs the tests; see 'castalia test --help'.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:failed", "2:wrong usage"},
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      SetupCommand.class,
      KeyCommand.class,
      PublishCommand.class,
      FollowCommand.class,
      RetireCommand.class,
      ImportCommand.class,
      SweepCommand.class,
      WatchCommand.class,
      CancelCommand.class,
      LeaderboardCommand.class,
      ScorecardCommand.class,
      TrajectoryCommand.class,
      FindingsCommand.class,
      ReportCommand.class,
      ExportCommand.class,
      FailuresCommand.class,
      RetryCommand.class,
      DismissCommand.class,
      TasksCommand.class,
      CheckpointsCommand.class,
      ScoreCommand.class,
      BatchCommand.class,
      BenchCommand.class,
      ChaosCommand.class
    })
public final class CastaliaCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Also print the stack trace of what went wrong.")
  private boolean verbose;

  private final Screen screen;

  private CastaliaCommand(Screen screen) {
    this.screen = screen;
  }

  /** The whole command line, ready to execute; execute returns the process's exit code. */
  public static CommandLine commandLine(Screen screen, PrintWriter out, PrintWriter err) {
    CastaliaCommand root = new CastaliaCommand(screen);
    CommandLine line =
        new CommandLine(root)
            .setOut(out)
            .setErr(new PlainWriter(err))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionStrategy(CastaliaCommand::execute);
    Errors errors = new Errors(() -> root.verbose);
    return line.setParameterExceptionHandler(errors).setExecutionExceptionHandler(errors);
  }

  /** Help may be coloured; what commands print may hold texts of others. */
  private static int execute(ParseResult parsed) {
    Integer helped = CommandLine.executeHelpRequest(parsed);
    if (helped != null) {
      return helped;
    }
    CommandLine line = parsed.commandSpec().commandLine();
    line.setOut(new PlainWriter(line.getOut()));
    return new RunLast().execute(parsed);
  }

  /** The screen of the process that a command is part of. */
  public static Screen screen(CommandSpec command) {
    return ((CastaliaCommand) command.root().userObject()).screen;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command is given");
  }
}
