package dev.castalia.cli;

import dev.castalia.cli.text.Screen;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine.ExitCode;

/** Where the process starts. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    // What is printed is read by programs: a locale with digits of its own is to change none of it.
    Locale.setDefault(Locale.ROOT);
    StandardOutput standard =
        new StandardOutput(
            new FileOutputStream(FileDescriptor.out),
            StandardOutput::messageOfAClosedPipe,
            () -> System.exit(ExitCode.SOFTWARE));
    PrintWriter out = utf8(standard);
    PrintWriter err = utf8(new FileOutputStream(FileDescriptor.err));
    int status = CastaliaCommand.commandLine(Screen.ofProcess(), out, err).execute(arguments);
    out.flush();
    if (standard.failed()) {
      standard
          .failure()
          .ifPresent(why -> err.println("castalia: not all of it could be printed: " + why));
      status = ExitCode.SOFTWARE;
    }
    err.flush();
    System.exit(status);
  }

  /** UTF-8 whatever the locale: in the C locale Java would print a question mark for ±. */
  private static PrintWriter utf8(OutputStream to) {
    return new PrintWriter(to, true, StandardCharsets.UTF_8);
  }
}
