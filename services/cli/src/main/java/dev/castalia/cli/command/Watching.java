package dev.castalia.cli.command;

import dev.castalia.cli.CastaliaCommand;
import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.gateway.SweepProgress;
import dev.castalia.cli.progress.ProgressDisplay;
import dev.castalia.cli.progress.SweepWatch;
import java.io.PrintWriter;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/** What {@code watch} and {@code sweep --watch} have in common. */
record Watching(CommandSpec spec, boolean json) {

  /**
   * Shows a sweep until it is over.
   *
   * @return 0 when everything is scored
   * @throws CommandException if something failed, or the sweep was cancelled
   */
  int watch(SweepWatch watch) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    SweepProgress end =
        json
            ? watch.each(
                progress -> {
                  out.println(Json.line(progress));
                  out.flush();
                })
            : watch.show(new ProgressDisplay(out, CastaliaCommand.screen(spec), SweepWatch.UNIT));
    if (end.cancelled()) {
      throw new CommandException(
          "sweep %s was cancelled after %d of %d units"
              .formatted(end.sweep(), end.done(), end.planned()));
    }
    if (end.failed() > 0) {
      throw new CommandException(
          "%d of %d units of sweep %s failed: see 'castalia failures --sweep %s'"
              .formatted(end.failed(), end.planned(), end.sweep(), end.sweep()));
    }
    return ExitCode.OK;
  }
}
