package dev.castalia.cli.page;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The system's own Chromium; tests that need it are skipped where there is none. */
final class Chromium implements AutoCloseable {

  /** A busy machine is slow, which is no failure of the page. */
  private static final double PATIENCE = 60_000;

  private static final Path PROGRAM = Path.of("/usr/bin/chromium");

  /**
   * What costs every new window hundreds of files of Chromium's own, while the page loads beside
   * them: the list under the address bar. The rest is what Playwright leaves out, whose list this
   * one takes the place of.
   */
  private static final List<String> NOT_WANTED =
      List.of(
          "WebUIOmniboxPopup",
          "WebUIOmniboxAimPopup",
          "WebUIOmniboxFullPopup",
          "AvoidUnnecessaryBeforeUnloadCheckSync",
          "BoundaryEventDispatchTracksNodeRemoval",
          "DestroyProfileOnBrowserClose",
          "HttpsUpgrades",
          "OptimizationHints",
          "PaintHolding",
          "RenderDocument",
          "ThirdPartyStoragePartitioning",
          "Translate");

  private final Playwright playwright;
  private final Browser browser;
  private BrowserContext usual;
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  static Chromium start() {
    assumeTrue(Files.isExecutable(PROGRAM), "there is no " + PROGRAM + ": the page is not tested");
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    return new Chromium(
        playwright,
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(PROGRAM)
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-dev-shm-usage",
                            "--disable-features=" + String.join(",", NOT_WANTED)))));
  }

  /** The page of a new reader of that language, with that look and window. */
  Page page(String language, ColorScheme look, int width, int height) {
    return page(context(language, look, width, height));
  }

  private BrowserContext context(String language, ColorScheme look, int width, int height) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setLocale(language)
                .setColorScheme(look)
                .setViewportSize(width, height));
    context.setDefaultTimeout(PATIENCE);
    return context;
  }

  private Page page(BrowserContext context) {
    Page page = context.newPage();
    page.onConsoleMessage(
        message -> {
          String text = message.text() + " " + message.location();
          if (message.type().equals("error") && !isOfCutNetwork(text) && !isOfLeaving(text)) {
            complaints.add(text);
          }
        });
    page.onPageError(complaints::add);
    return page;
  }

  private static boolean isOfCutNetwork(String complaint) {
    return complaint.contains("net::ERR_INTERNET");
  }

  /** The icon is fetched late, and refused to a page that is blank by then. */
  private static boolean isOfLeaving(String complaint) {
    return complaint.contains("/page/icon.svg")
        && (complaint.contains("from origin 'null'") || complaint.contains("net::ERR_FAILED"));
  }

  Page page() {
    return page("en", ColorScheme.LIGHT, 1400, 900);
  }

  /**
   * Another page of one and the same reader, whose browser has the page's files already. It is to
   * leave the reader's settings and network as they are.
   */
  Page tab() {
    if (usual == null) {
      usual = context("en", ColorScheme.LIGHT, 1400, 900);
    }
    return page(usual);
  }

  /**
   * What the pages wrote as errors to the console since the last call, refusals of the policy
   * included.
   */
  List<String> complaints() {
    List<String> since = List.copyOf(complaints);
    complaints.clear();
    return since;
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
