package dev.castalia.cli.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * Asks the parts whether they do their work. Parts that speak HTTP are told a word to say with
 * every answer: on a port that was taken meanwhile somebody else may answer as well.
 */
final class Probes implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final String HEADER = "Castalia-Cluster";

  private final String word = UUID.randomUUID().toString();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final String bootstrapServers;
  private Admin admin;

  Probes(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  /** A client of the broker, which may be away. */
  synchronized Admin admin() {
    if (admin == null) {
      admin =
          Admin.create(
              Map.of(
                  AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                  bootstrapServers,
                  AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                  250));
    }
    return admin;
  }

  boolean brokerAnswers() {
    try {
      return !admin()
          .describeCluster()
          .nodes()
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .isEmpty();
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The setting that makes a Quarkus application say the word. */
  String wordSetting() {
    return "-Dquarkus.http.header.\"" + HEADER + "\".value=" + word;
  }

  /** Whether one of this cluster's parts answers there, and with 200. */
  boolean answersOk(String url) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
    try {
      HttpResponse<Void> response = http.send(request, BodyHandlers.discarding());
      return response.statusCode() == 200
          && response.headers().firstValue(HEADER).filter(word::equals).isPresent();
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public synchronized void close() {
    if (admin != null) {
      admin.close(Duration.ofSeconds(1));
    }
    http.shutdownNow();
  }
}
