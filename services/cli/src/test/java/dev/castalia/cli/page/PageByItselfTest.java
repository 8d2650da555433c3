package dev.castalia.cli.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a real browser, with answers that no mesh gives when they are wanted. */
@Tag("slow")
class PageByItselfTest {

  private static final String NOT_FINITE =
      """
      {"revision": "step2", "step": 2, "tokensSeen": 2, "value": null, "notFinite": "NaN",
        "stderr": null, "documents": 10, "ofDocuments": 10}""";

  private static final String NO_FAILURES =
      "{\"failures\": [], \"page\": 1, \"pageSize\": 50, \"total\": 0}";

  private static final String ONE_FAILURE =
      """
      {"failures": [{"failure": "a@step1|sums|0", "checkpoint": "a@step1", "task": "sums",
        "kind": "PASSING", "reason": "why", "remedy": "none", "start": 0, "end": 1,
        "attempts": 1, "failedAt": "2026-07-13T10:15:30Z"}],
        "page": 1, "pageSize": 50, "total": 1}""";

  private static final String SPARKLINE = "{\"runs\": {\"a\": [[1, 0.5], [2, 0.6]]}}";

  private static final String IS_A_DRAWN =
      """
      globalThis.echarts?.getInstanceByDom(document.querySelector('.plot'))?.getOption().series
        .some(({ name }) => name === 'a')""";

  private static Chromium chromium;
  private static Page page;
  private static MadeUpGateway gateway;

  @BeforeAll
  static void start() {
    chromium = Chromium.start();
    page = chromium.page();
    gateway = new MadeUpGateway(page);
  }

  @AfterAll
  static void stop() {
    if (chromium != null) {
      gateway.close();
      chromium.close();
    }
  }

  @BeforeEach
  void begin() {
    page.mouse().move(0, 0);
    gateway.answer(
        "leaderboards",
        """
        {"leaderboards": [{"task": "sums", "shots": 0, "dtype": "float32", "source": null,
          "language": "en", "tags": [],
          "metrics": [{"metric": "acc", "direction": "HIGHER", "chance": null, "target": null}]}]}
        """);
    gateway.answer("sparklines", "{\"runs\": {}}");
    gateway.answer("findings", "{\"findings\": [], \"page\": 1, \"pageSize\": 50, \"total\": 0}");
  }

  @AfterEach
  void nothingWasThrown() {
    page.navigate("about:blank");
    page.unrouteAll();
    gateway.forgetAnswers();
    assertThat(chromium.complaints()).isEmpty();
  }

  @Test
  void seedsThatHaveNoStepInCommonYetAreDrawnEachByItself() {
    runs(run("a", "pythia", "standard", 1), run("b", "pythia", "standard", 2));
    trajectories(trajectory("a", point(1, 0.5)), trajectory("b", point(2, 0.6)));

    gateway.open("/trajectories?runs=a,b&seeds=true");

    assertThat(page.locator(".legend button")).hasText(new String[] {"a", "b"});
    assertThat(page.locator("canvas")).isVisible();
  }

  @Test
  void aRunThatWasHiddenIsShownWhereThereIsNoLegendToShowItAgain() {
    runs(run("a", "pythia", "standard", 1), run("b", "pythia", "standard", 1));
    trajectories(trajectory("a", point(1, 0.5)), trajectory("b", point(1, 0.6)));
    gateway.open("/trajectories?runs=a,b");
    page.locator(".legend button").first().click();
    page.waitForFunction("!(%s)".formatted(IS_A_DRAWN));
    trajectories(trajectory("a", point(1, 0.5)));

    page.locator(".picker summary").click();
    page.locator(".picker input[value=b]").uncheck();

    assertThat(page.locator(".legend")).hasCount(0);
    page.waitForFunction(IS_A_DRAWN);
  }

  @Test
  void aPlotSaysWhatItShowsThoughWhatWasChosenSinceCannotBeRead() {
    boards(summary("sums", "en"));
    runs(run("a", "pythia", "standard", 1));
    trajectories(trajectory("a", point(1, 0.5)));
    gateway.open("/trajectories?runs=a");
    page.route("**/api/v1/trajectories*", route -> route.abort("internetdisconnected"));

    page.locator("select[name=metric]").selectOption("acc_norm");

    page.locator("main > [aria-busy=false]").waitFor();
    assertThat(page.locator(".plot")).hasAttribute("aria-label", "acc on sums over training: a");
  }

