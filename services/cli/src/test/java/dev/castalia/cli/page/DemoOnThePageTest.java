package dev.castalia.cli.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.castalia.cli.cluster.Installation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The demo as somebody sees it who opens its page at once: prints how the page moves, and leaves in
 * target/page-pictures the pictures that the README shows, and one of every view in both languages
 * and looks and at two widths.
 */
@Tag("manual")
@Tag("load")
class DemoOnThePageTest {

  private static final Path PICTURES = Path.of("target/page-pictures");

  /** Longer than this, a page looks dead. */
  private static final double MOST_STILL_MILLIS = 3000;

  /** The pictures of the README but the overview, which is taken while the sweep runs. */
  private static final Map<String, String> SHOWN =
      Map.of(
          "leaderboard", "/leaderboard?task=nano_sum&metric=acc",
          "trajectories",
              "/trajectories?task=nano_pronoun_bias&metric=pct_stereotype&runs=nano-197k",
          "seeds",
              "/trajectories?task=nano_sum&metric=acc&runs=nano-74k,nano-74k-seed1,nano-74k-seed2,nano-197k,nano-480k&seeds=true",
          "scaling", "/scaling?task=nano_sum&metric=acc&step=512");

  private static final Map<String, String> VIEWS =
      Map.of(
          "overview", "/overview",
          "leaderboard", "/leaderboard?task=nano_agreement",
          "trajectories",
              "/trajectories?task=nano_pronoun_bias&metric=pct_stereotype&runs=nano-197k",
          "seeds", "/trajectories?task=nano_agreement&seeds=true&variants=true",
          "scaling", "/scaling?task=nano_agreement&step=2000",
          "continued", "/continued",
          "findings", "/findings",
          "failures", "/failures",
          "sweep", "/sweep?models=nano-480k&tasks=nano_agreement");

  @Test
  void thePageMovesFromTheFirstSecondToTheLast() throws Exception {
    Process demo =
        new ProcessBuilder(
                Installation.find().root().resolve("castalia").toString(), "demo", "--port", "8470")
            .redirectErrorStream(true)
            .start();
    CompletableFuture<String> address = new CompletableFuture<>();
    CompletableFuture<String> done = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> read(demo, address, done));
    try (Chromium chromium = Chromium.start();
        Page page = chromium.page("en", ColorScheme.LIGHT, 1200, 640)) {
      String gateway = address.get(3, TimeUnit.MINUTES);
      page.navigate(gateway + "/overview");
      assertThat(page.locator("[data-sweep]")).isVisible();
      page.evaluate(RECORD);
      String end = awaitWhilePainting(page, done);
      double ended = ((Number) page.evaluate("performance.now()")).doubleValue();
      double[] changes =
          DoubleStream.concat(
                  ((List<?>) page.evaluate("window.changes"))
                      .stream().mapToDouble(it -> ((Number) it).doubleValue()),
                  DoubleStream.of(ended))
              .toArray();
      double longest =
          IntStream.range(1, changes.length)
              .mapToDouble(i -> changes[i] - changes[i - 1])
              .max()
              .getAsDouble();
      System.out.printf(
          "figure: %s; from the sweep's appearance to its end the page changed %d times in %.1f s,"
              + " the longest still stretch was %.1f s%n",
          end, changes.length - 2, (ended - changes[0]) / 1000, longest / 1000);
      assertThat(longest).isLessThan(MOST_STILL_MILLIS);
      // Findings are computed when the scores are in.
      page.waitForTimeout(8000);
      shown(chromium, gateway);
      pictures(chromium, gateway);
    } finally {
      demo.descendants().forEach(ProcessHandle::destroy);
      demo.destroy();
      demo.waitFor();
    }
  }

  /** Notes when what is told changes: counts, rates, bars, work and findings, not the clock. */
  private static final String RECORD =
      """
      () => {
        window.changes = [performance.now()];
        let before = '';
        setInterval(() => {
          const now = [...document.querySelectorAll('.big dd, [data-sweep] .tag, [data-sweep] .facts dd, .models li, td:nth-child(-n+4), .finding h3, .finding .tag')]
            .map(it => it.textContent.replace(/\\d+ \\w+ ago/, '')).join('|');
          if (now !== before) {
            before = now;
            window.changes.push(performance.now());
          }
        }, 50);
      }""";

  /** Playwright runs its events only while it is called. */
  private static String awaitWhilePainting(Page page, CompletableFuture<String> done)
      throws Exception {
    boolean pictured = false;
    while (!done.isDone()) {
      page.waitForTimeout(100);
      if (!pictured && page.locator("[data-sweep] .end").innerText().matches("[4-7].%")) {
        picture(page, "overview");
        pictured = true;
      }
    }
    return done.get();
  }

  private static void read(
      Process demo, CompletableFuture<String> address, CompletableFuture<String> done) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(demo.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("The page is ")) {
          address.complete(line.substring("The page is ".length()).strip());
        }
        if (line.contains(" units of ")) {
          done.complete(line);
        }
      }
      address.completeExceptionally(new IllegalStateException("the demo ended early"));
      done.completeExceptionally(new IllegalStateException("the demo ended early"));
    } catch (IOException e) {
      address.completeExceptionally(e);
      done.completeExceptionally(e);
    }
  }

  /** As wide as the README shows them. */
  private static void shown(Chromium chromium, String gateway) {
    try (Page page = chromium.page("en", ColorScheme.LIGHT, 1200, 640)) {
      page.navigate(gateway + "/failures");
      SHOWN.forEach((name, address) -> picture(page, address, name));
    }
    try (Page page = chromium.page("ko", ColorScheme.LIGHT, 1200, 640)) {
      page.navigate(gateway + "/failures");
      picture(page, "/continued?task=nano_ko_text&lossTask=nano_text", "continued");
    }
  }

  private static void pictures(Chromium chromium, String gateway) {
    for (String language : List.of("en", "ko")) {
      for (ColorScheme look : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
        for (int width : List.of(1400, 400)) {
          try (Page page = chromium.page(language, look, width, 900)) {
            page.navigate(gateway + "/overview");
            VIEWS.forEach(
                (name, address) ->
                    picture(
                        page,
                        address,
                        "%s-%s-%s-%d"
                            .formatted(
                                name, language, look.name().toLowerCase(Locale.ROOT), width)));
          }
        }
      }
    }
  }

  private static void picture(Page page, String address, String name) {
    page.evaluate("async address => (await import('/page/address.js')).go(address)", address);
    assertThat(page.locator("main > [aria-busy=false]")).isVisible();
    page.waitForTimeout(700);
    picture(page, name);
  }

  private static void picture(Page page, String name) {
    page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
  }
}
