package dev.castalia.cli;

import dev.castalia.scoring.ScoringException;
import dev.castalia.scoring.catalog.Catalog.CatalogException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The one place that turns what went wrong into a line for the person and an exit code: 2 for wrong
 * usage, 1 for everything else.
 */
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {

  private final BooleanSupplier verbose;

  /**
   * @param verbose whether stack traces are wanted
   */
  Errors(BooleanSupplier verbose) {
    this.verbose = verbose;
  }

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(
        "castalia: %s%s; see '%s --help'"
            .formatted(
                line(e.getMessage()), didYouMean(e), command.getCommandSpec().qualifiedName()));
    trace(e, err);
    return ExitCode.USAGE;
  }

  private static String didYouMean(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      return "";
    }
    List<String> suggestions = unmatched.getSuggestions();
    return suggestions.isEmpty()
        ? ""
        : "; did you mean " + String.join(", ", suggestions.subList(0, 1)) + "?";
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed)
      throws IOException {
    PrintWriter err = command.getErr();
    command.getOut().flush();
    if (e instanceof CommandException
        || e instanceof ScoringException
        || e instanceof CatalogException) {
      err.println("castalia: " + line(e.getMessage()));
      trace(e, err);
    } else {
      Path file = Files.createTempFile("castalia-error-", ".log");
      try (PrintWriter log = new PrintWriter(Files.newBufferedWriter(file))) {
        e.printStackTrace(log);
      }
      err.println(
          "castalia: unexpected error, a defect of Castalia: %s; its trace is in %s: please report it"
              .formatted(line(e.toString()), file));
      trace(e, err);
    }
    return ExitCode.SOFTWARE;
  }

  private void trace(Exception e, PrintWriter err) {
    if (verbose.getAsBoolean()) {
      e.printStackTrace(err);
    }
  }

  private static String line(String message) {
    return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
