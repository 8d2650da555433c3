package dev.castalia.cli.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;
import dev.castalia.cli.Execution;
import dev.castalia.cli.Suites;
import dev.castalia.cli.cluster.ClusterOptions;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.suite.Suite;
import dev.castalia.cli.suite.SuitePublisher;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How long gateway and page take to answer when they hold what EleutherAI published of Pythia, and
 * the mesh is idle. The first answer of each is printed, too: it is a new gateway's or page's.
 */
@Tag("manual")
@Tag("load")
class PythiaEvalsOnThePageTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_MILLIS = 200;
  private static final int MOST_MILLIS_OF_FIRST_LOAD = 1000;
  private static final int TIMES = 20;
  private static final String BOARD = "task=lambada_openai&metric=acc";
  private static final String RUNS =
      "pythia-70m,pythia-160m,pythia-410m,pythia-1b,pythia-1.4b,pythia-2.8b,pythia-6.9b,pythia-12b";

  private static final Map<String, String> VIEWS = new LinkedHashMap<>();

  static {
    VIEWS.put("overview", "/overview");
    VIEWS.put("leaderboard", "/leaderboard?" + BOARD);
    VIEWS.put("leaderboard of a group", "/leaderboard?task=group:%s&metric=acc");
    VIEWS.put("leaderboard, filtered", "/leaderboard?" + BOARD + "&steps=log&best=true");
    VIEWS.put("trajectories", "/trajectories?" + BOARD);
    VIEWS.put("trajectories of all runs", "/trajectories?" + BOARD + "&runs=*&variants=true");
    VIEWS.put("a bias", "/trajectories?task=crows_pairs_english&runs=pythia-1.4b");
    VIEWS.put("scaling", "/scaling?" + BOARD);
    VIEWS.put("continued", "/continued");
    VIEWS.put("findings", "/findings");
    VIEWS.put("failures", "/failures");
    VIEWS.put("new sweep", "/sweep?models=nano-*&tasks=nano_*");
  }

  private static LocalCluster cluster;
  private static HttpClient http;
  private static String group;

  @BeforeAll
  static void importAll() throws Exception {
    cluster =
        LocalCluster.start(Installation.find(), ClusterOptions.withScorers(0), System.out::println);
    http = HttpClient.newHttpClient();
    Execution imported =
        Execution.of(
            "import",
            "lm-eval",
            Suites.pythiaEvals().toString(),
            "--gateway",
            cluster.gatewayUrl());
    assertThat(imported.status()).as(imported.err()).isZero();
    try (GatewayClient gateway = new GatewayClient(URI.create(cluster.gatewayUrl()))) {
      // What can be swept over, for the plan of a new sweep.
      new SuitePublisher(gateway)
          .publish(Suite.read(Installation.find().suite("nano")).announcement(Suite.Steps.DEMO));
    }
    Idleness.await();
    group = largestGroup();
    System.out.println(imported.out());
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      http.close();
      cluster.close();
    }
  }

  @Test
  void everyEndpointAnswersWithin200Milliseconds() throws Exception {
    Map<String, double[]> millis = new LinkedHashMap<>();
    for (String path :
        List.of(
            "checkpoints?pageSize=1000",
            "failures",
            "findings?order=latest&pageSize=200",
            "findings?kind=scaling&task=lambada_openai",
            "group-leaderboards/" + group + "?source=pythia-evals",
            "group-leaderboards/" + group + "?source=pythia-evals&best=true&model=pythia-1*",
            "leaderboards",
            "leaderboards/lambada_openai?source=pythia-evals&pageSize=1000",
            "leaderboards/lambada_openai?source=pythia-evals&steps=log&best=true",
            "runs",
            "scorecards?pageSize=100",
            "scorecards/pythia-1b@step143000",
            "sparklines?measured=0||pythia-evals&" + BOARD + "&models=" + RUNS,
            "sweeps",
            "tasks?pageSize=1000",
            "trajectories?" + BOARD + "&model=" + RUNS,
            "trajectories?pageSize=1000",
            "trajectories/pythia-1b/lambada_openai/acc?source=pythia-evals")) {
      millis.put(path, times(() -> answer(path)));
    }
    print("endpoint", millis);

    assertThat(millis)
        .allSatisfy((path, times) -> assertThat(nineteenOfTwenty(times)).isLessThan(MOST_MILLIS));
  }

  @Test
  void everyViewIsThereWithin200MillisecondsOfALinkToIt() throws Exception {
    Map<String, double[]> millis = new LinkedHashMap<>();
    try (Chromium chromium = Chromium.start();
        Page page = chromium.page()) {
      page.navigate(cluster.gatewayUrl() + "/failures");
      assertThat(page.locator(".state.live")).isVisible();
      for (Map.Entry<String, String> view : VIEWS.entrySet()) {
        String address = view.getValue().formatted(group);
        millis.put(
            view.getKey(),
            times(
                () -> {
                  String away =
                      address.startsWith("/findings") ? "/failures" : "/findings?about=no";
                  page.evaluate(VISIT, away);
                  return ((Number) page.evaluate(VISIT, address)).doubleValue();
                }));
        assertThat(page.locator(".problem")).hasCount(0);
      }
      assertThat(chromium.complaints()).isEmpty();
    }
    print("view, from a link to all of it painted", millis);

    assertThat(millis)
        .allSatisfy((view, times) -> assertThat(nineteenOfTwenty(times)).isLessThan(MOST_MILLIS));
  }

  @Test
  void everyViewIsThereWithinASecondOfItsAddress() throws Exception {
    Map<String, double[]> millis = new LinkedHashMap<>();
    try (Chromium chromium = Chromium.start()) {
      for (Map.Entry<String, String> view : VIEWS.entrySet()) {
        millis.put(
            view.getKey(),
            DoubleStream.generate(
                    () -> {
                      try (Page page = chromium.page()) {
                        page.navigate(cluster.gatewayUrl() + view.getValue().formatted(group));
                        return ((Number) page.evaluate(PAINTED)).doubleValue();
                      }
                    })
                .limit(5)
                .toArray());
      }
    }
    print("view, from its address in an empty browser to all of it painted", millis);

    assertThat(millis)
        .allSatisfy(
            (view, times) -> assertThat(median(times)).isLessThan(MOST_MILLIS_OF_FIRST_LOAD));
  }

  /** Resolves to the time at which the view has read what it shows and its plots are drawn. */
  private static final String PAINTED =
      """
      async () => {
        const done = () => {
          const view = document.querySelector('main > *');
          return view?.ariaBusy === 'false' && !view.isUpdatePending
            && [...view.querySelectorAll('castalia-chart')].every(chart => chart.querySelector('canvas'));
        };
        while (!done()) {
          await new Promise(requestAnimationFrame);
        }
        return performance.now();
      }""";

  /** Goes to an address as a link does, and resolves to the milliseconds until it is painted. */
  private static final String VISIT =
      """
      async address => {
        const { go } = await import('/page/address.js');
        const begun = performance.now();
        go(address);
        await new Promise(requestAnimationFrame);
        return await (%s)() - begun;
      }"""
          .formatted(PAINTED);

  /**
   * Milliseconds of each time, of the first round of twenty that is fast enough, or the third: what
   * is slow is so in each of them, while a machine that others compute on, too, pauses now and
   * then.
   */
  private static double[] times(Callable<Double> work) throws Exception {
    double[] times = round(work);
    for (int again = 0; again < 2 && nineteenOfTwenty(times) >= MOST_MILLIS; again++) {
      System.out.printf(
          "figure: once more after %.0f ms, %.0f ms first%n", longest(times), times[0]);
      times = round(work);
    }
    return times;
  }

  private static double[] round(Callable<Double> work) throws Exception {
    double[] times = new double[TIMES];
    for (int i = 0; i < TIMES; i++) {
      times[i] = work.call();
    }
    return times;
  }

  private static double longest(double[] times) {
    return DoubleStream.of(times).max().getAsDouble();
  }

  /** One of twenty may meet a pause of the machine's, whose others also compute. */
  private static double nineteenOfTwenty(double[] times) {
    double[] sorted = DoubleStream.of(times).sorted().toArray();
    return sorted[Math.ceilDiv(19 * times.length, 20) - 1];
  }

  private static double median(double[] times) {
    return DoubleStream.of(times).sorted().toArray()[times.length / 2];
  }

  private static void print(String what, Map<String, double[]> millis) {
    System.out.printf("figure: %-75s first  median  longest%n", what + ", ms");
    millis.forEach(
        (name, times) ->
            System.out.printf(
                "figure:   %-73s %5.0f %7.0f %8.0f%n",
                name, times[0], median(times), longest(times)));
  }

  private static double answer(String path) throws Exception {
    long asked = System.nanoTime();
    get(path);
    return (System.nanoTime() - asked) / 1e6;
  }

  private static String get(String path) throws Exception {
    URI address =
        URI.create(
            cluster.gatewayUrl() + "/api/v1/" + path.replace("|", "%7C").replace("*", "%2A"));
    var answer = http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
    return answer.body();
  }

  private static String largestGroup() throws Exception {
    Map<String, Integer> tasks = new LinkedHashMap<>();
    for (JsonNode board : JSON.readTree(get("leaderboards")).path("leaderboards")) {
      board.path("tags").forEach(tag -> tasks.merge(tag.asText(), 1, Integer::sum));
    }
    assertThat(tasks).as("groups of the imported tasks").isNotEmpty();
    return tasks.entrySet().stream().max(Map.Entry.comparingByValue()).get().getKey();
  }
}
