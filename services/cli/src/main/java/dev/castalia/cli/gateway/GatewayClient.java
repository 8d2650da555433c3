package dev.castalia.cli.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.cli.gateway.GatewayException.Kind;
import dev.castalia.schemas.Keys;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/**
 * The gateway's REST API. Every method throws {@link GatewayException} where the gateway refuses,
 * does not answer, or answers what is not understood. Thread-safe.
 */
public final class GatewayClient implements AutoCloseable {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** Publishing answers only when what was published can be read back. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static final int PAGE_SIZE = 1000;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;

  /**
   * Statuses of a server that is away, starting or overloaded, and of a proxy before such a one.
   */
  private static final Set<Integer> PASSING = Set.of(408, TOO_MANY, 500, 502, 503, 504);

  private final URI base;
  private final Optional<String> apiKey;
  private final HttpClient http;
  private final ObjectMapper json = Json.MAPPER;

  /**
   * @param gateway such as http://localhost:8080
   */
  public GatewayClient(URI gateway) {
    this(gateway, Optional.empty());
  }

  /**
   * @param gateway such as http://localhost:8080
   * @param apiKey what the gateway knows the caller by, where it does not let anybody in
   */
  public GatewayClient(URI gateway, Optional<String> apiKey) {
    this(gateway, apiKey, CONNECT_TIMEOUT);
  }

  GatewayClient(URI gateway, Optional<String> apiKey, Duration connectTimeout) {
    this.apiKey = apiKey;
    this.base = URI.create(gateway.toString().replaceAll("/+$", ""));
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(connectTimeout)
            .build();
  }

  /** Where the gateway, and its page, is. */
  public URI base() {
    return base;
  }

  public Published publishTasks(List<TaskEntry> tasks) {
    return send("POST", "/tasks", tasks, Published.class);
  }

  public Published publishCheckpoints(List<CheckpointEntry> checkpoints) {
    return send("POST", "/checkpoints", checkpoints, Published.class);
  }

  /** Hands in what others measured. */
  public Published reportScores(List<ReportEntry> reports) {
    return send("POST", "/reported-scores", reports, Published.class);
  }

  /** What {@link #reportScores} would do. */
  public Published compareScores(List<ReportEntry> reports) {
    return send("POST", "/reported-scores?compare=true", reports, Published.class);
  }

  /** Asks for a sweep; the same order under the same id is one sweep, however often it is sent. */
  public Sweep createSweep(SweepOrder order) {
    return send("POST", "/sweeps", order, Sweep.class);
  }

  /** What a sweep would amount to; nothing is enqueued or published. */
  public Sweep.Plan planSweep(PlanOrder order) {
    return send("POST", "/sweeps/plan", order, Sweep.Plan.class);
  }

  public Sweep sweep(String sweep) {
    return get("/sweeps/" + path(sweep), Map.of(), Sweep.class);
  }

  public SweepProgress progress(String sweep) {
    return get("/sweeps/" + path(sweep) + "/progress", Map.of(), SweepProgress.class);
  }

  /**
   * @param by who cancels
   */
  public Sweep cancelSweep(String sweep, String by) {
    return send("DELETE", "/sweeps/" + path(sweep) + query(Map.of("by", by)), null, Sweep.class);
  }

  /**
   * Has failed units tried again.
   *
   * @param sweep only what this sweep wants; then no filter may be given
   * @param filters query parameters: failure, model, task, kind
   * @param by who asks
   * @return how many units are tried again
   */
  public int retry(Optional<String> sweep, Map<String, String> filters, String by) {
    return send("POST", failuresPath(sweep, "retry", filters, by), null, Retried.class).retried();
  }

  /**
   * Puts failures away.
   *
   * @param sweep only what this sweep wants; then no filter may be given
   * @param filters query parameters: failure, model, task, kind
   * @param by who asks
   * @return how many were put away
   */
  public int dismiss(Optional<String> sweep, Map<String, String> filters, String by) {
    return send("POST", failuresPath(sweep, "dismiss", filters, by), null, Dismissed.class)
        .dismissed();
  }

  private static String failuresPath(
      Optional<String> sweep, String what, Map<String, String> filters, String by) {
    Map<String, String> parameters = new TreeMap<>(filters);
    parameters.put("by", by);
    return failuresPath(sweep) + "/" + what + query(parameters);
  }

  private static String failuresPath(Optional<String> sweep) {
    return sweep.map(id -> "/sweeps/" + path(id) + "/failures").orElse("/failures");
  }

  private record Retried(int retried) {}

  private record Dismissed(int dismissed) {}

