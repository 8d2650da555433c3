package dev.castalia.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.cli.cluster.ClusterOptions;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.cluster.Part;
import dev.castalia.schemas.Groups;
import dev.castalia.schemas.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListStreamsGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The aggregator of a real mesh under more scores than scorers give: how many it takes, how soon
 * they are on their boards, and what as many as Pythia has cost. How many runs of Pythia's shape
 * are written is {@code -Dcastalia.load.runs}.
 */
@Tag("manual")
@Tag("load")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class AggregatorLoadTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int STEPS = 154;
  private static final int TASKS = 150;
  private static final int WARM_RUNS = 2;
  private static final int FULL_RUNS = 6;
  private static final int LIVE_RUNS = 12;
  private static final int LIVE_TASKS = 20;
  private static final int PYTHIA_RUNS = 18 + 45;
  private static final int RUNS = Integer.getInteger("castalia.load.runs", PYTHIA_RUNS);

  private static final String OWN = Groups.AGGREGATOR;
  private static final Set<String> INPUTS =
      Set.of(Topic.TASKS.topicName(), Topic.CHECKPOINTS.topicName(), Topic.SCORES.topicName());

  private LocalCluster cluster;
  private SyntheticScores scores;

  @BeforeEach
  void start() {
    cluster =
        LocalCluster.start(Installation.find(), ClusterOptions.withScorers(0), System.out::println);
    scores = new SyntheticScores(cluster);
  }

  @AfterEach
  void stop() {
    scores.close();
    cluster.close();
  }

  @Test
  void fiveThousandScoresASecondGoThroughTheAggregator() throws Exception {
    announce("warm", WARM_RUNS);
    announce("full", FULL_RUNS);
    for (int run = 0; run < WARM_RUNS; run++) {
      scoreRun("warm-" + run);
    }
    awaitIdle();
    long begun = System.nanoTime();
    for (int run = 0; run < FULL_RUNS; run++) {
      scoreRun("full-" + run);
    }
    scores.flush();
    double written = (System.nanoTime() - begun) / 1e9;
    awaitIdle();
    long number = (long) FULL_RUNS * STEPS * TASKS;
    double rate = number / ((System.nanoTime() - begun) / 1e9);
    long all = number + (long) WARM_RUNS * STEPS * TASKS;
    double bare = BareCount.rate(cluster, all);
    System.out.printf(
        "figure: %,d score events of %d documents, appended in %.0f s: %,.0f a second through the"
            + " aggregator; a bare count with the same settings does %,.0f a second, %.1f times as"
            + " many%n",
        number, SyntheticScores.DOCUMENTS, written, rate, bare, bare / rate);
    assertThat(rate).isGreaterThanOrEqualTo(5000);
  }

  @Test
  void aScoreIsOnItsBoardWithinASecondWhileAThousandASecondComeIn() throws Exception {
    for (int task = 0; task < LIVE_TASKS; task++) {
      scores.register("live-" + task);
    }
    for (int run = 0; run < LIVE_RUNS; run++) {
      for (int step = 0; step < STEPS; step++) {
        scores.publish("run-" + run, step);
        scores.publish("warm-" + run, step);
      }
    }
    // What a fresh JVM compiles takes both processors for longer than this test.
    for (int i = 0; i < LIVE_RUNS * STEPS * LIVE_TASKS; i++) {
      String run = "warm-" + i / LIVE_TASKS % LIVE_RUNS;
      scores.score(run, i / LIVE_TASKS / LIVE_RUNS, "live-" + i % LIVE_TASKS, 0);
    }
    scores.flush();
    awaitIdle();
    Map<String, Long> appended = new ConcurrentHashMap<>();
    Map<String, Long> shown = new ConcurrentHashMap<>();
    Thread reader = Thread.ofVirtual().start(() -> watchBoards(shown));
    int number = LIVE_RUNS * STEPS * LIVE_TASKS;
    int perSecond = 1000;
    int warmUp = 10 * perSecond;
    String last = "";
    long begun = System.nanoTime();
    for (int i = 0; i < number; i++) {
      // Better than all before, so that it is on the published top of its board.
      double value = (i + 1.0) / (number + 1);
      String task = "live-" + i % LIVE_TASKS;
      String run = "run-" + i / LIVE_TASKS % LIVE_RUNS;
      int step = i / LIVE_TASKS / LIVE_RUNS;
      last = String.join("|", task, run, "step" + step);
      if (i >= warmUp) {
        appended.put(last, System.nanoTime());
      }
      scores.score(run, step, task, value);
      LockSupport.parkNanos(begun + (i + 1) * 1_000_000_000L / perSecond - System.nanoTime());
    }
    double rate = number / ((System.nanoTime() - begun) / 1e9);
    scores.flush();
    String latest = last;
    await().atMost(Duration.ofMinutes(1)).until(() -> shown.containsKey(latest));
    reader.interrupt();
    // A score that was off the published top before it was ever told of counts as never shown.
    double[] millis =
        appended.entrySet().stream()
            .mapToDouble(
                it ->
                    shown.containsKey(it.getKey())
                        ? (shown.get(it.getKey()) - it.getValue()) / 1e6
                        : Double.POSITIVE_INFINITY)
            .sorted()
            .toArray();
    System.out.printf(
        "figure: at %.0f score events a second, of %d runs of %d steps on %d tasks, from append to"
            + " the board on SSE: p50 %.0f ms, p90 %.0f ms, p99 %.0f ms, longest %.0f ms, of %,d"
            + " scores; %,d of them were never shown%n",
        rate,
        LIVE_RUNS,
        STEPS,
        LIVE_TASKS,
        millis[millis.length / 2],
        millis[(int) (millis.length * 0.9)],
        millis[(int) (millis.length * 0.99)],
        millis[millis.length - 1],
        millis.length,
        Arrays.stream(millis).filter(Double::isInfinite).count());
    assertThat(rate).isGreaterThan(0.95 * perSecond);
    assertThat(millis[(int) (millis.length * 0.99)]).isLessThanOrEqualTo(1000);
  }

  @Test
  void allOfPythiaFitsInTwoGigabytesAndIsReadyAgainWithinAMinute() throws Exception {
    announce("pythia", RUNS);
    awaitIdle();
    Part aggregator = cluster.part(LocalCluster.AGGREGATOR);
    long begun = System.nanoTime();
    for (int run = 0; run < RUNS; run++) {
      scoreRun("pythia-" + run);
    }
    scores.flush();
    awaitIdle();
    double filled = seconds(begun);
    long most = memory(aggregator, "VmHWM");
    double restarted = restart(aggregator);
    long after = memory(aggregator, "VmRSS");
    Path state = cluster.logs().resolveSibling("state");
    long bytes = size(state);
    aggregator.stop();
    delete(state);
    double rebuilt = start(aggregator);
    System.out.printf(
        "figure: %,d scores (%d runs of %d steps on %d tasks; all of Pythia has %d runs) taken in"
            + " %.0f s, %,.0f a second; aggregator's memory at most %,d MiB, state on disk %,d MiB;"
            + " ready %.1f s after a restart (%,d MiB then), %.1f s without its state; at most %,d"
            + " MiB meanwhile%n",
        (long) RUNS * STEPS * TASKS,
        RUNS,
        STEPS,
        TASKS,
        PYTHIA_RUNS,
        filled,
        (long) RUNS * STEPS * TASKS / filled,
        most >> 20,
        bytes >> 20,
        restarted,
        after >> 20,
        rebuilt,
        memory(aggregator, "VmHWM") >> 20);
    assertThat(Math.max(most, memory(aggregator, "VmHWM"))).isLessThan(2L << 30);
    assertThat(restarted).isLessThan(60);
  }

  private void announce(String suite, int runs) {
    for (int task = 0; task < TASKS; task++) {
      scores.register("task-" + task);
    }
    for (int run = 0; run < runs; run++) {
      for (int step = 0; step < STEPS; step++) {
        scores.publish(suite + "-" + run, 1000L * step);
      }
    }
    scores.flush();
  }

  private void scoreRun(String model) {
    for (int step = 0; step < STEPS; step++) {
      for (int task = 0; task < TASKS; task++) {
        double value = 0.25 + 0.5 * step / STEPS + 0.001 * (model.hashCode() + task & 0xFF);
        scores.score(model, 1000L * step, "task-" + task, value);
      }
    }
  }

  private void watchBoards(Map<String, Long> shown) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(cluster.gatewayUrl() + "/api/v1/events?topics=leaderboards&task=live-*"))
            .build();
    try (HttpClient http = HttpClient.newHttpClient();
        Stream<String> lines = http.send(request, BodyHandlers.ofLines()).body()) {
      lines
          .filter(line -> line.startsWith("data:{\"topic\""))
          .forEach(line -> take(line.substring("data:".length()), shown));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void take(String data, Map<String, Long> shown) {
    long now = System.nanoTime();
    try {
      for (JsonNode row : JSON.readTree(data).path("rows")) {
        String task = row.at("/value/task").asText();
        for (JsonNode entry : row.at("/value/entries")) {
          shown.putIfAbsent(
              String.join("|", task, entry.path("model").asText(), entry.path("revision").asText()),
              now);
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Returns when the aggregator has taken all that is on the topics it reads, its own included. */
  private void awaitIdle() {
    await()
        .atMost(Duration.ofMinutes(20))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(250))
        .untilAsserted(() -> assertThat(lag()).isEmpty());
  }

  private Map<TopicPartition, Long> lag() throws Exception {
    Admin admin = cluster.admin();
    Set<String> topics =
        admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get().stream()
            .filter(it -> INPUTS.contains(it) || it.startsWith(OWN) && it.endsWith("-repartition"))
            .collect(Collectors.toSet());
    Map<TopicPartition, OffsetSpec> partitions =
        admin.describeTopics(topics).allTopicNames().get().values().stream()
            .flatMap(
                topic ->
                    topic.partitions().stream()
                        .map(it -> new TopicPartition(topic.name(), it.partition())))
            .collect(Collectors.toMap(Function.identity(), it -> OffsetSpec.latest()));
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin
            .listStreamsGroupOffsets(Map.of(Groups.AGGREGATOR, new ListStreamsGroupOffsetsSpec()))
            .partitionsToOffsetAndMetadata(Groups.AGGREGATOR)
            .get();
    Map<TopicPartition, Long> lag = new HashMap<>();
    for (var end : admin.listOffsets(partitions).all().get().entrySet()) {
      OffsetAndMetadata reached = committed.get(end.getKey());
      // The mark that ends a transaction has an offset, too, and nobody reads it.
      long unread = end.getValue().offset() - 1 - (reached == null ? 0 : reached.offset());
      if (unread > 0) {
        lag.put(end.getKey(), unread);
      }
    }
    return lag;
  }

  private static double restart(Part part) {
    part.stop();
    return start(part);
  }

  /** Seconds until it does its work. */
  private static double start(Part part) {
    long begun = System.nanoTime();
    part.start();
    await()
        .atMost(Duration.ofMinutes(10))
        .pollInterval(Duration.ofMillis(100))
        .until(part::isReady);
    return seconds(begun);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  /** Of the whole process, in bytes: {@code VmRSS} as it is, {@code VmHWM} the most so far. */
  private static long memory(Part part, String field) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + part.pid() + "/status"))) {
      String line = lines.filter(it -> it.startsWith(field + ":")).findFirst().orElseThrow();
      return Long.parseLong(Arrays.asList(line.split("\\s+")).get(1)) << 10;
    }
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(it -> it.toFile().length()).sum();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