  @Test
  void aPlotOfContinuedRunsSaysWhatItShowsThoughWhatWasChosenSinceCannotBeRead() {
    boards(summary("sums", "en"), summary("munje", "ko"), summary("sudan", "ko"));
    runs(
        run("a", "pythia", "standard", 1),
        run("b", "pythia", "standard", 1)
            .replaceFirst("\"en\"", "\"ko\", \"parent\": \"a@step1\""));
    gateway.answer("scorecards/a@step1", "{\"tasks\": {\"sums\": [], \"munje\": []}}");
    board(entry("a", 1, 0.5), entry("b", 2, 0.4));
    gateway.answer("leaderboards/munje", pageOf(1, 2, entry("a", 2, 0.5), entry("b", 1, 0.6)));
    gateway.open("/continued");
    page.route("**/api/v1/leaderboards/sudan*", route -> route.abort("internetdisconnected"));

    page.locator("select[name=task]").selectOption("sudan");

    page.locator("main > [aria-busy=false]").waitFor();
    assertThat(page.locator(".plot"))
        .hasAttribute("aria-label", "Gain on munje against loss on sums");
  }

  @Test
  void theParetoFrontOfContinuedRunsIsOfTheirScoresWhateverEachOfThemBeganWith() {
    runs(
        run("base", "pythia", "standard", 1),
        continued("early", "base@step16000"),
        continued("late", "base@step143000"));
    continuedBoards(
        List.of(
            scored("base", 16000, 0.5),
            scored("early", 1000, 0.56),
            scored("base", 143000, 0.53),
            scored("late", 1000, 0.58)),
        List.of(
            scored("base", 16000, 0.4),
            scored("early", 1000, 0.39),
            scored("base", 143000, 0.6),
            scored("late", 1000, 0.57)));

    gateway.open("/continued");

    assertThat(front()).hasText(new String[] {"late@step1000"});
  }

  @Test
  void continuedRunsAreHeldAgainstEachOtherAfterEquallyManySteps() {
    runs(
        run("base", "pythia", "standard", 1),
        continued("early", "base@step1"),
        continued("late", "base@step2"),
        continued("lateToo", "base@step2"));
    continuedBoards(
        List.of(
            scored("base", 1, 0.5),
            scored("base", 2, 0.5),
            scored("early", 300, 0.6),
            scored("late", 300, 0.7),
            scored("late", 1000, 0.9),
            scored("lateToo", 300, 0.65),
            scored("lateToo", 1000, 0.8)),
        List.of(
            scored("base", 1, 0.5),
            scored("base", 2, 0.5),
            scored("early", 300, 0.45),
            scored("late", 300, 0.4),
            scored("late", 1000, 0.5),
            scored("lateToo", 300, 0.4),
            scored("lateToo", 1000, 0.5)));

    gateway.open("/continued");

    assertThat(front()).hasText(new String[] {"late@step300", "early@step300"});
  }

  @Test
  void runsThatContinueOtherRunsHaveAParetoFrontOfTheirOwn() {
    runs(
        run("small", "pythia", "standard", 1),
        run("large", "pythia", "standard", 1),
        continued("smallKo", "small@step1"),
        continued("largeKo", "large@step1"));
    List<String> scores =
        List.of(
            scored("small", 1, 0.5),
            scored("large", 1, 0.6),
            scored("smallKo", 9, 0.6),
            scored("largeKo", 9, 0.8));
    continuedBoards(scores, scores);

    gateway.open("/continued");

    assertThat(front()).hasText(new String[] {"smallKo@step9", "largeKo@step9"});
  }

  @Test
  void whatIsGainedInPerplexityIsTheDifferenceOfLogarithms() {
    runs(run("base", "pythia", "standard", 1), continued("ko", "base@step1"));
    continuedBoards(
        List.of(scored("base", 1, 1000), scored("ko", 9, 100)),
        List.of(scored("base", 1, 0.5), scored("ko", 9, 0.5)));
    boards(
        summary("sums", "en"),
        summary("munje", "ko")
            .replace(
                "\"acc\", \"aggregation\": \"MEAN\"", "\"ppl\", \"aggregation\": \"PERPLEXITY\"")
            .replace("HIGHER", "LOWER"));

    gateway.open("/continued");

    assertThat(page.locator("[aria-labelledby=best] tbody tr")).containsText("+2.3026");
  }