  /**
   * All failures there are.
   *
   * @param sweep only what this sweep wants
   * @param filters query parameters: since and, where no sweep is given, model, task, kind
   */
  public List<FailureEntry> failures(Optional<String> sweep, Map<String, String> filters) {
    return pages(
        failuresPath(sweep),
        filters,
        FailurePage.class,
        FailurePage::failures,
        FailurePage::total,
        FailureEntry::failure);
  }

  public List<TaskEntry> tasks(Map<String, String> filter) {
    return pages(
        "/tasks", filter, TaskPage.class, TaskPage::tasks, TaskPage::total, TaskEntry::task);
  }

  public List<CheckpointEntry> checkpoints(Map<String, String> filter) {
    return pages(
        "/checkpoints",
        filter,
        CheckpointPage.class,
        CheckpointPage::checkpoints,
        CheckpointPage::total,
        CheckpointEntry::key);
  }

  /**
   * The best of a board.
   *
   * @param limit entries at most, 1 to 1000
   * @param filter parameters of the API's leaderboard, such as metric, shots and model
   */
  public Leaderboard leaderboard(String task, int limit, Map<String, String> filter) {
    Map<String, String> query = new LinkedHashMap<>(filter);
    query.put("pageSize", Integer.toString(limit));
    return get("/leaderboards/" + path(task), query, Leaderboard.class);
  }

  /**
   * The best of a group of tasks, by the mean over them.
   *
   * @param limit entries at most, 1 to 1000
   * @param filter parameters of the API's group leaderboard, such as metric, shots and source
   */
  public GroupLeaderboard groupLeaderboard(String group, int limit, Map<String, String> filter) {
    Map<String, String> query = new LinkedHashMap<>(filter);
    query.put("pageSize", Integer.toString(limit));
    return get("/group-leaderboards/" + path(group), query, GroupLeaderboard.class);
  }

  /**
   * What the scores support.
   *
   * @param filter parameters of the API's findings: kind, verdict, task, model
   */
  public List<FindingEntry> findings(Map<String, String> filter) {
    return pages(
        "/findings",
        filter,
        FindingPage.class,
        FindingPage::findings,
        FindingPage::total,
        FindingEntry::finding);
  }

  /** How far the findings are behind the scores. */
  public FindingsPending findingsPending() {
    return get("/findings/pending", Map.of(), FindingsPending.class);
  }

  /** Every training run of which a checkpoint or a score is known, by size. */
  public List<RunEntry> runs() {
    return get("/runs", Map.of(), RunIndex.class).runs();
  }

  /** What boards there are, without their entries. */
  public List<BoardSummary> leaderboards() {
    return get("/leaderboards", Map.of(), BoardIndex.class).leaderboards();
  }

  /**
   * @param checkpoint model@revision
   */
  public Scorecard scorecard(String checkpoint) {
    return get("/scorecards/" + path(checkpoint), Map.of(), Scorecard.class);
  }

  /** The scorecards of every checkpoint that has a score, by model and step. */
  public List<Scorecard> scorecards() {
    return get("/scorecards", Map.of(), Scorecards.class).scorecards();
  }

  /** Everything that the scores support. */
  public List<FindingEntry> findings() {
    return findings(Map.of());
  }

  /**
   * @param filter parameters of the API's trajectories: model, task, metric, source
   */
  public List<TrajectoryEntry> trajectories(Map<String, String> filter) {
    return pages(
        "/trajectories",
        filter,
        TrajectoryPage.class,
        TrajectoryPage::trajectories,
        TrajectoryPage::total,
        GatewayClient::key);
  }

  private static String key(TrajectoryEntry entry) {
    return Keys.trajectory(
        entry.model(),
        entry.task(),
        entry.metric().metric(),
        entry.shots(),
        entry.dtype(),
        entry.source());
  }

  private record TrajectoryPage(List<TrajectoryEntry> trajectories, int total) {}

  private record FailurePage(List<FailureEntry> failures, int total) {}

  private record FindingPage(List<FindingEntry> findings, int total) {}

  private record TaskPage(List<TaskEntry> tasks, int total) {}

  private record CheckpointPage(List<CheckpointEntry> checkpoints, int total) {}

  private record RunIndex(List<RunEntry> runs) {}

  private record BoardIndex(List<BoardSummary> leaderboards) {}

  private record Scorecards(List<Scorecard> scorecards) {}

