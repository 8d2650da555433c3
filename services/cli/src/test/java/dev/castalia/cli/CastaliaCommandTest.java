package dev.castalia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.cli.text.Screen;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class CastaliaCommandTest {

  static Stream<String> commands() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    List<String> names = new ArrayList<>();
    collect("", CastaliaCommand.commandLine(Screen.NONE, nowhere, nowhere), names);
    return names.stream();
  }

  private static void collect(String before, CommandLine command, List<String> names) {
    command
        .getSubcommands()
        .forEach(
            (name, sub) -> {
              names.add(before + name);
              collect(before + name + " ", sub, names);
            });
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelpWithItsExitCodes(String command) {
    Execution help = Execution.of((command + " --help").split(" "));

    assertThat(help.status()).isZero();
    assertThat(help.out())
        .startsWith("Usage: castalia " + command)
        .contains("Exit codes:", "0   done", "1   failed", "2   wrong usage");
    assertThat(help.err()).isEmpty();
  }

  @Test
  void helpNamesTheCommands() {
    assertThat(Execution.of("--help").out())
        .contains("publish", "sweep", "watch", "leaderboard", "scorecard", "score");
  }

  @Test
  void helpKeepsItsColours() {
    StringWriter out = new StringWriter();

    CastaliaCommand.commandLine(
            Screen.NONE, new PrintWriter(out), new PrintWriter(Writer.nullWriter()))
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.ON))
        .execute("--help");

    assertThat(out.toString()).contains("\033[1mcastalia");
  }

  @Test
  void versionIsPrinted() {
    Execution version = Execution.of("--version");

    assertThat(version.status()).isZero();
    assertThat(version.outLines().getFirst()).startsWith("castalia ");
  }

  @Test
  void noCommandIsWrongUsage() {
    Execution nothing = Execution.of();

    assertThat(nothing.status()).isEqualTo(2);
    assertThat(nothing.errLines())
        .containsExactly("castalia: no command is given; see 'castalia --help'");
  }

  @Test
  void aMistypedCommandIsWrongUsageAndNamesTheLikelyOne() {
    Execution mistyped = Execution.of("leaderbord", "nano_sum");

    assertThat(mistyped.status()).isEqualTo(2);
    assertThat(mistyped.errLines())
        .singleElement()
        .asString()
        .contains("'leaderbord'", "did you mean leaderboard?");
  }

  @Test
  void anUnknownOptionIsWrongUsage() {
    Execution unknown = Execution.of("watch", "s", "--jsn");

    assertThat(unknown.status()).isEqualTo(2);
    assertThat(unknown.errLines()).singleElement().asString().contains("--jsn", "castalia watch");
  }

  @Test
  void aGatewayThatIsNoUrlIsWrongUsage() {
    Execution wrong = Execution.of("tasks", "--gateway", "localhost:8080");

    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.errLines())
        .singleElement()
        .asString()
        .contains("--gateway is 'localhost:8080'", "http://localhost:8080");
  }

  @Test
  void aGatewayThatIsNotThereIsNamedWithTheWayToStartOne() {
    RecordingGateway gone = new RecordingGateway();
    gone.close();

    Execution away = Execution.against(gone, "tasks");

    assertThat(away.status()).isEqualTo(1);
    assertThat(away.errLines())
        .containsExactly(
            "castalia: no gateway answers at %s: start one with 'castalia up', or name another with --gateway URL or CASTALIA_GATEWAY"
                .formatted(gone.url()));
  }

  @Test
  void whatTheGatewayRefusesIsOneLine() {
    try (RecordingGateway gateway = new RecordingGateway()) {
      gateway.refuses("GET /scorecards/a@b", 404, "There is no checkpoint \\\"a@b\\\".");

      Execution refused = Execution.against(gateway, "scorecard", "a@b");

      assertThat(refused.status()).isEqualTo(1);
      assertThat(refused.errLines()).containsExactly("castalia: There is no checkpoint \"a@b\".");
      assertThat(refused.out()).isEmpty();
    }
  }

  @Test
  void aTerminalObeysNothingOfAnError() {
    try (RecordingGateway gateway = new RecordingGateway()) {
      gateway.refuses("GET /scorecards/a@b", 404, "\\u001b[2J");

      assertThat(Execution.against(gateway, "scorecard", "a@b").errLines())
          .containsExactly("castalia: \uFFFD[2J");
    }
  }

  @Test
  void theGatewayIsShownTheKeyAndAKeyIsAskedForWhereItWantsOne() {
    try (RecordingGateway gateway = new RecordingGateway()) {
      gateway.refuses("GET /tasks", 401, "This is for readers.");

      Execution without = Execution.against(gateway, "tasks");
      Execution with = Execution.against(gateway, "tasks", "--api-key", "secret");

      assertThat(gateway.asked())
          .extracting(RecordingGateway.Asked::apiKey)
          .containsExactly(null, "secret");
      assertThat(without.err()).contains("--api-key or CASTALIA_API_KEY");
      assertThat(with.err()).contains("does not let this key in").doesNotContain("secret");
    }
  }

  @Test
  void theEndOfTheLineThatAKeyWasReadFromIsNotPartOfIt() {
    try (RecordingGateway gateway = new RecordingGateway()) {
      gateway.answers("GET /tasks", "{\"tasks\": [], \"total\": 0}");

      Execution.against(gateway, "tasks", "--api-key", "secret\r\n");

      assertThat(gateway.asked().getLast().apiKey()).isEqualTo("secret");
    }
  }

  @Test
  void aKeyThatCannotBeOneIsWrongUsageAndNotShown() {
    Execution asked = Execution.of("tasks", "--api-key", "sec\nret");

    assertThat(asked.status()).isEqualTo(2);
    assertThat(asked.err()).contains("--api-key or CASTALIA_API_KEY").doesNotContain("ret\"");
  }

  @Test
  void aKeyIsMadeWithTheLineThatHoldsItsHash() throws GeneralSecurityException {
    Execution made = Execution.of("key", "ada", "--role", "producer");

    String key = made.err().strip().replaceAll(".* ", "");
    assertThat(Base64.getUrlDecoder().decode(key)).hasSize(32);
    assertThat(made.outLines())
        .containsExactly(
            "ada producer "
                + HexFormat.of()
                    .formatHex(
                        MessageDigest.getInstance("SHA-256")
                            .digest(key.getBytes(StandardCharsets.UTF_8))));
    assertThat(Execution.of("key", "a b", "--role", "producer").status()).isEqualTo(2);
    assertThat(Execution.of("key", "ada", "--role", "boss").status()).isEqualTo(2);
  }

  @Test
  void aServerThatIsNoGatewayIsNamed() {
    try (RecordingGateway gateway = new RecordingGateway()) {
      gateway.answers("GET /tasks", 200, "text/html", "<html>hello</html>");

      Execution answered = Execution.against(gateway, "tasks");

      assertThat(answered.status()).isEqualTo(1);
      assertThat(answered.errLines())
          .singleElement()
          .asString()
          .contains(gateway.url(), "does not seem to be a gateway", "--gateway");
    }
  }

  @Test
  void withVerboseTheStackTraceFollows() {
    try (RecordingGateway gateway = new RecordingGateway()) {
      gateway.refuses("GET /scorecards/a@b", 404, "There is none.");

      Execution refused = Execution.against(gateway, "scorecard", "a@b", "--verbose");

      assertThat(refused.status()).isEqualTo(1);
      assertThat(refused.errLines()).startsWith("castalia: There is none.");
      assertThat(refused.err()).contains("\tat dev.castalia.cli.gateway.GatewayClient");
    }
  }

  @Test
  void aDefectIsCalledOneAndItsTraceIsInAFile() {
    try (RecordingGateway gateway = new RecordingGateway()) {
      // A board without entries is more than the gateway promises never to send.
      gateway.answers("GET /leaderboards/nano_sum", "{}");

      Execution defect = Execution.against(gateway, "leaderboard", "nano_sum");

      assertThat(defect.status()).isEqualTo(1);
      assertThat(defect.errLines())
          .singleElement()
          .asString()
          .startsWith("castalia: unexpected error, a defect of Castalia: ");
      Path trace = Path.of(defect.err().replaceAll("(?s).*its trace is in (\\S+):.*", "$1"));
      assertThat(trace).content().contains("NullPointerException", "\tat dev.castalia.cli");
      assertThat(trace.toFile().delete()).isTrue();
    }
  }
}