  @Test
  void continuedRunsAreColouredByTheirDataWhereThatIsChosen() {
    runs(
        run("base", "pythia", "standard", 1),
        continued("a", "base@step1").replace("standard", "ko100"),
        continued("b", "base@step1").replace("standard", "ko50"));
    List<String> scores =
        List.of(scored("base", 1, 0.5), scored("a", 9, 0.6), scored("b", 9, 0.55));
    continuedBoards(scores, scores);
    gateway.open("/continued");

    page.locator("input[name=by][value=variant] + span").click();

    assertThat(page.locator(".legend button")).hasText(new String[] {"ko50", "ko100"});
  }

  @Test
  void whatContinuedTrainingTakesAndCostsIsTold() {
    continuedFinding(
        """
        {"oldTask": "piqa", "step": 300, "earliest": 16000, "paysFrom": 64000, "bestRate": 0.001,
          "bestVariant": "ko100",
          "bases": [{"baseStep": 64000}, {"baseStep": 143000}],
          "runs": [
            {"baseStep": 16000, "learningRate": 0.001, "variant": "ko100", "loss": 0.4,
              "kept": 0.3, "onFront": true},
            {"baseStep": 143000, "learningRate": 0.001, "variant": "ko100", "loss": 0.02,
              "lossLow": 0.01, "lossHigh": 0.03, "kept": 0.95, "onFront": true},
            {"baseStep": 143000, "learningRate": 0.001, "variant": "ko50", "loss": 0.3,
              "kept": 0.4, "onFront": true}]}""");

    gateway.open("/findings");

    assertThat(page.locator(".finding .facts div"))
        .containsText(
            new String[] {
              "Effect of base step 143,000, not 16,000+0.0300 [0.0100, 0.0500], 95%",
              "Pays from base step64,000",
              "Best learning rate from step 143,0000.001 (ko100)",
              "Compared at step300",
              "Loss on piqa at that rate+0.0200 [0.0100, 0.0300]",
              "Kept above guessing95%",
              "Evidence"
            });
  }

  @Test
  void whatContinuedTrainingCostsIsARangeWhereNoLearningRateIsTheBest() {
    continuedFinding(
        """
        {"oldTask": "piqa", "step": 300, "earliest": null, "paysFrom": null, "bestRate": null,
          "bases": [],
          "runs": [
            {"baseStep": 1, "learningRate": null, "loss": 0.02, "kept": 0.95, "onFront": true},
            {"baseStep": 2, "learningRate": null, "loss": -0.01, "kept": null, "onFront": true},
            {"baseStep": 2, "learningRate": null, "loss": 0.9, "kept": 0.1, "onFront": false}]}""");

    gateway.open("/findings");

    assertThat(page.locator(".finding .facts"))
        .containsText("Loss on piqa on the Pareto front−0.0100 to +0.0200");
  }

  @Test
  void aFindingOfContinuedTrainingLeadsToThePlotOfBothItsTasks() {
    continuedFinding(
        "{\"oldTask\": \"piqa\", \"oldMetric\": \"acc_norm\", \"step\": -1, \"bases\": [], \"runs\": []}");

    gateway.open("/findings");

    assertThat(page.locator(".finding a"))
        .hasAttribute(
            "href",
            "/continued?task=kobest&metric=acc&measured=0%7Cfloat32&lossTask=piqa"
                + "&lossMetric=acc_norm&lossMeasured=5%7Cfloat32");
  }

  @Test
  void onlyRunsOfOneSuiteThatDifferInTheirSeedAreAveraged() {
    runs(
        run("a", "pythia", "standard", 1),
        run("b", "pythia", "standard", 1),
        run("c", "mine", "standard", 2));
    trajectories(
        trajectory("a", point(1, 0.5)),
        trajectory("b", point(1, 0.6)),
        trajectory("c", point(1, 0.7)));

    gateway.open("/trajectories?runs=a,b,c&seeds=true");

    assertThat(page.locator(".legend button")).hasText(new String[] {"a", "b", "c"});
  }

