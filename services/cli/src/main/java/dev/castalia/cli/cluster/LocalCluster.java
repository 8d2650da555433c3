package dev.castalia.cli.cluster;

import dev.castalia.schemas.ClusterSetup;
import dev.castalia.schemas.SchemaRegistration;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/**
 * A whole mesh on this machine, of real parts, each a process of its own: broker, schema registry,
 * aggregator, gateway and scorers. A part that dies is named, with the last lines it printed, and
 * started again. Closing stops all of them, the broker last; should this process die instead, the
 * parts notice and end by themselves.
 */
public final class LocalCluster implements AutoCloseable {

  public static final String BROKER = "broker";
  public static final String REGISTRY = "registry";
  public static final String AGGREGATOR = "aggregator";
  public static final String GATEWAY = "gateway";

  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(100);

  private static final String ONE_COLLECTOR = "-XX:+UseSerialGC";
  private static final String QUICK_COMPILER = "-XX:TieredStopAtLevel=1";

  private final Installation installation;
  private final DataFolder data;
  private final Probes probes;
  private final Ports ports = new Ports();
  private final int brokerPort;
  private final int controllerPort;
  private final int registryPort;
  private final int gatewayPort;
  private final Duration lock;
  private final boolean shortLived;
  private final Map<String, String> serviceSettings;
  private final Map<String, String> addresses = new ConcurrentHashMap<>();
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final Supervisor supervisor;
  private final Consumer<String> announcements;
  private final Thread atExit = new Thread(this::stopAtExit, "stop-cluster");
  private final ReentrantLock stopping = new ReentrantLock();
  private int scorers;
  private boolean closing;
  private boolean stopped;

  private LocalCluster(
      Installation installation, ClusterOptions options, Consumer<String> announcements) {
    this.installation = installation;
    this.data = DataFolder.open(options.data());
    this.announcements = announcements;
    this.lock = options.lock();
    this.shortLived = options.shortLived();
    this.serviceSettings = options.settings();
    this.brokerPort = ports.free();
    this.controllerPort = ports.free();
    this.registryPort = ports.free();
    this.gatewayPort =
        options.gatewayPort() == 0 ? ports.free() : ports.freeFrom(options.gatewayPort());
    this.probes = new Probes(bootstrapServers());
    this.supervisor = new Supervisor(announcements);
  }

  /**
   * Starts a cluster and returns when all of it does its work.
   *
   * @param announcements told, in lines for people, what happens to the parts
   * @throws ClusterException if a part does not come up; nothing is left running then
   */
  public static LocalCluster start(
      Installation installation, ClusterOptions options, Consumer<String> announcements) {
    LocalCluster cluster = new LocalCluster(installation, options, announcements);
    if (options.gatewayPort() != 0 && cluster.gatewayPort != options.gatewayPort()) {
      announcements.accept(
          "Port %d is taken; the gateway has port %d"
              .formatted(options.gatewayPort(), cluster.gatewayPort));
    }
    Runtime.getRuntime().addShutdownHook(cluster.atExit);
    try {
      cluster.startParts(options);
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cluster.close();
      throw new ClusterException("Interrupted while the cluster was starting", e);
    }
  }

  public String bootstrapServers() {
    return "localhost:" + brokerPort;
  }

  /** Base URL of the registry's own API. */
  public String registryUrl() {
    return "http://localhost:" + registryPort + "/apis/registry/v3";
  }

  /** Base URL of the registry's Confluent-compatible API. */
  public String confluentUrl() {
    return "http://localhost:" + registryPort + "/apis/ccompat/v7";
  }

  public String gatewayUrl() {
    return "http://localhost:" + gatewayPort;
  }

  /** Base URL of a service's own health and metrics, by the part's name. */
  public String address(String part) {
    return addresses.get(part);
  }

  /** Folder with what each part prints. */
  public Path logs() {
    return data.resolve("logs");
  }

  /** A client of the broker; closed with the cluster. */
  public Admin admin() {
    return probes.admin();
  }

