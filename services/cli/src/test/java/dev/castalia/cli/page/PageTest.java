package dev.castalia.cli.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.castalia.cli.MadeUp;
import dev.castalia.cli.cluster.ClusterOptions;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.SweepOrder;
import dev.castalia.cli.progress.SweepWatch;
import dev.castalia.cli.suite.Suite;
import dev.castalia.cli.suite.SuitePublisher;
import java.net.URI;
import java.nio.file.Files;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a real browser, on a real mesh that has scored really trained checkpoints. */
@Tag("slow")
class PageTest {

  private static final int MOST_BYTES = 600_000;

  /** Their pages, which go from view to view. */
  private static final Map<Reader, Page> READERS = new EnumMap<>(Reader.class);

  private static Chromium chromium;
  private static LocalCluster cluster;
  private static GatewayClient gateway;

  @BeforeAll
  static void start() throws InterruptedException {
    chromium = Chromium.start();
    cluster =
        LocalCluster.start(
            Installation.find(), ClusterOptions.withScorers(1).forMinutes(), System.out::println);
    gateway = new GatewayClient(URI.create(cluster.gatewayUrl()));
    new SuitePublisher(gateway)
        .publish(Suite.read(Installation.find().suite("nano")).announcement(Suite.Steps.DEMO));
    score("first", "nano-74k*,nano-197k*", "nano_agreement,nano_pronoun_bias,nano_ko_particle");
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      gateway.close();
      cluster.close();
    }
    READERS.clear();
    if (chromium != null) {
      chromium.close();
    }
  }

  @AfterEach
  void nothingWasRefusedOrThrown() {
    assertThat(chromium.complaints()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          /overview                                                        ; first
          /leaderboard?task=nano_agreement&steps=512                       ; nano-197k
          /trajectories?task=nano_pronoun_bias&metric=pct_stereotype       ; nano-74k
          /scaling?task=nano_agreement&step=512                            ; standard
          /continued                                                       ; from step 512
          /findings?about=nano-74k%7C                                      ; Question
          /failures                                                        ; What to do
          /sweep?models=nano-480k&tasks=nano_agreement                     ; 9
          """)
  void everyViewHasAnAddressShowsWhatIsThereAndAxeFindsNothing(String address, String shown) {
    for (Reader reader : Reader.values()) {
      Page page = READERS.computeIfAbsent(reader, Reader::page);
      page.navigate(cluster.gatewayUrl() + address);
      assertThat(page.locator(".state.live")).isVisible();
      if (reader == Reader.ENGLISH_LIGHT_WIDE && !address.equals("/failures")) {
        assertThat(page.locator("main")).containsText(shown);
      }
      awaitRest(page);
      assertThat(page.locator("html")).hasAttribute("lang", reader.language);
      // Legacy mode looks into no frames of other origins, of which there are none.
      var violations = new AxeBuilder(page).setLegacyMode(true).analyze().getViolations();
      assertThat(violations)
          .as("%s for %s", address, reader)
          .extracting(it -> it.getId() + ": " + it.getNodes())
          .isEmpty();
      assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
          .as("%s fits the width for %s", address, reader)
          .isEqualTo(true);
    }
  }

  private enum Reader {
    ENGLISH_LIGHT_WIDE("en", ColorScheme.LIGHT, 1400),
    KOREAN_DARK_NARROW("ko", ColorScheme.DARK, 400);

    private final String language;
    private final ColorScheme look;
    private final int width;

    Reader(String language, ColorScheme look, int width) {
      this.language = language;
      this.look = look;
      this.width = width;
    }

    Page page() {
      return chromium.page(language, look, width, 900);
    }
  }

  @Test
  void theFirstLoadIsSmallPlotsIncluded() {
    try (Page page = chromium.page()) {
      page.navigate(cluster.gatewayUrl() + "/trajectories?task=nano_agreement");
      assertThat(page.locator("canvas").first()).isVisible();
      int bytes =
          (int)
              page.evaluate(
                  "performance.getEntriesByType('resource').filter(it =>"
                      + " it.name.includes('/page/')).reduce((sum, it) => sum +"
                      + " it.encodedBodySize, 0)");
      System.out.println("figure: first load of the page with a plot: " + bytes + " bytes");
      assertThat(bytes).isBetween(100_000, MOST_BYTES);
    }
  }

  @Test
  void filtersAreInTheAddressAndTheAddressFilters() {
    try (Page page = chromium.tab()) {
      page.navigate(cluster.gatewayUrl() + "/leaderboard?task=nano_agreement");
      page.getByLabel("Models", new Page.GetByLabelOptions().setExact(true)).fill("nano-74k");
      page.getByLabel("Steps", new Page.GetByLabelOptions().setExact(true)).fill("512,2000");
      page.keyboard().press("Tab");

      assertThat(page.locator("tr[data-checkpoint]")).hasCount(2);
      assertThat(page)
          .hasURL(Pattern.compile(".*task=nano_agreement&model=nano-74k&steps=512%2C2000$"));
      String address = page.url();
      page.navigate(cluster.gatewayUrl() + "/overview");
      page.navigate(address);
      assertThat(page.locator("tr[data-checkpoint]")).hasCount(2);
      assertThat(page.locator("main")).containsText("nano-74k");
    }
  }

  @Test
  void aSweepIsPlannedEnqueuedAndWatchedWithoutReloading() {
    try (Page page = chromium.tab()) {
      page.navigate(
          cluster.gatewayUrl() + "/sweep?models=nano-480k&tasks=nano_agreement&id=from-page");
      assertThat(page.locator(".big")).containsText("units");
      enqueueButton(page).click();

      assertThat(page).hasURL(Pattern.compile(".*/overview$"));
      Locator sweep = page.locator("[data-sweep=from-page]");
      assertThat(sweep).isVisible();
      assertThat(sweep).containsText("done");
      assertThat(page.locator("main")).containsText("scorer-1");
      assertThat(page.locator("main")).containsText("CPU");
    }
  }

  @Test
  void whatWasNotPlannedYetIsNotEnqueued() {
    try (Page page = chromium.tab()) {
      List<String> enqueued = enqueuedOf(page);
      page.navigate(cluster.gatewayUrl() + "/sweep?models=nano-480k&tasks=nano_agreement");
      Locator button = enqueueButton(page);
      assertThat(button).isEnabled();
      String planned = button.innerText();

      page.locator("input[name=models]").fill("*");
      button.click();

      assertThat(button).not().hasText(planned);
      assertThat(button).isEnabled();
      assertThat(enqueued).isEmpty();
    }
  }

  @Test
  void aSweepIsEnqueuedOnceHoweverOftenTheButtonIsClicked() {
    try (Page page = chromium.tab()) {
      List<String> enqueued = enqueuedOf(page);
      page.navigate(cluster.gatewayUrl() + "/sweep?models=nano-480k&tasks=nano_agreement");

      enqueueButton(page).dblclick();

      assertThat(page).hasURL(Pattern.compile(".*/overview$"));
      assertThat(enqueued).singleElement().asString().contains("nano-480k", "nano_agreement");
    }
  }

  /** The orders that the page enqueues from now on; they do not get as far as the gateway. */
  private static List<String> enqueuedOf(Page page) {
    List<String> orders = new CopyOnWriteArrayList<>();
    page.route(
        "**/api/v1/sweeps",
        route -> {
          orders.add(route.request().postData());
          route.fulfill(
              new Route.FulfillOptions().setContentType("application/json").setBody("{}"));
        });
    return orders;
  }

  private static Locator enqueueButton(Page page) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("Enqueue")));
  }

  @Test
  void aNumberOfShotsThatIsNoneIsRefused() {
    try (Page page = chromium.tab()) {
      page.navigate(
          cluster.gatewayUrl() + "/sweep?models=nano-480k&tasks=nano_agreement&shots=few");

      assertThat(page.locator(".problem")).containsText("shots");
    }
    // Once, or again where the mesh said meanwhile that something is new.
    assertThat(chromium.complaints()).isNotEmpty().allMatch(it -> it.contains("estimate"));
  }

  @Test
  void aReaderWhoseNetworkIsCutIsToldAndCatchesUp() throws InterruptedException {
    try (Page page = chromium.page()) {
      page.navigate(cluster.gatewayUrl() + "/leaderboard?task=nano_recall");
      page.navigate(cluster.gatewayUrl() + "/overview");
      assertThat(page.locator(".state.live")).isVisible();
      page.context().setOffline(true);
      assertThat(page.locator(".cut")).containsText("catch up by itself");
      score("meanwhile", "nano-74k", "nano_recall");

      page.context().setOffline(false);

      assertThat(page.locator("[data-sweep=meanwhile]")).containsText("done");
      assertThat(page.locator(".cut")).hasCount(0);
    }
  }

  @Test
  void aQuietConnectionThatIsAliveIsNotOpenedAnew() {
    try (Page page = chromium.page()) {
      page.clock().install();
      keepSources(page);
      page.navigate(cluster.gatewayUrl() + "/findings?about=no");
      assertThat(page.locator(".state.live")).isVisible();
      int opened = (int) page.evaluate("sources.length");
      for (int i = 0; i < 4; i++) {
        page.clock().fastForward("00:30");
        page.evaluate("sources.at(-1).dispatchEvent(new MessageEvent('heartbeat'))");
      }

      assertThat(page.evaluate("sources.length")).isEqualTo(opened);

      page.clock().fastForward("00:50");
      assertThat(page.evaluate("sources.length")).isEqualTo(opened + 1);
    }
  }

  /** The connections for events that the page opens, the latest last, are in its sources. */
  private static void keepSources(Page page) {
    page.addInitScript(
        """
        window.sources = [];
        window.EventSource = class extends EventSource {
          constructor(address) {
            super(address);
            sources.push(this);
          }
        };""");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/overview",
        "/leaderboard",
        "/trajectories",
        "/scaling",
        "/continued",
        "/findings",
        "/failures"
      })
  void aViewThatCannotBeReadSaysSoUntilItCan(String address) {
    Pattern reads = Pattern.compile(".*/api/v1/(?!events).*");
    try (Page page = chromium.page()) {
      page.clock().install();
      page.route(
          reads,
          route ->
              route.fulfill(
                  new Route.FulfillOptions()
                      .setStatus(503)
                      .setContentType("application/problem+json")
                      .setBody("{\"detail\": \"The gateway is still reading.\"}")));
      page.navigate(cluster.gatewayUrl() + address);

      assertThat(page.locator(".problem")).hasText("The gateway is still reading.");
      assertThat(page.locator("main .empty").last()).hasText("This could not be read.");
      assertThat(page.locator("main")).not().containsText("in all");
      assertThat(page.locator(".state.live")).isVisible();
      // Once more it is read because the connection has begun.
      page.waitForResponse(
          response -> response.status() == 503, () -> page.clock().runFor("00:02"));
      page.unroute(reads);
      page.clock().fastForward("00:06");

      assertThat(page.locator(".problem")).hasCount(0);
      assertThat(page.locator("main")).not().containsText("This could not be read.");
      assertThat(chromium.complaints()).isNotEmpty().allMatch(it -> it.contains("503"));
    }
  }

  @Test
  void whatIsChosenWhileTheConnectionIsCutIsReadWhenItGoesOn() {
    String read = "**/api/v1/failures?model=nobody-else*";
    try (Page page = chromium.page()) {
      page.clock().install();
      keepSources(page);
      page.navigate(cluster.gatewayUrl() + "/failures?model=nobody");
      assertThat(page.locator(".state.live")).isVisible();
      awaitRest(page);
      page.route(read, route -> route.abort("internetdisconnected"));
      page.evaluate("sources.at(-1).dispatchEvent(new Event('error'))");
      assertThat(page.locator(".cut")).isVisible();
      page.getByLabel("Models", new Page.GetByLabelOptions().setExact(true)).fill("nobody-else");
      page.keyboard().press("Tab");
      assertThat(page.locator("main .empty")).hasText("This could not be read.");
      page.clock().fastForward("00:06");
      page.unroute(read);

      page.evaluate("sources.at(-1).dispatchEvent(new MessageEvent('ready'))");

      assertThat(page.locator("main .empty")).hasText("Nothing matches these filters.");
    }
  }

  @Test
  void aViewWhoseReadIsNeverAnsweredGoesOnWithTheNextOne() {
    try (Page page = chromium.page()) {
      page.addInitScript(
          """
          window.waiting = [];
          AbortSignal.timeout = () => {
            const control = new AbortController();
            waiting.push(control);
            return control.signal;
          };""");
      page.navigate(cluster.gatewayUrl() + "/failures");
      awaitRest(page);
      page.route("**/api/v1/failures?model=silent*", route -> {});
      page.getByLabel("Models", new Page.GetByLabelOptions().setExact(true)).fill("silent");
      page.waitForRequest(
          request -> request.url().contains("model=silent"), () -> page.keyboard().press("Tab"));
      assertThat(page.locator("main > [aria-busy=true]")).isVisible();

      page.evaluate("waiting.forEach(it => it.abort(new DOMException('', 'TimeoutError')))");

      awaitRest(page);
    }
  }

  @Test
  void theTableFollowsTheScoresButNotUnderThePointer() throws InterruptedException {
    score("few", "nano-74k-deduped", "nano_memorization");
    try (Page page = chromium.tab()) {
      page.navigate(cluster.gatewayUrl() + "/leaderboard?task=nano_memorization");
      assertThat(page.locator("tr[data-checkpoint]")).hasCount(4);
      page.locator("tr[data-checkpoint]").first().hover();
      score("more", "nano-74k", "nano_memorization");

      assertThat(page.locator(".board-foot")).containsText("New order waits");
      assertThat(page.locator("tr[data-checkpoint]")).hasCount(4);

      page.mouse().move(5, 5);
      assertThat(page.locator("tr[data-checkpoint]")).hasCount(13);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/leaderboard", "/trajectories", "/scaling", "/continued"})
  void aViewThatIsOpenedBeforeAnythingIsScoredShowsTheFirstScores(String address) {
    try (ManyScores scores = new ManyScores(cluster);
        Page page = chromium.tab()) {
      answer(page, "**/api/v1/leaderboards", "{\"leaderboards\": []}");
      openAndWatch(page, address);
      assertThat(page.locator("main .empty")).isVisible();

      page.unroute("**/api/v1/leaderboards");
      scores.write("first", 512, "zz-first", 0, 0.5);

      assertThat(page.locator("main form.choices")).isVisible();
    }
  }

  @Test
  void aBoardThatIsOpenedBeforeItsFirstScoreTakesThePlaceOfTheOneShownMeanwhile() {
    try (ManyScores scores = new ManyScores(cluster);
        Page page = chromium.tab()) {
      openAndWatch(page, "/leaderboard?task=zz-awaited");
      assertThat(page.locator("tr[data-checkpoint]").first()).isVisible();

      scores.write("awaited", 512, "zz-awaited", 0, 0.5);

      assertThat(page.locator("[data-checkpoint='awaited@step512']")).isVisible();
    }
  }

  @Test
  void runsThatAreTickedOneRightAfterTheOtherAreAllChosen() {
    try (Page page = chromium.tab()) {
      page.navigate(
          cluster.gatewayUrl() + "/trajectories?task=nano_agreement&metric=acc&runs=nano-197k");
      page.locator(".picker summary").click();
      assertThat(page.locator(".picker [type=checkbox]").first()).isVisible();

      page.evaluate(
          """
          ['nano-74k', 'nano-74k-deduped'].forEach(run =>
            document.querySelector(`.picker [value='${run}']`).click())""");

      assertThat(page).hasURL(Pattern.compile(".*runs=nano-197k%2Cnano-74k%2Cnano-74k-deduped$"));
    }
  }

  @Test
  void aTaskThatIsShownIsTheOneSelectedWhateverWasSelectedBefore() {
    try (Page page = chromium.tab()) {
      page.navigate(cluster.gatewayUrl() + "/leaderboard?task=nano_agreement");
      Locator task = page.locator("select[name=task]");
      Locator board = page.locator(".long");
      for (String name : List.of("nano_pronoun_bias", "nano_agreement", "nano_pronoun_bias")) {
        task.selectOption(name);
        assertThat(board)
            .hasAttribute("aria-label", Pattern.compile("Leaderboard of " + name + " .*"));
      }

      page.evaluate(
          "async () => (await import('/page/address.js')).choose({task: 'nano_agreement'})");

      assertThat(board)
          .hasAttribute("aria-label", Pattern.compile("Leaderboard of nano_agreement .*"));
      assertThat(task).hasValue("nano_agreement");
    }
  }

  @Test
  void continuedRunsAreShownHoweverManyThereAre() {
    try (Page page = chromium.tab()) {
      page.route(
          "**/api/v1/runs",
          route -> {
            String more =
                IntStream.range(0, 1000)
                    .mapToObj(
                        """
                        , {"model": "nano-74k-in-many-languages-%d", "parent": "nano-74k@step512",
                          "parameters": 74368, "variant": "standard", "checkpoints": 1, "lastStep": 1}
                        """
                            ::formatted)
                    .collect(Collectors.joining("", "", "]}"));
            APIResponse runs = route.fetch();
            route.fulfill(
                new Route.FulfillOptions()
                    .setResponse(runs)
                    .setBody(runs.text().replaceFirst("]}$", more)));
          });
      page.navigate(cluster.gatewayUrl() + "/continued");

      assertThat(page.locator("canvas")).hasCount(1);
      assertThat(page.locator(".state.live")).isVisible();
    }
  }

  @Test
  void theLanguageIsTheBrowsersUntilTheReaderChoosesAnother() {
    try (Page page = chromium.page("ko", ColorScheme.LIGHT, 1400, 900)) {
      page.navigate(cluster.gatewayUrl() + "/leaderboard");
      assertThat(page.locator("h1")).hasText("리더보드");
      page.getByLabel("언어").selectOption("en");
      assertThat(page.locator("h1")).hasText("Leaderboard");
      page.reload();
      assertThat(page.locator("h1")).hasText("Leaderboard");
    }
  }

  @Test
  void thePlotsDataAreThereAsCsv() throws Exception {
    try (Page page = chromium.tab()) {
      page.navigate(
          cluster.gatewayUrl() + "/trajectories?task=nano_agreement&metric=acc&runs=nano-74k");
      Download download = csv(page, 0);

      List<String> lines = Files.readAllLines(download.path());
      assertThat(download.suggestedFilename()).isEqualTo("nano_agreement-acc-trajectories.csv");
      assertThat(lines).hasSize(1 + 9);
      assertThat(lines.getFirst())
          .endsWith("run,step,tokens,value,notFinite,stderr,low,high,documents");
      assertThat(lines.get(1)).startsWith("nano-74k,0,0,");
    }
  }

  @Test
  void theLeaderboardShownIsThereAsCsv() throws Exception {
    try (Page page = chromium.tab()) {
      page.navigate(
          cluster.gatewayUrl() + "/leaderboard?task=nano_agreement&metric=acc&model=nano-74k");
      assertThat(page.locator("tr[data-checkpoint]")).hasCount(9);
      List<String> shown =
          page.locator("tr[data-checkpoint]").all().stream()
              .map(row -> row.getAttribute("data-checkpoint"))
              .toList();

      Download download = csv(page, 0);

      assertThat(download.suggestedFilename()).isEqualTo("nano_agreement-acc.csv");
      List<String> lines = Files.readAllLines(download.path());
      assertThat(lines.getFirst())
          .endsWith(
              "rank,model,revision,step,parameters,variant,seed,value,notFinite,stderr,documents,ofDocuments");
      assertThat(lines.stream().skip(1).map(it -> it.split(",")).map(it -> it[1] + "@" + it[2]))
          .containsExactlyElementsOf(shown);
    }
  }

  @Test
  void aReaderWithoutAPointerGoesFromViewToViewByKeyboard() {
    try (Page page = chromium.tab()) {
      page.navigate(cluster.gatewayUrl() + "/overview");
      assertThat(page.locator("h1")).hasText("Overview");
      page.keyboard().press("Tab");
      assertThat(page.locator(".skip")).isFocused();
      for (int i = 0; i < 3; i++) {
        page.keyboard().press("Tab");
      }
      page.keyboard().press("Enter");
      assertThat(page.locator("h1")).hasText("Leaderboard");
      assertThat(page.locator("main")).isFocused();
      page.goBack();
      assertThat(page.locator("h1")).hasText("Overview");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"log", "linear", "tokens"})
  void aTrajectoryIsDrawnAlongEveryAxis(String axis) {
    try (Page page = chromium.tab()) {
      page.navigate(
          cluster.gatewayUrl()
              + "/trajectories?task=nano_pronoun_bias&metric=pct_stereotype&runs=nano-74k*"
              + "&seeds=true&variants=true&axis="
              + axis);
      assertThat(page.locator("canvas")).hasCount(2);
      assertThat(page.locator(".legend").first()).containsText("3 seeds");
    }
  }

  @Test
  void aGroupIsRankedByTheMeanOverItsTasks() {
    try (ManyScores scores = new ManyScores(cluster, "zz-group")) {
      scores.write("grouped", 512, "zz-grouped-a", 0, 0.5);
      scores.write("grouped", 512, "zz-grouped-b", 0, 0.7);
      scores.write("grouped", 512, "zz-grouped-c", 0, "f1", 0.5, 0.9);
    }
    try (Page page = chromium.tab()) {
      page.navigate(cluster.gatewayUrl() + "/leaderboard?task=group:zz-group");

      assertThat(page.locator("select[name=task] optgroup option")).hasText("zz-group");
      assertThat(page.locator(".board-foot")).containsText("Mean over 2 tasks");
      assertThat(page.locator("[data-checkpoint='grouped@step512'] .value")).containsText("0.6000");
    }
  }

  @Test
  void aChanceLevelIsToldInAsManyDigitsAsAreRead() {
    try (ManyScores scores = new ManyScores(cluster)) {
      scores.write("guessing", 512, "zz-three-choices", 0, "acc", 1.0 / 3, 0.5);
    }
    try (Page page = chromium.tab()) {
      page.navigate(cluster.gatewayUrl() + "/leaderboard?task=zz-three-choices");

      assertThat(page.locator("main header p")).hasText("higher is better · chance is 0.3333");
    }
  }

  @Test
  void aShareIsAllOnlyWhereNothingIsLeft() {
    try (Page page = chromium.tab()) {
      page.navigate(cluster.gatewayUrl() + "/findings?about=no");

      assertThat(
              page.evaluate(
                  """
                  async () => {
                    const { percent } = await import('/page/language.js');
                    return [0, 0.95, 4223 / 4224, 1].map(percent).join(' ');
                  }"""))
          .isEqualTo("0% 95% 99% 100%");
    }
  }

  @Test
  void whatExamplesInThePromptAddIsDrawnAndThereAsCsv() throws Exception {
    try (ManyScores scores = new ManyScores(cluster)) {
      scores.write("prompted", 512, "zz-prompted", 0, 0.5);
      scores.write("prompted", 512, "zz-prompted", 5, 0.75);
    }
    try (Page page = chromium.tab()) {
      page.navigate(cluster.gatewayUrl() + "/scaling?task=zz-prompted&step=512");
      assertThat(page.locator("canvas")).hasCount(2);

      Download download = csv(page, 1);

      assertThat(download.suggestedFilename()).isEqualTo("zz-prompted-acc-few-shot-gain.csv");
      assertThat(Files.readAllLines(download.path()))
          .satisfiesExactly(
              names -> assertThat(names).endsWith("shots,checkpoint,parameters,gain,stderr"),
              gain -> assertThat(gain).startsWith("5,prompted@step512,").contains(",0.25,"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2097152, float32, nano-74k, standard: sudden Method",
    "8192000, float32, nano-74k, 'sudden (after 8.19M tokens, not at this step) Method'",
    "2097152, float16, nano-74k,",
    "2097152, float32, other,"
  })
  void aShapeIsOfTheCheckpointsShownOrSaysOfWhichItIs(
      long tokens, String dtype, String model, String shown) {
    try (Page page = chromium.tab()) {
      answer(
          page,
          "**/api/v1/findings?kind=scaling*",
          """
          {"findings": [{"verdict": "sudden", "task": "nano_agreement", "metric": "acc", "shots": 0,
            "dtype": "%s", "source": null, "models": ["%s"], "method": "aicc-shapes",
            "details": {"variant": "standard", "gainFromShots": null, "tokensSeen": %d,
              "shapes": [{"shape": "sudden", "fromParameters": 74368, "toParameters": 198400}]}}]}
          """
              .formatted(dtype, model, tokens));
      page.navigate(cluster.gatewayUrl() + "/scaling?task=nano_agreement&metric=acc&step=512");
      assertThat(page.locator("canvas")).hasCount(1);

      Locator found = page.locator("main .card p:has(strong)");
      if (shown == null) {
        assertThat(found).hasCount(0);
      } else {
        assertThat(found).containsText(shown);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          .25, .25, .40 ; .01  ; .25  ; HIGHER  ; sudden     ; 2-3
          .25, .25, .40 ; .01  ; .25  ; HIGHER  ; log-linear ; 2-3
          .50, .50, .80 ; .01  ; .25  ; HIGHER  ; sudden     ;
          .40, .40, .25 ; .01  ; .25  ; HIGHER  ; sudden     ;
          .40, .40, .25 ; .01  ; .40  ; LOWER   ; sudden     ; 2-3
          .25, .25, .40 ; .01  ; null ; HIGHER  ; sudden     ;
          .50, .50, .80 ; .01  ; .50  ; NEAREST ; sudden     ;
          .25, .24, .26 ; null ; .25  ; HIGHER  ; log-linear ;
          .25, .25, .40 ; null ; .25  ; HIGHER  ; sudden     ;
          """)
  void aScoreEmergesWhereItIsKnownToGetBetterThanChance(
      String values, String stderr, String chance, String direction, String shape, String sizes) {
    assertThat(
            ofScaling(
                """
                emergence({
                    points: [%s].map((value, i) => ({ x: i + 1, parameters: 10 ** (i + 1), value, stderr: %s })),
                    shape: { shape: '%s', fromParameters: 100, toParameters: 1000 },
                  }, { chance: %s, direction: '%s' })?.join('-') ?? null"""
                    .formatted(values, stderr, shape, chance, direction)))
        .isEqualTo(sizes);
  }

  @Test
  void runsOfTheSameDocumentsAreTakenToErrAlike() {
    assertThat(
            ofScaling(
                """
                JSON.stringify([
                  average([{ value: 1, stderr: 0.25 }, { value: 2, stderr: 0.25 }]),
                  average([{ value: 1, stderr: 0.25 }, { value: 2, stderr: null }])])"""))
        .isEqualTo(
            "[{\"runs\":2,\"value\":1.5,\"stderr\":0.25},{\"runs\":2,\"value\":1.5,\"stderr\":null}]");
  }

  private static Object ofScaling(String expression) {
    try (Page page = chromium.tab()) {
      page.navigate(cluster.gatewayUrl() + "/findings?about=no");
      return page.evaluate(
          """
          async () => {
            const { average, emergence } = await import('/page/views/scaling.js');
            return %s;
          }"""
              .formatted(expression));
    }
  }

  @Test
  void thePhasesOfABiasAreOfThePrecisionShown() {
    try (Page page = chromium.tab()) {
      answer(
          page,
          "**/api/v1/findings?kind=bias-trajectory*",
          """
          {"findings": [%s, %s]}
          """
              .formatted(bias("float16", "moves-away"), bias("float32", "moves-nearer")));
      page.navigate(
          cluster.gatewayUrl()
              + "/trajectories?task=nano_pronoun_bias&metric=pct_stereotype&runs=nano-74k");

      assertThat(page.locator("main .card p strong")).hasText("moves nearer to unbiased");
    }
  }

  private static String bias(String dtype, String verdict) {
    return """
        {"verdict": "%s", "task": "nano_pronoun_bias", "metric": "pct_stereotype", "shots": 0,
          "dtype": "%s", "source": null, "method": "broken-line-bic", "details": {"phases": []}}
        """
        .formatted(verdict, dtype);
  }

  @Test
  void aStandingSweepIsCancelledOnThePage() {
    gateway.createSweep(
        new SweepOrder(
            "goes-on",
            "test",
            List.of("not-yet-*"),
            "all",
            List.of("nano_recall"),
            null,
            null,
            true,
            0));
    try (Page page = chromium.tab()) {
      page.onDialog(Dialog::accept);
      page.navigate(cluster.gatewayUrl() + "/overview");
      Locator sweep = page.locator("[data-sweep=goes-on]");
      sweep.getByRole(AriaRole.BUTTON).click();

      assertThat(sweep).containsText("cancelled");
    }
  }

  @Test
  void aFailureSaysWhyAndWhatToDoAndIsRetried() throws InterruptedException {
    gateway.publishCheckpoints(List.of(MadeUp.checkpoint("nowhere", 1, 1000)));
    score("fails", "nowhere", "nano_recall");
    try (Page page = chromium.tab()) {
      page.navigate(cluster.gatewayUrl() + "/failures?model=nowhere");
      Locator failure = page.locator(".failure").first();
      assertThat(failure).containsText("nowhere@step1");
      assertThat(failure).containsText("/nowhere");
      assertThat(failure).containsText("What to do");
      failure.getByRole(AriaRole.BUTTON).click();

      assertThat(page.locator("p[role=status]")).containsText("tried again");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/failures", "/findings"})
  void aPageThatIsNoMoreIsTheLastThatThereIs(String address) {
    String list = address.substring(1);
    try (Page page = chromium.tab()) {
      answer(
          page,
          "**/api/v1/%s?*pageSize=50*".formatted(list),
          "{\"%s\": [], \"page\": 3, \"pageSize\": 50, \"total\": 51}".formatted(list));
      answer(
          page,
          "**/api/v1/%s?page=2*".formatted(list),
          """
          {"failures": [{"failure": "x@step1|a|0", "checkpoint": "x@step1", "task": "a", "kind": "EXHAUSTED", "reason": "why", "remedy": "none", "start": 0, "end": 1, "attempts": 3, "failedAt": "2026-07-13T10:15:30Z"}],
            "findings": [{"finding": "f", "kind": "seeds", "subject": "x", "verdict": "flat", "expected": 1, "method": "m", "computedAt": "2026-07-13T10:15:30Z"}],
            "page": 2, "pageSize": 50, "total": 51}""");
      page.navigate(cluster.gatewayUrl() + address + "?page=3");

      assertThat(page.locator(".finding")).hasCount(1);
      assertThat(page.locator(".pages")).containsText("Page 2 of 2");
    }
  }

  @Test
  void aSweepsFailuresHaveNoFieldsThatDoNothing() {
    try (Page page = chromium.tab()) {
      page.navigate(cluster.gatewayUrl() + "/failures?sweep=first&model=nano-74k");
      awaitRest(page);
      assertThat(page.locator("form.choices [name]")).hasCount(1);

      page.getByLabel("Sweep").fill("");
      page.keyboard().press("Tab");

      assertThat(page.getByLabel("Models")).hasValue("nano-74k");
    }
  }

  @Test
  void aFindingLeadsToItsPlot() {
    try (Page page = chromium.tab()) {
      page.navigate(
          cluster.gatewayUrl()
              + "/findings?kind=bias-trajectory&about=nano-74k%7Cnano_pronoun_bias%7Cpct_stereotype");
      page.locator(".finding a").first().click();

      assertThat(page).hasURL(Pattern.compile(".*/trajectories\\?task=nano_pronoun_bias&.*"));
      assertThat(page.locator("canvas")).hasCount(1);
      assertThat(page.locator("main")).containsText("Method");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          /trajectories?task=nano_agreement&metric=acc&runs=nano-74k,nano-74k-deduped&variants=true ; 2 ; nano_agreement-acc-deduped-minus-standard.csv
          /scaling?task=nano_agreement&metric=acc&step=512 ; 1 ; nano_agreement-acc-step512-by-size.csv
          /continued                                       ; 1 ; continued-pre-training.csv
          """)
  void everyPlotsDataAreThereAsCsv(String address, int plots, String file) throws Exception {
    try (Page page = chromium.tab()) {
      page.navigate(cluster.gatewayUrl() + address);
      assertThat(page.locator("canvas")).hasCount(plots);
      Download download = csv(page, plots - 1);
      assertThat(download.suggestedFilename()).isEqualTo(file);
      assertThat(Files.readAllLines(download.path())).hasSizeGreaterThan(1);
    }
  }

  /** The file that a plot's button gives, plots counted from 0. */
  private static Download csv(Page page, int plot) {
    return page.waitForDownload(
        () ->
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Download CSV"))
                .nth(plot)
                .click());
  }

  /** Answers in the gateway's place. */
  private static void answer(Page page, String place, String json) {
    page.route(
        place,
        route ->
            route.fulfill(
                new Route.FulfillOptions().setContentType("application/json").setBody(json)));
  }

  /**
   * Until the view of boards has read once more what it shows, as it does when it begins to watch.
   */
  private static void openAndWatch(Page page, String address) {
    AtomicInteger reads = new AtomicInteger();
    page.onResponse(
        response -> {
          if (response.url().endsWith("/api/v1/leaderboards")) {
            reads.incrementAndGet();
          }
        });
    page.navigate(cluster.gatewayUrl() + address);
    page.waitForCondition(() -> reads.get() > 1);
    awaitRest(page);
  }

  /** Until the view has read what it shows. */
  private static void awaitRest(Page page) {
    assertThat(page.locator("main > [aria-busy=false]")).isVisible();
  }

  private static void score(String id, String models, String tasks) throws InterruptedException {
    order(id, models, "all", tasks);
    new SweepWatch(gateway, id).each(progress -> {});
  }

  private static void order(String id, String models, String steps, String tasks) {
    gateway.createSweep(
        new SweepOrder(
            id,
            "test",
            List.of(models.split(",")),
            steps,
            List.of(tasks.split(",")),
            null,
            null,
            false,
            0));
  }
}