  @Test
  void runsThatDifferInMoreThanDeduplicationAreNoPair() {
    runs(
        run("a", "pythia", "standard", 1),
        run("b", "mine", "deduped", 1),
        run("c", "pythia", "deduped", 1).replace("\"en\"", "\"ko\""),
        run("d", "pythia", "deduped", 1).replaceFirst("}$", ", \"parent\": \"a@step1\"}"));
    trajectories(
        trajectory("a", point(1, 0.5)),
        trajectory("b", point(1, 0.6)),
        trajectory("c", point(1, 0.7)),
        trajectory("d", point(1, 0.8)));

    gateway.open("/trajectories?runs=a,b,c,d&variants=true");

    assertThat(page.locator("main")).containsText("No two of these runs differ in deduplication");
  }

  @ParameterizedTest
  @ValueSource(strings = {"143,000", "log"})
  void whatIsNotOneStepIsNamedInsteadOfShown(String step) {
    runs(run("a", "pythia", "standard", 1));

    gateway.open("/scaling?step=" + step);

    assertThat(page.locator("main .problem")).containsText("“%s” is not one step".formatted(step));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/trajectories?runs=a", "/scaling?step=1"})
  void thatARunIsScoredWithNoFiniteNumbersIsTold(String address) {
    runs(run("a", "pythia", "standard", 1));
    trajectories(trajectory("a", NOT_FINITE));
    board(entry("a", 1, null));

    gateway.open(address);

    Locator plot = page.locator("main .card").first();
    assertThat(plot).containsText("Scored, but not a finite number, and so not drawn: 1 (of a).");
    assertThat(plot).not().containsText("Nothing");
  }

  @Test
  void scoresThatAreNoFiniteNumbersAreInThePlotsCsv() throws IOException {
    runs(run("a", "pythia", "standard", 1));
    trajectories(trajectory("a", point(1, 0.5), NOT_FINITE));
    gateway.open("/trajectories?runs=a");

    assertThat(csv()).last().isEqualTo("a,2,2,,NaN,,,,10");
  }

  @Test
  void scoresThatAreNoFiniteNumbersAreInTheBoardsCsv() throws IOException {
    board(entry("a", 1, null));
    gateway.open("/leaderboard");

    assertThat(csv()).last().isEqualTo("1,a,step1,1,1000,standard,1,,NaN,,10,10");
  }

  @Test
  void rowsThatWereScrolledToWhileTheOrderWaitedAreReadWhenItIsTaken() {
    List<String> ranking = names(1000);
    gateway.answer("leaderboards/sums", address -> pageOf(ranking, address));
    gateway.open("/leaderboard");
    page.locator("tbody a").first().hover();
    gateway.scored();
    assertThat(page.locator(".board-foot")).containsText("New order waits");
    page.mouse().wheel(0, 18_000);
    assertThat(page.locator("[data-checkpoint='run-502@step1']")).isVisible();

    page.mouse().move(5, 5);

    assertThat(page.locator(".board-foot")).not().containsText("New order waits");
    assertThat(page.locator("[data-checkpoint='run-502@step1']")).isVisible();
  }

  @Test
  void aRowKeepsItsPlaceWhileItHasTheFocus() {
    board(entry("a", 1, 0.5), entry("b", 2, 0.4));
    gateway.open("/leaderboard");
    page.locator("tbody a").first().focus();
    board(entry("b", 1, 0.6), entry("a", 2, 0.5));
    gateway.scored();
    assertThat(page.locator(".board-foot")).containsText("New order waits");
    assertThat(page.locator("tbody a:focus")).hasText("a");

    page.locator("input[name=model]").focus();

    assertThat(page.locator("tbody a").first()).hasText("b");
  }

  @Test
  void runsOnDataOfOtherLanguagesAreOnLinesOfTheirOwnBySize() {
    runs(
        run("a", "pythia", "standard", 1),
        run("b", "pythia", "standard", 1).replace("\"en\"", "\"ko\""));
    board(entry("a", 1, 0.5), entry("b", 2, 0.4));

    gateway.open("/scaling?step=1");

    assertThat(page.locator(".legend button")).hasText(new String[] {"standard ko", "standard en"});
  }

  @Test
  void aViewIsBusyUntilItHasReadWhatWasChosenLast() {
    gateway.answer("failures", "{\"failures\": [], \"page\": 1, \"pageSize\": 50, \"total\": 0}");
    gateway.open("/failures");
    List<Route> reads = new CopyOnWriteArrayList<>();
    page.route("**/api/v1/failures*", reads::add);
    Locator models = page.locator("input[name=model]");
    models.fill("a");
    models.blur();
    page.waitForCondition(() -> reads.size() == 1);
    models.fill("b");
    models.blur();
    reads.getFirst().resume();

    page.waitForCondition(() -> reads.size() == 2);

    Locator view = page.locator("main > [aria-busy]");
    assertThat(view).hasAttribute("aria-busy", "true");
    reads.getLast().resume();
    assertThat(view).hasAttribute("aria-busy", "false");
  }

  @Test
  void aTrajectoryOfAnotherMetricThatComesLateIsNotShown() {
    boards(summary("sums", "en"));
    board(entry("a", 1, 0.5));
    List<Route> late = new ArrayList<>();
    page.route("**/api/v1/sparklines*metric=acc&*", late::add);
    gateway.open("/leaderboard");
    page.waitForCondition(() -> !late.isEmpty());
    page.waitForResponse(
        "**/api/v1/sparklines*metric=acc_norm*",
        () -> page.locator("select[name=metric]").selectOption("acc_norm"));

    page.waitForResponse(
            "**/api/v1/sparklines*metric=acc&*",
            () -> late.getFirst().fulfill(new Route.FulfillOptions().setBody(SPARKLINE)))
        .finished();

    page.evaluate("() => new Promise(requestAnimationFrame)");
    assertThat(page.locator("svg.spark")).hasCount(0);
  }

  @Test
  void aTrajectoryThatCouldNotBeReadIsAskedForAgain() {
    board(entry("a", 1, 0.5));
    gateway.answer("sparklines", SPARKLINE);
    AtomicInteger failed = new AtomicInteger();
    page.route(
        "**/api/v1/sparklines*",
        route -> {
          route.abort("internetdisconnected");
          failed.incrementAndGet();
        });
    gateway.open("/leaderboard");
    // The board is read anew once the events begin.
    page.waitForCondition(() -> failed.get() >= 2);
    page.unrouteAll();

    gateway.tell("change", "{\"topic\": \"findings\", \"rows\": [{\"key\": \"any\"}]}");

    assertThat(page.locator("svg.spark")).isVisible();
  }

  @Test
  void whatIsScoredOnNoWholeTaskOfAGroupIsTold() {
    boards(summary("sums", "en"), summary("words", "en"));
    gateway.answer(
        "group-leaderboards/nano",
        pageOf(
            1,
            1,
            entry("a", 1, 0.5)
                .replaceFirst("\"rank\": 1", "\"rank\": null, \"tasks\": 0, \"ofTasks\": 2")));

    gateway.open("/leaderboard?task=group:nano");

    assertThat(page.locator("tbody .documents")).hasText("0 / 2");
  }

  @Test
  void thatAGroupOfBiasesIsRankedByTheirDistancesIsTold() {
    boards(
        summary("sums", "en").replace("\"HIGHER\"", "\"NEAREST\""),
        summary("words", "en").replace("\"HIGHER\"", "\"NEAREST\""));
    gateway.answer("group-leaderboards/nano", pageOf(1, 0));

    gateway.open("/leaderboard?task=group:nano");

    assertThat(page.locator(".board-foot")).containsText("mean of their distances");
  }

  @Test
  void theCsvOfABoardHasEachRowOnceThoughRowsMovedWhileItWasRead() throws IOException {
    List<String> ranking = new CopyOnWriteArrayList<>(names(1001));
    AtomicInteger reads = new AtomicInteger();
    gateway.answer(
        "leaderboards/sums",
        address -> {
          // The last one becomes the first between two pages.
          if (parameter(address, "pageSize") == 1000 && reads.incrementAndGet() == 2) {
            ranking.addFirst(ranking.removeLast());
          }
          return pageOf(ranking, address);
        });
    gateway.open("/leaderboard");

    List<String> lines = csv();

    assertThat(lines.stream().skip(1).map(line -> line.split(",")[1]))
        .containsExactlyElementsOf(ranking);
  }

  @Test
  void thatABoardCouldNotBeReadForItsCsvIsTold() {
    board(entry("a", 1, 0.5));
    gateway.open("/leaderboard");
    page.route("**/api/v1/leaderboards/sums*", route -> route.abort("internetdisconnected"));

    page.getByText("Download CSV").click();

    assertThat(page.locator(".problem")).hasText("This could not be read.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          /failures             ; Nothing failed.
          /failures?model=b     ; Nothing matches these filters.
          /findings?about=b     ; Nothing matches these filters.
          """)
  void whyNothingIsListedIsTold(String address, String why) {
    gateway.answer("failures", NO_FAILURES);

    gateway.open(address);

    assertThat(page.locator("main .empty")).hasText(why);
  }

  @Test
  void whatIsTriedAgainByItselfIsToldInWords() {
    gateway.answer("failures", ONE_FAILURE);

    gateway.open("/failures");

    assertThat(page.locator(".failure .tag")).hasText("will be tried again");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/failures", "/failures?sweep=s"})
  void theLatestFailuresAreListedFirst(String address) {
    UnaryOperator<String> latest =
        asked -> asked.contains("order=latest") ? ONE_FAILURE : NO_FAILURES;
    gateway.answer("failures", latest);
    gateway.answer("sweeps/s/failures", latest);

    gateway.open(address);

    assertThat(page.locator(".failure")).hasCount(1);
  }

  @Test
  void whyNothingIsListedOfACancelledSweepIsTold() {
    gateway.answer("sweeps/s/failures", NO_FAILURES);
    gateway.answer("sweeps/s/progress", "{\"state\": \"running\"}");
    gateway.open("/failures?sweep=s");
    assertThat(page.locator("main .empty")).hasText("Nothing failed.");
    gateway.answer("sweeps/s/progress", "{\"state\": \"cancelled\"}");

    gateway.tell("change", "{\"topic\": \"sweeps\", \"rows\": [{\"key\": \"s\"}]}");

    assertThat(page.locator("main .empty")).containsText("cancelled sweep");
  }

  @Test
  void aViewThatShowsNoSweepsIsNotSentThem() {
    boards(summary("sums", "en"), summary("words", "en"));
    board(entry("a", 1, 0.5));
    gateway.answer("leaderboards/words", pageOf(1, 1, entry("a", 1, 0.5)));
    gateway.open("/leaderboard");

    page.locator("select[name=task]").selectOption("words");

    page.waitForCondition(() -> gateway.watched().size() == 2);
    assertThat(gateway.watched())
        .noneMatch(address -> address.matches(".*(progress|sweeps|scorers).*"));
  }

  @Test
  void thatThereAreNoSweepsIsSaidOnceTheyHaveCome() {
    board(entry("a", 1, 0.5));
    gateway.answer("failures", NO_FAILURES);
    gateway.open("/leaderboard");
    gateway.holdBack();
    page.locator("nav.views a").first().click();
    page.waitForCondition(() -> gateway.watched().getLast().contains("sweeps"));
    Locator sweeps = page.locator("[aria-labelledby=sweeps] .empty");
    assertThat(sweeps).hasText("Loading…");

    gateway.tell("reset", "{}");
    gateway.tell("ready", "{}");

    assertThat(sweeps).not().hasText("Loading…");
  }

  @Test
  void aCancelledSweepDoesNotLeadToFailuresThatAreNotKnown() {
    gateway.answer("failures", NO_FAILURES);
    gateway.open("/overview");
    gateway.tellAll("sweeps", sweep("running"));
    assertThat(page.locator("[data-sweep=s] a")).hasText("400");

    gateway.tellAll("sweeps", sweep("cancelled"));

    assertThat(page.locator("[data-sweep=s]")).containsText("cancelled");
    assertThat(page.locator("[data-sweep=s] a")).hasCount(0);
  }

  @Test
  void aConnectionThatGoesOnWithoutANetworkIsLive() {
    gateway.answer("failures", NO_FAILURES);
    gateway.open("/failures");
    page.evaluate("dispatchEvent(new Event('offline'))");
    assertThat(page.locator(".cut")).isVisible();

    gateway.tell("heartbeat", "{}");

    assertThat(page.locator(".cut")).hasCount(0);
    assertThat(page.locator(".state")).hasText("Live");
  }

  @Test
  void aConnectionThatGoesOnHasAllRowsThoughItWasCutAsTheyWereToldAnew() {
    gateway.answer("failures", NO_FAILURES);
    gateway.open("/overview");
    gateway.tellAll("sweeps", sweep("running"));
    gateway.tell("reset", "{}");
    gateway.tell("error", "{}");

    gateway.tell("open", "{}");
    gateway.tell("ready", "{}");

    assertThat(page.locator(".state")).hasText("Live");
    assertThat(page.locator("[data-sweep=s]")).isVisible();
  }

  @Test
  void aSweepIsAskedForByWhoIsSignedIn() {
    gateway.answer("runs", "{\"runs\": []}");
    gateway.answer("tasks", "{\"tasks\": [], \"total\": 0}");
    gateway.answer("failures", NO_FAILURES);
    gateway.answer("sweeps", "{}");
    gateway.answer(
        "sweeps/estimate",
        """
        {"plan": {"units": 1, "checkpoints": 1, "documents": 1, "tokens": 1, "models": [], "tasks": []},
          "scoredUnits": 0, "operationsLeft": 1, "scorers": 0, "scorerSeconds": null}""");
    gateway.open("/sweep?models=a&tasks=sums");

    Request order =
        page.waitForRequest("**/api/v1/sweeps", () -> page.locator("button.primary").click());

    assertThat(order.postData()).contains("\"sums\"").doesNotContain("requestedBy");
  }

  @Test
  void aScorerIsAtWorkAsLongAsTheGatewayTakesItToBe() {
    gateway.answer("failures", NO_FAILURES);
    gateway.open("/overview");

    gateway.tellAll("sweeps", sweep("running"));
    gateway.tell(
        "change",
        """
        {"topic": "scorers", "rows": [{"key": "x", "value": {"scorer": "x", "device": "cuda",
          "checkpoint": "a@step1", "task": "sums", "units": 1, "tokensPerSecond": 4321,
          "lastAt": "%s", "atWorkUntil": "%s"}}]}"""
            .formatted(Instant.now().minusSeconds(100), Instant.now().plusSeconds(1000)));

    assertThat(page.locator(".last")).hasText("at work");
    assertThat(page.locator("main .big")).containsText("4,321");
  }

  @Test
  void aSpreadsheetComputesNothingOfACsv() {
    gateway.answer("failures", NO_FAILURES);
    gateway.open("/failures");

    assertThat(
            page.evaluate(
                """
                async () => (await import('/page/csv.js')).csv(
                  [['=1', '+1', '-1', '@a', '=a("b")', '-Infinity', 'a=1', -1, null]])"""))
        .isEqualTo("'=1,'+1,'-1,'@a,\"'=a(\"\"b\"\")\",-Infinity,a=1,-1,\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/leaderboard", "/trajectories?runs=a"})
  void whatStandsBehindAPlusMinusIsTold(String address) {
    runs(run("a", "pythia", "standard", 1));
    trajectories(trajectory("a", point(1, 0.5)));
    board(entry("a", 1, 0.5));

    gateway.open(address);

    assertThat(page.locator("main")).containsText("± is one standard error.");
  }

  private static void runs(String... runs) {
    gateway.answer("runs", "{\"runs\": [%s]}".formatted(String.join(",", runs)));
  }

  private static String run(String model, String suite, String variant, int seed) {
    return """
        {"model": "%s", "suite": "%s", "variant": "%s", "seed": %d, "parameters": 1000,
          "language": "en", "checkpoints": 2, "lastStep": 2}"""
        .formatted(model, suite, variant, seed);
  }

  private static String continued(String model, String parent) {
    return run(model, "pythia", "standard", 1)
        .replace("\"en\"", "\"ko\", \"parent\": \"%s\"".formatted(parent));
  }

  /** Of the language that was learned last, and of the one before. */
  private static void continuedBoards(List<String> ko, List<String> en) {
    boards(summary("sums", "en"), summary("munje", "ko"));
    for (String base : List.of("base@step1", "base@step16000", "small@step1")) {
      gateway.answer("scorecards/" + base, "{\"tasks\": {\"sums\": [], \"munje\": []}}");
    }
    gateway.answer("leaderboards/munje", pageOf(1, ko.size(), ko.toArray(String[]::new)));
    board(en.toArray(String[]::new));
  }

  private static String scored(String model, long step, double value) {
    return entry(model, 1, value)
        .replace("\"step1\", \"step\": 1", "\"step%d\", \"step\": %d".formatted(step, step));
  }

  /** The checkpoints that the view of continued runs tells to be on the front. */
  private static Locator front() {
    return page.locator("[aria-labelledby=best] tbody td:first-child");
  }

  private static void continuedFinding(String details) {
    gateway.answer(
        "findings",
        """
        {"findings": [{"finding": "f", "kind": "continued-training", "verdict": "pays",
          "subject": "base|ko|kobest|0|piqa|acc|5|float32", "task": "kobest", "metric": "acc",
          "shots": null, "dtype": "float32", "source": null, "effect": 0.03, "low": 0.01,
          "high": 0.05, "confidence": 0.95, "models": ["a"], "evidence": ["a@step1"],
          "expected": 1, "method": "base-step-z-holm", "computedAt": "2026-07-13T10:15:30Z",
          "details": %s}], "kinds": [], "verdicts": [], "page": 1, "pageSize": 50, "total": 1}"""
            .formatted(details));
  }

  private static void trajectories(String... trajectories) {
    gateway.answer(
        "trajectories",
        "{\"trajectories\": [%s], \"total\": %d}"
            .formatted(String.join(",", trajectories), trajectories.length));
  }

  private static String trajectory(String model, String... points) {
    return """
        {"model": "%s", "task": "sums", "shots": 0, "dtype": "float32", "source": null,
          "points": [%s]}"""
        .formatted(model, String.join(",", points));
  }

  private static String point(long step, double value) {
    return """
        {"revision": "step%d", "step": %d, "tokensSeen": %d, "value": %s, "stderr": 0.1,
          "documents": 10, "ofDocuments": 10}"""
        .formatted(step, step, step, value);
  }

  private static String sweep(String state) {
    return """
        {"key": "s", "value": {"sweep": "s", "requestedAt": "2026-07-13T10:15:30Z",
          "progress": {"state": "%s", "planned": 1000, "done": 100, "failed": 400, "models": []}}}"""
        .formatted(state);
  }

  private static void boards(String... boards) {
    gateway.answer("leaderboards", "{\"leaderboards\": [%s]}".formatted(String.join(",", boards)));
  }

  private static String summary(String task, String language) {
    return """
        {"task": "%s", "shots": 0, "dtype": "float32", "source": null, "language": "%s",
          "tags": ["nano"],
          "metrics": [
            {"metric": "acc", "aggregation": "MEAN", "direction": "HIGHER", "chance": null,
              "target": null},
            {"metric": "acc_norm", "aggregation": "MEAN", "direction": "HIGHER", "chance": null,
              "target": null}]}"""
        .formatted(task, language);
  }

  private static void board(String... entries) {
    gateway.answer("leaderboards/sums", pageOf(1, entries.length, entries));
  }

  private static String pageOf(int number, int total, String... entries) {
    return "{\"entries\": [%s], \"page\": %d, \"total\": %d}"
        .formatted(String.join(",", entries), number, total);
  }

  /**
   * @param value null where it is not finite
   */
  private static String entry(String model, int rank, Double value) {
    return """
        {"rank": %d, "model": "%s", "revision": "step1", "step": 1, "tokensSeen": 1,
          "parameters": 1000, "variant": "standard", "seed": 1, "value": %s, %s "stderr": null,
          "documents": 10, "ofDocuments": 10}"""
        .formatted(rank, model, value, value == null ? "\"notFinite\": \"NaN\"," : "");
  }

  /** The page that is asked for of the board on which these runs are, the best first. */
  private static String pageOf(List<String> ranking, String address) {
    int number = parameter(address, "page");
    int size = parameter(address, "pageSize");
    return pageOf(
        number,
        ranking.size(),
        IntStream.range((number - 1) * size, Math.min(number * size, ranking.size()))
            .mapToObj(i -> entry(ranking.get(i), i + 1, 0.5))
            .toArray(String[]::new));
  }

  private static int parameter(String address, String name) {
    Matcher value = Pattern.compile("[?&]%s=(\\d+)".formatted(name)).matcher(address);
    assertThat(value.find()).isTrue();
    return Integer.parseInt(value.group(1));
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "run-" + i).toList();
  }

  /** The lines of the file that the first button gives. */
  private static List<String> csv() throws IOException {
    Download download = page.waitForDownload(() -> page.getByText("Download CSV").first().click());
    return Files.readAllLines(download.path());
  }
}