  /** A part, by its name: {@value #BROKER}, {@value #GATEWAY}, …, {@code scorer-1}. */
  public synchronized Part part(String name) {
    Part part = parts.get(name);
    if (part == null) {
      throw new IllegalArgumentException("There is no " + name + "; there are " + parts.keySet());
    }
    return part;
  }

  /** The parts that there are, in the order in which they were started. */
  public synchronized List<Part> parts() {
    return List.copyOf(parts.values());
  }

  /** Starts one more scorer and returns at once. */
  public Part addScorer() {
    String name;
    synchronized (this) {
      name = "scorer-" + ++scorers;
    }
    return startService(
        name,
        "scorer",
        ports.free(),
        "-Dcastalia.scorer.id=" + name,
        "-Dcastalia.scorer.renew-every=" + lock.dividedBy(3),
        "-Dcastalia.scorer.threads=1");
  }

  /** Returns when every part does its work. */
  public void awaitAllReady() throws InterruptedException {
    for (Part part : parts()) {
      await(part);
    }
  }

  /** Returns when the part does its work. */
  public void awaitReady(String name) throws InterruptedException {
    await(part(name));
  }

  /**
   * One after another where one waits for the other: a service that starts before its topics are
   * there takes processors from the broker that is to make them.
   */
  private void startParts(ClusterOptions options) throws InterruptedException {
    Part broker = startBroker();
    Part registry = startRegistry();
    await(broker);
    new ClusterSetup(ClusterSetup.DEFAULT_PARTITIONS, (short) 1, options.lock())
        .apply(probes.admin());
    if (options.aggregators() > 0) {
      for (int i = 1; i <= options.aggregators(); i++) {
        startAggregator(i);
      }
      startService(
          GATEWAY,
          GATEWAY,
          gatewayPort,
          "-Dcastalia.setup.enabled=false",
          // Only this machine reaches it.
          "-Dcastalia.gateway.access.anonymous=operator");
    }
    await(registry);
    registerSchemas();
    for (int i = 0; i < options.scorers(); i++) {
      addScorer();
    }
    awaitAllReady();
  }

  private void startAggregator(int number) {
    String suffix = number == 1 ? "" : "-" + number;
    startService(
        AGGREGATOR + suffix,
        AGGREGATOR,
        ports.free(),
        "-Dcastalia.aggregator.state-dir=" + data.resolve("state" + suffix));
  }

  private void registerSchemas() throws InterruptedException {
    try {
      new SchemaRegistration(confluentUrl()).apply();
    } catch (IOException e) {
      throw new ClusterException("The schema registry does not answer: " + e.getMessage(), e);
    }
  }

  private Part startBroker() {
    List<String> options = jvm("640m");
    options.addAll(installation.module(Broker.class));
    options.addAll(
        List.of(
            data.resolve(BROKER).toString(),
            Integer.toString(brokerPort),
            Integer.toString(controllerPort)));
    return run(BROKER, options, probes::brokerAnswers);
  }

  private Part startRegistry() {
    // In a file even where nothing is kept: a registry that dies must come back with the same ids.
    String url = "jdbc:h2:file:" + data.resolve(REGISTRY).resolve("registry");
    List<String> options = jvm("512m");
    options.addAll(
        List.of(
            probes.wordSetting(),
            "-Dquarkus.http.port=" + registryPort,
            "-Dquarkus.http.host=localhost",
            "-Dquarkus.management.port=" + ports.free(),
            "-Dquarkus.management.host=localhost",
            "-Dquarkus.log.level=WARN",
            "-Dquarkus.log.category.\"io.apicurio\".level=WARN",
            "-Dquarkus.http.access-log.enabled=false",
            "-Dapicurio.datasource.jdbc.initial-size=1",
            "-Dapicurio.datasource.jdbc.min-size=1",
            "-Dapicurio.storage.kind=sql",
            "-Dapicurio.storage.sql.kind=h2",
            "-Dapicurio.datasource.url=" + url));
    options.addAll(installation.registry());
    return run(REGISTRY, options, () -> probes.answersOk(registryUrl() + "/system/info"));
  }

