package dev.castalia.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.cli.Execution;
import dev.castalia.cli.RecordingGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {

  private final RecordingGateway gateway = new RecordingGateway();

  @TempDir private Path folder;

  @BeforeEach
  void scores() {
    gateway.answers(
        "GET /leaderboards",
        """
        {"leaderboards": [{"task": "lambada_openai", "version": "0", "shots": 0, "dtype": "",
          "source": "paper", "total": 2, "metrics": [{"metric": "acc", "aggregation": "MEAN",
          "direction": "HIGHER", "target": null, "chance": 0.0}]}]}
        """);
    gateway.answers(
        "GET /leaderboards/lambada_openai",
        """
        {"task": "lambada_openai", "metric": {"metric": "acc", "direction": "HIGHER"}, "shots": 0,
         "dtype": "", "total": 2, "entries": [
          {"rank": 1, "model": "big", "revision": "step8", "step": 8, "parameters": 1000000},
          {"rank": 2, "model": "small", "revision": "step8", "step": 8, "parameters": 1000}]}
        """);
    gateway.answers(
        "GET /trajectories",
        """
        {"total": 2, "trajectories": [
          {"model": "big", "task": "lambada_openai", "version": "0", "metric": {"metric": "acc",
           "direction": "HIGHER", "chance": 0.0}, "shots": 0, "dtype": "", "source": "paper",
           "points": [{"revision": "step0", "step": 0, "tokensSeen": 0, "value": 0.0,
             "stderr": 0.0, "documents": 10}, {"revision": "step8", "step": 8, "tokensSeen": 9,
             "value": 0.5, "stderr": 0.1, "documents": 10}]},
          {"model": "small", "task": "lambada_openai", "version": "0", "metric": {"metric": "acc",
           "direction": "HIGHER", "chance": 0.0}, "shots": 0, "dtype": "", "source": "paper",
           "points": [{"revision": "step8", "step": 8, "tokensSeen": 9, "value": 0.2,
             "stderr": null, "documents": 10}]}]}
        """);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void withoutFindingsTheDataCannotSayAnythingOfAnyClaim() {
    gateway.answers("GET /findings", findings());

    Execution report = Execution.against(gateway, "report");

    assertThat(report.status()).isZero();
    assertThat(report.outLines().getFirst()).startsWith("Scores of paper: 2 runs, 2 checkpoints");
    assertThat(report.outLines())
        .filteredOn(line -> line.endsWith("The data cannot say"))
        .hasSize(5);
  }

  @Test
  void aClaimIsComputedFromTheVerdictsAndSaysWhatIsMissing() {
    gateway.answers(
        "GET /findings",
        findings(
            finding("deduplication", "helps", "piqa", "{\"memorization\": false}"),
            finding("deduplication", "no-difference", "sciq", "{\"memorization\": false}"),
            finding("deduplication", "not-enough-data", "wsc", "null")));

    assertThat(Execution.against(gateway, "report").outLines())
        .contains(
            "Deduplication helps slightly and lowers memorization — The data agree in part",
            "  + Of 2 comparisons, paired by size and step with the rate of false discoveries held"
                + " over tasks, deduplication helps in 1, hurts in 0, and makes no difference that"
                + " is seen in 1.",
            "  + Clearest: deduplication of piqa, helps: 0.0200 (95 % interval 0.0100 to 0.0300;"
                + " 2 of 4 checkpoints; a test).",
            "  ? 1 of 3 comparisons have not enough data.",
            "  ? Whether it lowers memorization: no memorization task is among the scores of"
                + " such runs.");
  }

  @Test
  void theOppositeEvidenceTurnsTheClaimRound() {
    gateway.answers(
        "GET /findings",
        findings(
            finding("deduplication", "hurts", "piqa", "{\"memorization\": false}"),
            finding("deduplication", "raises", "memo", "{\"memorization\": true}")));

    assertThat(Execution.against(gateway, "report").outLines())
        .contains(
            "Deduplication helps slightly and lowers memorization — The data do not bear it out");
  }

  @Test
  void oneSuddenTaskAmongManyIsNoMoreThanChance() {
    String[] scaling = new String[40];
    Arrays.setAll(scaling, i -> finding("scaling", i == 0 ? "sudden" : "flat", "task" + i, "null"));
    gateway.answers("GET /findings", findings(scaling));

    assertThat(Execution.against(gateway, "report").outLines())
        .contains(
            "Some abilities appear only above a size — The data do not bear it out",
            "  ? Whether the 1 that rise only above a size do so: with 40 comparisons at 5 % each,"
                + " 2 come out as depending on size by chance alone.");
  }

  @Test
  void memorizationIsSaidToBeThatOfTheseRunsOnly() {
    gateway.answers(
        "GET /findings",
        findings(finding("deduplication", "lowers", "memo", "{\"memorization\": true}")));

    assertThat(Execution.against(gateway, "report").outLines())
        .contains(
            "  ? Whether deduplication lowers memorization in runs other than these: the test of"
                + " memorization takes the documents as the sample, not the runs, and speaks of"
                + " these runs only.");
  }

  @Test
  void findingsOfOtherSourcesAreLeftOut() {
    gateway.answers(
        "GET /findings",
        findings(
            finding("deduplication", "helps", "piqa", "{}")
                .replace("\"source\": \"paper\"", "\"source\": null")));

    assertThat(Execution.against(gateway, "report").outLines())
        .filteredOn(line -> line.endsWith("The data cannot say"))
        .hasSize(5);
  }

  @Test
  void thePageStandsByItselfInEitherLanguage() throws IOException {
    gateway.answers(
        "GET /findings", findings(finding("scaling", "log-linear", "<piqa>", "{\"points\": []}")));
    Path file = folder.resolve("new/report.html");

    Execution report =
        Execution.against(gateway, "report", "--html", file.toString(), "--lang", "ko");

    assertThat(report.status()).isZero();
    String page = Files.readString(file);
    assertThat(page)
        .contains("<html lang=\"ko\">", "다섯 가지 주장", "scaling of &lt;piqa&gt;", "<polyline")
        .doesNotContain("<piqa>", "src=", "href=", "NaN");
  }

  private static String findings(String... findings) {
    return "{\"findings\": [%s], \"total\": %d}"
        .formatted(String.join(",", findings), findings.length);
  }

  private static String finding(String kind, String verdict, String task, String details) {
    return """
    {"finding": "%1$s|%3$s", "kind": "%1$s", "subject": "%1$s of %3$s", "verdict": "%2$s",
     "effect": 0.02, "low": 0.01, "high": 0.03, "confidence": 0.95, "task": "%3$s",
     "metric": "acc", "shots": 0, "source": "paper", "models": ["big"],
     "evidence": ["big@step0", "big@step8"], "expected": 4, "method": "a test", "details": %4$s,
     "computedAt": "2026-01-01T00:00:00Z"}
    """
        .formatted(kind, verdict, task, details);
  }
}
