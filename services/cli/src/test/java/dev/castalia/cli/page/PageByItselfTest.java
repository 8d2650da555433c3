package dev.castalia.cli.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a real browser, with answers that no mesh gives when they are wanted. */
@Tag("slow")
class PageByItselfTest {

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

  private static void runs(String... runs) {
    gateway.answer("runs", "{\"runs\": [%s]}".formatted(String.join(",", runs)));
  }

  private static String run(String model, String suite, String variant, int seed) {
    return """
        {"model": "%s", "suite": "%s", "variant": "%s", "seed": %d, "parameters": 1000,
          "language": "en", "checkpoints": 2, "lastStep": 2}"""
        .formatted(model, suite, variant, seed);
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
}