  private Part startService(String name, String service, int port, String... settings) {
    List<String> options = jvm("768m");
    if (service.equals(AGGREGATOR)) {
      // The one part that is busy in Java: its pauses are everybody's wait.
      options.set(options.indexOf(ONE_COLLECTOR), "-XX:+UseParallelGC");
    }
    if (!shortLived && !service.equals(GATEWAY)) {
      options.set(options.indexOf(QUICK_COMPILER), installation.jvmOptions("patient-compiler"));
    }
    options.addAll(
        List.of(
            probes.wordSetting(),
            "-Dquarkus.http.host=localhost",
            "-Dquarkus.http.port=" + port,
            "-Dcastalia.bootstrap-servers=" + bootstrapServers(),
            "-Dcastalia.registry-url=" + registryUrl()));
    options.addAll(List.of(settings));
    serviceSettings.forEach((setting, value) -> options.add("-D" + setting + "=" + value));
    options.addAll(installation.service(service));
    addresses.put(name, "http://localhost:" + port);
    return run(
        name, options, () -> probes.answersOk("http://localhost:" + port + "/q/health/ready"));
  }

  /**
   * Options of a small machine's Java: one collector thread, the compiler that is quick rather than
   * thorough, since most of the work is native, and what the libraries still open. Room for classes
   * and for code from the start: by default, that compiler's is so small that the gateway stopped
   * two seconds to clear it, and classes were cleared away while services started.
   */
  private static List<String> jvm(String heap) {
    return new ArrayList<>(
        List.of(
            "-Xmx" + heap,
            ONE_COLLECTOR,
            QUICK_COMPILER,
            "-XX:ReservedCodeCacheSize=240m",
            "-XX:MetaspaceSize=128m",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
  }

  private Part run(String name, List<String> options, BooleanSupplier ready) {
    Part part = new Part(name, options, log(name), data.resolve("tmp").resolve(name), ready);
    synchronized (this) {
      requireOpen();
      parts.put(name, part);
      part.start();
      supervisor.watch(part);
    }
    return part;
  }

  private Path log(String name) {
    return logs().resolve(name + ".log");
  }

  private synchronized void requireOpen() {
    if (closing) {
      throw new ClusterException("The cluster is being stopped");
    }
  }

  private void await(Part part) throws InterruptedException {
    Instant end = Instant.now().plus(START);
    while (!part.isReady()) {
      requireOpen();
      if (part.isGivenUp()) {
        throw new ClusterException(
            "The %s does not start; see above what it printed".formatted(part.name()));
      }
      if (Instant.now().isAfter(end)) {
        throw new ClusterException(
            "The %s did not come up within %d s; it printed last:%n%s"
                .formatted(part.name(), START.toSeconds(), String.join("\n", part.logTail(20))));
      }
      Thread.sleep(POLL);
    }
  }

  @Override
  public void close() {
    stopAll();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The process is ending; the hook runs by itself and finds nothing left to do.
    }
  }

  private void stopAtExit() {
    announcements.accept("Stopping…");
    stopAll();
  }

  private void stopAll() {
    stopping.lock();
    try {
      if (!stopped) {
        stopParts();
        stopped = true;
      }
    } finally {
      stopping.unlock();
    }
  }

  private void stopParts() {
    List<Part> all;
    synchronized (this) {
      closing = true;
      all = List.copyOf(parts.values());
    }
    supervisor.close();
    List<Part> services =
        all.stream()
            .filter(it -> !it.name().equals(BROKER) && !it.name().equals(REGISTRY))
            .toList();
    // The services need broker and registry to say goodbye, but not one another.
    services.parallelStream().forEach(Part::stop);
    all.stream().filter(it -> !services.contains(it)).toList().reversed().forEach(Part::stop);
    probes.close();
    ports.close();
    data.close();
  }
}
