package dev.castalia.cli;

import dev.castalia.cli.text.Screen;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Where the process starts. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    // UTF-8 whatever the locale: in the C locale Java would print a question mark for ±.
    PrintWriter out = utf8(FileDescriptor.out);
    PrintWriter err = utf8(FileDescriptor.err);
    int status = CastaliaCommand.commandLine(Screen.ofProcess(), out, err).execute(arguments);
    out.flush();
    err.flush();
    System.exit(status);
  }

  private static PrintWriter utf8(FileDescriptor to) {
    return new PrintWriter(new FileOutputStream(to), true, StandardCharsets.UTF_8);
  }
}
