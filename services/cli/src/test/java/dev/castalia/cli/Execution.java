package dev.castalia.cli;

import dev.castalia.cli.text.Screen;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** A command that was executed without a terminal: its exit code, and what it printed where. */
public record Execution(int status, String out, String err) {

  public static Execution of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        CastaliaCommand.commandLine(
                Screen.NONE, new PrintWriter(out, true), new PrintWriter(err, true))
            .execute(arguments);
    return new Execution(status, out.toString(), err.toString());
  }

  /** The same, talking to this gateway. */
  public static Execution against(RecordingGateway gateway, String... arguments) {
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--gateway";
    all[arguments.length + 1] = gateway.url();
    return of(all);
  }

  public List<String> outLines() {
    return out.lines().toList();
  }

  public List<String> errLines() {
    return err.lines().toList();
  }
}
