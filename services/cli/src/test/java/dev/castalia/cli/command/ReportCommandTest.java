package dev.castalia.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.cli.Execution;
import dev.castalia.cli.RecordingGateway;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportCommandTest {

  private final RecordingGateway gateway = new RecordingGateway();

  @TempDir private Path folder;

  private static final String RUNS =
      """
      {"runs": [
        {"model": "small", "parameters": 1000, "variant": "standard", "language": "en"},
        {"model": "big", "parameters": 1000000, "variant": "standard", "language": "en"}]}
      """;

  private static final String TRAJECTORIES =
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
      """;

  @BeforeEach
  void scores() {
    gateway.answers(
        "GET /leaderboards",
        """
        {"leaderboards": [{"task": "lambada_openai", "version": "0", "shots": 0, "dtype": "",
          "source": "paper", "total": 2, "metrics": [{"metric": "acc", "aggregation": "MEAN",
          "direction": "HIGHER", "target": null, "chance": 0.0}]}]}
        """);
    gateway.answers("GET /runs", RUNS);
    gateway.answers("GET /trajectories", TRAJECTORIES);
    gateway.answers("GET /findings/pending", pending(0, 0, true));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void withoutFindingsTheDataCannotSayAnythingOfAnyClaim() {
    gateway.answers("GET /findings", findings());

    Execution report = report();

    assertThat(report.status()).isZero();
    assertThat(report.outLines().getFirst())
        .startsWith("Scores of paper on 1 task.")
        .endsWith(
            " Drawn of them: 2 runs, 3 checkpoints, sizes from 1.0k to 1.0M parameters, steps 0 to"
                + " 8.");
    assertThat(report.outLines())
        .filteredOn(line -> line.endsWith("The data cannot say"))
        .hasSize(5);
  }

  @Test
  void aSourceThatThereIsNotIsRefusedAndNoPageWritten() {
    gateway.answers("GET /findings", findings());
    Path file = folder.resolve("report.html");

    Execution report = report("--source=papr", "--html", file.toString());

    assertThat(report.status()).isEqualTo(1);
    assertThat(report.errLines())
        .containsExactly("castalia: there are no scores of papr: give paper as --source");
    assertThat(file).doesNotExist();
  }

  @Test
  void aReportIsOfOnePrecisionAndSaysOfWhich() throws IOException {
    inTwoPrecisions();

    assertThat(report().outLines().getFirst())
        .startsWith("Scores of Castalia itself on 1 task.")
        .contains(" Computed in float32. Drawn of them: 2 runs, 3 checkpoints,");
    assertThat(report().out()).contains("Of 1 comparisons", "helps in 1, hurts in 0");
    assertThat(page("en")).containsOnlyOnce(">small</text>").contains("Computed in float32.");
    assertThat(page("ko")).contains("계산 정밀도는 float32입니다.");
    assertThat(report("--dtype=float16").out())
        .contains("Computed in float16.", "Of 1 comparisons", "helps in 0, hurts in 1");
  }

  @Test
  void aPrecisionThatThereIsNotIsRefused() {
    inTwoPrecisions();

    assertThat(report("--dtype=float64").errLines())
        .containsExactly(
            "castalia: there are no scores of castalia in float64: give float16, float32 as"
                + " --dtype");
  }

  @Test
  void aPrecisionOfASourceThatDoesNotSayIsRefused() {
    assertThat(report("--dtype=float16").errLines())
        .containsExactly("castalia: there are no scores of paper in float16: leave --dtype out");
  }

  @Test
  void aClaimIsComputedFromTheVerdictsAndSaysWhatIsMissing() {
    gateway.answers(
        "GET /findings",
        findings(
            finding("deduplication", "helps", "piqa", "{\"memorization\": false}"),
            finding("deduplication", "no-difference", "sciq", "{\"memorization\": false}"),
            finding("deduplication", "not-enough-data", "wsc", "null")));

    assertThat(report().outLines())
        .contains(
            "Deduplication helps slightly and lowers memorization — The data agree in part",
            "  + Of 2 comparisons (2 tasks, some by several metrics), paired by size and step with"
                + " the rate of false discoveries held over all of them, deduplication helps in 1,"
                + " hurts in 0, and makes no difference that is seen in 1.",
            "  + Clearest: pythia: deduplicated − standard · piqa · acc · 0-shot, helps: 0.0200 (95 %"
                + " interval 0.0100 to 0.0300; 2 of 4 checkpoints; paired t-test).",
            "  ? 1 of 3 comparisons have not enough data.",
            "  ? Whether it lowers memorization: no memorization task is among the scores of"
                + " such runs.");
  }

  @Test
  void whatTheFindingsDoNotHoldYetIsSaid() throws IOException {
    gateway.answers("GET /findings", findings());
    gateway
        .forgets("GET /findings/pending")
        .answers("GET /findings/pending", pending(1200, 34, false));
    String behind =
        "Not all scores are in this report. When it was written, 1,200 score events had not been"
            + " taken in, and 34 changes had been but not computed from.";
    Path file = folder.resolve("early.html");

    Execution report = report();
    report("--html", file.toString());

    assertThat(report.status()).isZero();
    assertThat(report.out()).contains(behind);
    assertThat(Files.readString(file)).contains(behind);
  }

  @Test
  void findingsThatAreBeingComputedAreWaitedFor() {
    gateway.answers("GET /findings", findings());
    gateway
        .forgets("GET /findings/pending")
        .answers("GET /findings/pending", pending(1200, 34, false));
    gateway.answers("GET /findings/pending", pending(0, 0, true));

    Execution report = Execution.against(gateway, "report");

    assertThat(report.err()).contains("findings: 0/1234 scores and changes");
    assertThat(report.out()).doesNotContain("Not all scores");
  }

  @Test
  void theDifferenceOverAllTasksIsSaidApart() {
    gateway.answers(
        "GET /findings",
        findings(
            finding("deduplication", "no-difference", "piqa", "{}"),
            finding("deduplication", "helps", "*", "{}")
                .replace("\"task\": \"*\"", "\"task\": null")));

    assertThat(report().out())
        .contains("deduplication helps in 0, hurts in 0")
        .contains(
            "Over all tasks together, as one test of its own, acc differs by 0.0200 (95 % interval"
                + " 0.0100 to 0.0300): helps.");
  }

  @Test
  void comparedRunsWithIdenticalCheckpointsAreNamed() {
    gateway.answers(
        "GET /findings",
        findings(
            finding(
                "deduplication",
                "no-difference",
                "piqa",
                "{\"pairs\": [{\"standard\": \"big\", \"other\": \"big-deduped\"}]}"),
            finding("suspicious", "identical-results", "", "{}")
                .replace("[\"big\"]", "[\"big\", \"big-deduped\"]"),
            finding("suspicious", "expected-identity", "", "{}")
                .replace("[\"big\"]", "[\"big\", \"big-deduped\"]")));

    assertThat(report().out())
        .contains(
            "Whether big and big-deduped differ in their data as their names say: at 1 step all"
                + " their results are identical");
  }

  @Test
  void theOppositeEvidenceTurnsTheClaimRound() {
    gateway.answers(
        "GET /findings",
        findings(
            finding("deduplication", "hurts", "piqa", "{\"memorization\": false}"),
            finding("deduplication", "raises", "memo", "{\"memorization\": true}")));

    assertThat(report().outLines())
        .contains(
            "Deduplication helps slightly and lowers memorization — The data do not bear it out");
  }

  @Test
  void oneSuddenTaskAmongManyIsNoMoreThanChance() {
    String[] scaling = new String[40];
    Arrays.setAll(
        scaling, i -> finding("scaling", i == 0 ? "sudden" : "flat", "lambada_openai", "null"));
    gateway.answers("GET /findings", findings(scaling));

    assertThat(report().outLines())
        .contains(
            "Some abilities appear only above a size — The data do not bear it out",
            "  ? Whether any gets better only above a size: 1 came out so, and with 40 comparisons at 5 %"
                + " each, 2 come out as depending on size by chance alone on average.");
  }

  @Test
  void anAbilityThatGetsBetterOnlyAboveASizeIsNamed() {
    gateway.answers(
        "GET /findings", findings(finding("scaling", "sudden", "lambada_openai", "{}")));

    assertThat(report().outLines())
        .contains(
            "Some abilities appear only above a size — The data agree",
            "  + They are on: lambada_openai.");
  }

  @Test
  void anAbilityThatGetsWorseAboveASizeDoesNotAppearThere() {
    gateway.answers(
        "GET /findings",
        findings(
            finding("scaling", "sudden", "lambada_openai", "{}")
                .replace("\"effect\": 0.02", "\"effect\": -0.02")));

    assertThat(report().outLines())
        .contains("Some abilities appear only above a size — The data do not bear it out")
        .filteredOn(line -> line.contains("comparisons of abilities"))
        .singleElement()
        .asString()
        .contains("log-linearly over all sizes in 0, gets worse in 1,");
    assertThat(report().out()).doesNotContain("They are on");
  }

  @ParameterizedTest
  @CsvSource({"pct_stereotype, NEAREST", "memorization_score, HIGHER"})
  void aBiasOrMemorizationThatDependsOnSizeIsNoAbility(String metric, String direction) {
    gateway
        .forgets("GET /leaderboards")
        .answers(
            "GET /leaderboards",
            """
            {"leaderboards": [{"task": "pairs", "version": "0", "shots": 0, "dtype": "",
              "source": "paper", "total": 2, "metrics": [{"metric": "%s", "direction": "%s"}]}]}
            """
                .formatted(metric, direction))
        .answers(
            "GET /findings",
            findings(
                finding("scaling", "sudden", "pairs", "{}")
                    .replace("\"acc\"", "\"%s\"".formatted(metric))));

    assertThat(report().outLines())
        .contains("Some abilities appear only above a size — The data cannot say");
  }

  @ParameterizedTest
  @CsvSource({
    "way-differs, 1, The data do not bear it out",
    "way-differs, 0, The data do not bear it out",
    "way-differs, 4, The data do not bear it out",
    "way-differs, 5, The data agree",
    "way-and-end-differ, 5, The data agree in part"
  })
  void theOrderOfTheDataChangesTheWayWhereMoreDifferThanByChance(
      String verdict, int differing, String standing) {
    String[] seeds = new String[60];
    Arrays.setAll(
        seeds, i -> finding("seeds", i < differing ? verdict : "no-difference", "piqa", "null"));
    gateway.answers("GET /findings", findings(seeds));

    assertThat(report().outLines())
        .contains("The order of the data changes the way, not the end — " + standing);
  }

  /** Of 19 at 2.5 % each, 1 or more come out so with a probability of 38 %. */
  @Test
  void moreThanIsToBeExpectedByChanceMayStillBeChance() {
    String[] seeds = new String[19];
    Arrays.setAll(
        seeds, i -> finding("seeds", i == 0 ? "way-differs" : "no-difference", "piqa", "null"));
    gateway.answers("GET /findings", findings(seeds));

    assertThat(report().outLines())
        .contains(
            "The order of the data changes the way, not the end — The data do not bear it out");
  }

  @Test
  void whatIsMemorizedIsNoAbilityThatIsAcquired() {
    gateway.answers(
        "GET /findings",
        findings(
            finding("acquisition", "gradual", "piqa", "{}"),
            finding("acquisition", "sudden", "memo", "{}")
                .replace("\"acc\"", "\"memorization_score\"")));

    assertThat(report().out())
        .contains(
            "Within runs, of 1 trajectories, of a run on a task by a metric, 0 are acquired"
                + " suddenly, 1 gradually,");
  }

  @Test
  void aWayThatDiffersInOneOfManyIsNoMoreThanChance() {
    String[] seeds = new String[60];
    Arrays.setAll(
        seeds, i -> finding("seeds", i == 0 ? "way-differs" : "no-difference", "piqa", "null"));
    gateway.answers("GET /findings", findings(seeds));

    assertThat(report().outLines())
        .contains(
            "  ? Whether the way differs in any: 1 came out so, and with 60 comparisons at 2.5 %"
                + " each, 1.5 come out so by chance alone on average.",
            "  ? Whether the runs end alike in the 60 in which no difference is seen at the end:"
                + " one that is small beside the scatter of the scores is not seen.");
  }

  @Test
  void memorizationIsSaidToBeThatOfTheseRunsOnly() {
    gateway.answers(
        "GET /findings",
        findings(finding("deduplication", "lowers", "memo", "{\"memorization\": true}")));

    assertThat(report().outLines())
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

    assertThat(report().outLines())
        .filteredOn(line -> line.endsWith("The data cannot say"))
        .hasSize(5);
  }

  @Test
  void thePageStandsByItselfInEitherLanguage() throws IOException {
    gateway.answers(
        "GET /findings", findings(finding("scaling", "log-linear", "<piqa>", "{\"points\": []}")));
    Path file = folder.resolve("new/report.html");

    Execution report = report("--html", file.toString(), "--lang", "ko");

    assertThat(report.status()).isZero();
    String page = Files.readString(file);
    assertThat(page)
        .contains("<html lang=\"ko\">", "다섯 가지 주장", "<td>&lt;piqa&gt;</td>", "<polyline")
        .doesNotContain("<piqa>", "src=", "href=", "NaN");
  }

  @Test
  void whoReadsTheFormerReportHasAllOfIt() throws IOException {
    gateway.answers("GET /findings", findings());
    Path file = Files.writeString(folder.resolve("report.html"), "the former one");

    try (InputStream reader = Files.newInputStream(file)) {
      assertThat(report("--html", file.toString()).status()).isZero();

      assertThat(reader).hasContent("the former one");
    }
    assertThat(file).content().startsWith("<!DOCTYPE html>");
  }

  @Test
  void aLinkToTheReportStaysOne() throws IOException {
    gateway.answers("GET /findings", findings());
    Path file = folder.resolve("report.html");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);

    assertThat(report("--html", link.toString()).status()).isZero();

    assertThat(link).isSymbolicLink();
    assertThat(file).content().startsWith("<!DOCTYPE html>");
  }

  @Test
  void afterHowMuchTrainingRunsAreComparedIsSaid() throws IOException {
    gateway.answers(
        "GET /findings",
        findings(
            finding("scaling", "flat", "piqa", "{\"tokensSeen\": 2000000000}"),
            finding("scaling", "flat", "sciq", "{\"tokensSeen\": 300000000000}"),
            finding("continued-training", "mixed", "nsmc", "{\"step\": 2000}"),
            finding("continued-training", "not-enough-data", "kobest", "{\"step\": -1}")));

    assertThat(page("en"))
        .contains(
            row("piqa", "after 2.0G tokens", "flat"),
            row("sciq", "after 300G tokens", "flat"),
            row("nsmc", "after 2,000 further steps", "differs by base step"),
            row("kobest", "–", "not enough data"));
    assertThat(page("ko"))
        .contains(
            row("piqa", "토큰 2.0G개 학습 후", "변화 없음"), row("nsmc", "2,000 스텝 더 학습한 뒤", "출발 스텝에 따라 다름"));
  }

  @Test
  void whatTrainingOnCostsInTheOldLanguageIsSaid() throws IOException {
    gateway.answers(
        "GET /findings", findings(continued("piqa", "1e-4"), continued("sciq", "null")));

    assertThat(page("en"))
        .contains(
            "<td>best learning rate 1.0E-4; costs +0.0300 (+0.0200 to +0.0400) in piqa</td>",
            "<td>costs −0.0100 to +0.0300 in sciq</td>");
    assertThat(page("ko")).contains("sciq에서 잃는 점수 −0.0100 ~ +0.0300");
  }

  @Test
  void theBestLearningRateIsSaidAndCostsWithTheDataItIsTheBestOn() throws IOException {
    gateway.answers(
        "GET /findings",
        findings(
            finding(
                "continued-training",
                "pays",
                "nsmc",
                """
                {"newTask": "nsmc", "oldTask": "piqa", "bestRate": 1e-4, "bestVariant": "ko100",
                 "runs": [
                  {"baseStep": 8, "learningRate": 1e-4, "variant": "ko50", "loss": 0.01},
                  {"baseStep": 8, "learningRate": 1e-4, "variant": "ko100", "loss": 0.03},
                  {"baseStep": 8, "learningRate": 1e-5, "variant": "ko100", "loss": 0.02}]}
                """)));

    assertThat(page("en"))
        .contains("<td>best learning rate 1.0E-4 (ko100); costs +0.0300 in piqa</td>");
  }

  @Test
  void gainAndLossOfTwoMetricsAreSaidWithBoth() throws IOException {
    gateway.answers(
        "GET /findings",
        findings(
            continued("piqa", "null"),
            continued("wikitext", "null")
                .replace("\"bestRate\"", "\"oldMetric\": \"bits_per_byte\", \"bestRate\"")));

    assertThat(page("en"))
        .contains(
            row("nsmc / piqa", "acc", "pays"),
            row("nsmc / wikitext", "acc / bits_<wbr>per_<wbr>byte", "pays"),
            "in wikitext (bits_<wbr>per_<wbr>byte)");
  }

  @Test
  void oneTestOfTheNewLanguageCountsOnceWhateverItIsHeldAgainst() throws IOException {
    gateway.answers(
        "GET /findings", findings(continued("piqa", "null"), continued("sciq", "null")));

    assertThat(page("en")).contains("<p>pays: 1</p>");
  }

  /** On a task in the old language, from two base steps at two learning rates. */
  private static String continued(String oldTask, String bestRate) {
    return finding(
            "continued-training",
            "pays",
            "nsmc",
            """
            {"newTask": "nsmc", "oldTask": "%s", "bestRate": %s, "runs": [
              {"baseStep": 8, "learningRate": 1e-4, "loss": 0.2, "onFront": false},
              {"baseStep": 512, "learningRate": 1e-4, "loss": 0.03, "lossLow": 0.02,
               "lossHigh": 0.04, "onFront": true},
              {"baseStep": 512, "learningRate": 1e-5, "loss": -0.01, "onFront": true}]}
            """
                .formatted(oldTask, bestRate))
        .replace("|0||paper", "|0|" + oldTask + "||paper");
  }

  @Test
  void findingsAreSaidInWords() throws IOException {
    gateway.answers(
        "GET /findings",
        findings(
            finding("deduplication", "helps", "piqa", "{}")
                .replace("\"task\"", "\"qValue\": 1e-9, \"task\""),
            finding(
                "acquisition",
                "before-first-checkpoint",
                "sciq",
                "{\"acquired\": {\"step\": 2000, \"low\": 1500, \"high\": 2500}}"),
            finding(
                "scaling",
                "sudden",
                "wsc",
                "{\"shapes\": [{\"fromParameters\": 1000, \"toParameters\": 1000000}]}"),
            finding(
                "suspicious", "identical-results", "", "{\"checkpoints\": [\"a@1\", \"b@1\"]}")));

    assertThat(page("en"))
        .contains(
            row("pythia: deduplicated − standard", "piqa", "acc", "0-shot", "helps"),
            row("big", "sciq", "acc", "0-shot", "acquired before the first checkpoint"),
            "<td class=\"n\">2,000 (1,500–2,500)</td>",
            row("pythia, deduplicated", "wsc", "acc", "0-shot", "sudden"),
            "<td>between 1.0k and 1.0M parameters</td>",
            "<td>a@1, b@1</td>",
            "<td class=\"n\">+0.0100 to +0.0300</td>",
            "<td class=\"n\">&lt; 0.0001</td>",
            "Method: paired t-test.")
        .doesNotContain("paired-t", "||paper");
    assertThat(page("ko"))
        .contains(
            row("pythia: 중복 제거 − 표준", "piqa", "acc", "0샷", "도움이 됨"),
            "<td>파라미터 1.0k와(과) 1.0M 사이</td>",
            "방법: 대응 t 검정.");
  }

  @Test
  void runsOnDataOfSeveralLanguagesAreSaidToBeOfWhich() throws IOException {
    String scaling = finding("scaling", "flat", "piqa", "{}");
    gateway.answers(
        "GET /findings",
        findings(
            scaling.replace("|deduped|", "|deduped|en|"),
            scaling.replace("|deduped|", "|deduped|ko|")));

    assertThat(page("en"))
        .contains(row("pythia, deduplicated, en", "flat"), row("pythia, deduplicated, ko", "flat"));
  }

  @Test
  void aBiasMovesFromAStepToAStepWhereAPhaseDoes() throws IOException {
    String details =
        """
        {"phases": [{"direction": "%s"}], "onset": null,
         "plateau": {"step": 2000, "low": 1500, "high": 2500}}
        """;
    gateway.answers(
        "GET /findings",
        findings(
            finding("bias-trajectory", "moves-away", "winogender", details.formatted("rising"))));
    gateway.answers(
        "GET /findings",
        findings(finding("bias-trajectory", "moves", "winogender", details.formatted("steady"))));

    assertThat(page("en")).contains("<td>by the first checkpoint → 2,000 (1,500–2,500)</td>");
    assertThat(page("en")).doesNotContain(" → 2,000");
  }

  @Test
  void theClearestFindingOfEachTaskComesBeforeOthersOfIt() throws IOException {
    String clear = finding("deduplication", "helps", "piqa", "{}");
    gateway.answers(
        "GET /findings",
        findings(
            finding("deduplication", "no-difference", "wsc", "{}"),
            clear.replace("\"acc\"", "\"second\"").replace("0.03,", "0.04,"),
            clear.replace("\"acc\"", "\"first\""),
            finding("deduplication", "hurts", "sciq", "{}").replace("0.03,", "0.09,")));

    assertThat(page("en"))
        .containsSubsequence("<td>first</td>", "<td>sciq</td>", "<td>second</td>", "<td>wsc</td>");
  }

  @Test
  void whatAllFindingsHaveInCommonIsSaidOnceAboveThem() throws IOException {
    gateway.answers(
        "GET /findings",
        findings(
            finding("deduplication", "helps", "piqa", "{}"),
            finding("deduplication", "hurts", "sciq", "{}")));

    assertThat(page("en"))
        .contains(
            "<p>All of them: pythia: deduplicated − standard · acc · 0-shot.</p>",
            row("piqa", "helps"),
            row("sciq", "hurts"));
  }

  @Test
  void aQuestionWithoutFindingsSaysWhyThereAreNone() throws IOException {
    gateway.answers("GET /findings", findings(finding("scaling", "flat", "piqa", "{}")));

    assertThat(page("en"))
        .contains(
            "<h3>Data order and seed</h3>\n<p>No two of these runs are known to differ only in seed",
            "<h3>Continued pre-training</h3>\n<p>No run that goes on in another language has been");
  }

  @Test
  void manyLinesHaveNoBandsAndTheReachOfTheirIntervalsIsSaid() throws IOException {
    gateway.answers("GET /findings", findings());
    StringBuilder lines = new StringBuilder();
    for (int run = 0; run < 30; run++) {
      lines.append(
          """
          %s{"model": "run-with-a-rather-long-name-%d", "task": "lambada_openai", "version": "0",
           "metric": {"metric": "acc", "direction": "HIGHER", "chance": 0.0}, "shots": 0,
           "dtype": "", "source": "paper", "points": [{"revision": "step8", "step": 8,
           "tokensSeen": 9, "value": 0.5, "stderr": 0.1, "documents": 10}]}
          """
              .formatted(run == 0 ? "" : ",", run));
    }
    gateway.answers("GET /trajectories", "{\"total\": 30, \"trajectories\": [" + lines + "]}");

    assertThat(page("en")).contains("<polygon", "Shaded: 95\u00a0% intervals.");
    assertThat(page("en"))
        .contains("in the median they reach 0.1960 to either side", "… + 13")
        .doesNotContain("<polygon");
  }

  @Test
  void aSpreadOfSeedsIsSaidAsARatio() {
    gateway.answers(
        "GET /findings",
        findings(finding("seeds", "way-differs", "piqa", "{}").replace("paired-t", "cochran-q")));

    assertThat(report().outLines())
        .contains(
            "  + Clearest: big · piqa · acc · 0-shot, the way differs: their spread in mid-training is"
                + " 0.0200 times that at the end (95 % interval 0.0100 to 0.0300; 2 of 4"
                + " checkpoints; Cochran's Q).",
            "  ? Whether it is so beyond the runs compared (1), or of runs of other sizes than"
                + " theirs.");
  }

  @Test
  void anIntervalIsDrawnInFull() throws IOException {
    gateway.answers("GET /findings", findings());

    assertThat(page("en")).as("a tick above 0.5, for 0.5 ± 0.196").contains(">0.6</text>");
  }

  @Test
  void aRunThatContinuesAnotherIsNotComparedBySize() throws IOException {
    gateway.answers("GET /findings", findings());
    gateway.answers(
        "GET /runs",
        """
        {"runs": [
          {"model": "small", "parameters": 1000, "variant": "standard", "language": "en"},
          {"model": "big", "parameters": 1000000, "variant": "standard", "language": "en",
            "parent": "small@step8"}]}
        """);

    assertThat(page("en")).contains("lambada_openai: accuracy (acc) by size, at step 8, the last");
    assertThat(page("en")).contains(">small</text>").doesNotContain("by size", ">big</text>");
  }

  @Test
  void runsOnDataOfOtherLanguagesAreNotComparedBySize() throws IOException {
    gateway.answers("GET /findings", findings());
    gateway.forgets("GET /runs").answers("GET /runs", RUNS.replaceFirst("\"en\"", "\"ko\""));

    assertThat(page("en")).contains(">small</text>").doesNotContain("by size");
  }

  /** The scores as Castalia's own, float16 first, and a finding of each precision. */
  private void inTwoPrecisions() {
    String board =
        """
        {"task": "lambada_openai", "version": "0", "shots": 0, "dtype": "%s", "source": null,
         "total": 2, "metrics": [{"metric": "acc", "aggregation": "MEAN", "direction": "HIGHER",
         "target": null, "chance": 0.0}]}
        """;
    String lines =
        TRAJECTORIES
            .substring(TRAJECTORIES.indexOf('[') + 1, TRAJECTORIES.lastIndexOf(']'))
            .replace("\"paper\"", "null");
    String finding =
        finding("deduplication", "%s", "piqa", "{}")
            .replace("\"source\": \"paper\"", "\"dtype\": \"%s\", \"source\": null");
    gateway
        .forgets("GET /leaderboards")
        .answers(
            "GET /leaderboards",
            "{\"leaderboards\": [%s, %s]}"
                .formatted(board.formatted("float16"), board.formatted("float32")))
        .forgets("GET /trajectories")
        .answers(
            "GET /trajectories",
            "{\"total\": 4, \"trajectories\": [%s, %s]}"
                .formatted(
                    lines.replace("\"dtype\": \"\"", "\"dtype\": \"float16\""),
                    lines.replace("\"dtype\": \"\"", "\"dtype\": \"float32\"")))
        .answers(
            "GET /findings",
            findings(finding.formatted("hurts", "float16"), finding.formatted("helps", "float32")));
  }

  private String page(String language) throws IOException {
    Path file = folder.resolve(language + ".html");
    Execution report = report("--html", file.toString(), "--lang", language);
    assertThat(report.status()).isZero();
    return Files.readString(file);
  }

  private static String row(String... cells) {
    return "<tr><td>" + String.join("</td><td>", cells) + "</td>";
  }

  private static String pending(int scores, int changes, boolean complete) {
    return """
    {"scores": %d, "events": 0, "changes": %d, "complete": %s}
    """
        .formatted(scores, changes, complete);
  }

  private static String findings(String... findings) {
    return "{\"findings\": [%s], \"total\": %d}"
        .formatted(String.join(",", findings), findings.length);
  }

  private static String finding(String kind, String verdict, String task, String details) {
    return """
    {"finding": "%1$s|pythia|deduped|%3$s|acc|0||paper", "kind": "%1$s", "subject": "pythia|deduped|%3$s|acc|0||paper", "verdict": "%2$s",
     "effect": 0.02, "low": 0.01, "high": 0.03, "confidence": 0.95, "task": "%3$s",
     "metric": "acc", "shots": 0, "source": "paper", "models": ["big"],
     "evidence": ["big@step0", "big@step8"], "expected": 4, "method": "paired-t", "details": %4$s,
     "computedAt": "2026-01-01T00:00:00Z"}
    """
        .formatted(kind, verdict, task, details);
  }

  /** The report of what is there, which waits for no more. */
  private Execution report(String... options) {
    return Execution.against(
        gateway,
        Stream.concat(Stream.of("report", "--wait", "0"), Stream.of(options))
            .toArray(String[]::new));
  }
}