  /**
   * Everything of a list. Each page begins behind the last item of the one before: by number they
   * would shift with what comes and goes meanwhile.
   *
   * @param total how many a page, and what lies behind it, have
   * @param key what a list knows an item by
   */
  private <P, T> List<T> pages(
      String path,
      Map<String, String> filter,
      Class<P> type,
      Function<P, List<T>> items,
      Function<P, Integer> total,
      Function<T, String> key) {
    List<T> all = new ArrayList<>();
    Map<String, String> query = new LinkedHashMap<>(filter);
    query.put("pageSize", Integer.toString(PAGE_SIZE));
    while (true) {
      P page = get(path, query, type);
      List<T> found = items.apply(page);
      all.addAll(found);
      if (found.isEmpty() || found.size() >= total.apply(page)) {
        return all;
      }
      query.put("after", key.apply(all.getLast()));
    }
  }

  private <T> T get(String path, Map<String, String> query, Class<T> type) {
    return send("GET", path + query(query), null, type);
  }

  private <T> T send(String method, String path, Object body, Class<T> type) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + "/api/v1" + path))
            .timeout(TIMEOUT)
            .header("Accept", "application/json, application/problem+json");
    apiKey.ifPresent(key -> request.header("X-API-Key", key));
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, BodyPublishers.ofString(written(body)));
    }
    HttpResponse<String> response = exchange(request.build());
    if (response.statusCode() / 100 != 2) {
      throw refusal(response);
    }
    try {
      return json.readValue(response.body(), type);
    } catch (JsonProcessingException e) {
      throw notAGateway("what it sends for " + path + " is not understood", e);
    }
  }

  private HttpResponse<String> exchange(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (HttpConnectTimeoutException e) {
      throw new GatewayException(
          "no connection to %s comes about in time: check that the address is right and no firewall is in the way, or try again"
              .formatted(base),
          Kind.PASSING,
          e);
    } catch (HttpTimeoutException e) {
      throw new GatewayException(
          "the gateway at %s does not answer within %d s: look at its log, or try again"
              .formatted(base, TIMEOUT.toSeconds()),
          Kind.PASSING,
          e);
    } catch (SSLException e) {
      throw new GatewayException(
          "no secure connection to %s comes about (%s): where its certificate is not publicly trusted, add it to Java's trust store with 'keytool -importcert -cacerts', or name another store with JAVA_TOOL_OPTIONS=-Djavax.net.ssl.trustStore=FILE"
              .formatted(base, e.getMessage()),
          Kind.LASTING,
          e);
    } catch (IOException e) {
      throw new GatewayException(
          "no gateway answers at %s: start one with 'castalia up', or name another with --gateway URL or CASTALIA_GATEWAY"
              .formatted(base),
          Kind.PASSING,
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GatewayException("interrupted while waiting for " + base, Kind.LASTING, e);
    }
  }

  private GatewayException refusal(HttpResponse<String> response) {
    int status = response.statusCode();
    Kind kind =
        PASSING.contains(status) ? Kind.PASSING : status == NOT_FOUND ? Kind.UNKNOWN : Kind.LASTING;
    String detail = null;
    try {
      JsonNode problem = json.readTree(response.body());
      detail = problem.path("detail").asText(problem.path("title").asText(null));
    } catch (JsonProcessingException e) {
      // Not a problem document, so not a gateway of this kind: said below.
    }
    if (detail == null && kind == Kind.PASSING) {
      detail =
          "no gateway answers behind %s, where the status is %d: try again, or ask who operates it"
              .formatted(base, status);
    }
    if (detail == null) {
      return notAGateway("it answers with status " + status, null);
    }
    if (status == 401) {
      detail =
          "the gateway at %s does not let %s in: give a key with --api-key or CASTALIA_API_KEY; an operator makes one with 'castalia key'"
              .formatted(base, apiKey.isPresent() ? "this key" : "just anybody");
    }
    return new GatewayException(detail, kind, retryAfter(response), null);
  }

  private static Optional<Duration> retryAfter(HttpResponse<?> response) {
    return response.statusCode() != TOO_MANY
        ? Optional.empty()
        : response
            .headers()
            .firstValue("Retry-After")
            .filter(it -> it.matches("\\d{1,5}"))
            .map(it -> Duration.ofSeconds(Long.parseLong(it)));
  }

  private GatewayException notAGateway(String why, Throwable cause) {
    return new GatewayException(
        "%s does not seem to be a gateway of this version of Castalia, %s: check --gateway or CASTALIA_GATEWAY"
            .formatted(base, why),
        Kind.LASTING,
        cause);
  }

  private String written(Object body) {
    try {
      return json.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a request cannot be written as JSON", e);
    }
  }

  /** Names may hold slashes, which stay as they are. */
  private static String path(String name) {
    return encoded(name).replace("%2F", "/");
  }

  private static String query(Map<String, String> parameters) {
    return parameters.isEmpty()
        ? ""
        : parameters.entrySet().stream()
            .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    http.close();
  }
}
