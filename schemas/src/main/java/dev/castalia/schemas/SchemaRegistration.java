package dev.castalia.schemas;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Registers every event's schema under compatibility BACKWARD. It speaks the registry's
 * Confluent-compatible API, so any registry that has it will do. Safe to run again.
 */
public final class SchemaRegistration {

  private static final String REGISTRY_API = "/apis/registry/";
  private static final String CONFLUENT_API = "/apis/ccompat/v7";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final URI base;

  /**
   * @param confluentUrl base URL of the Confluent-compatible API, for example {@code
   *     http://localhost:8081/apis/ccompat/v7}
   * @throws IllegalArgumentException if it is no URL of HTTP
   */
  public SchemaRegistration(String confluentUrl) {
    this.base = URI.create(confluentUrl.endsWith("/") ? confluentUrl : confluentUrl + "/");
    if (!List.of("http", "https").contains(String.valueOf(base.getScheme()))
        || base.getHost() == null) {
      throw new IllegalArgumentException(
          "the registry's URL is \"%s\": give one that begins with http:// or https:// and a host"
              .formatted(confluentUrl));
    }
  }

  /**
   * Where Apicurio Registry has its Confluent-compatible API.
   *
   * @param registryUrl base URL of the registry's own API
   * @param setting what the URL of the Confluent-compatible API can be given as
   * @throws IllegalArgumentException naming that, if the registry's URL does not look like one
   */
  public static String confluentUrl(String registryUrl, String setting) {
    int path = registryUrl.indexOf(REGISTRY_API);
    if (path < 0) {
      throw new IllegalArgumentException(
          "the registry's URL is \"%s\", which holds no %s: give the URL of its Confluent-compatible API too, as %s"
              .formatted(registryUrl, REGISTRY_API, setting));
    }
    return registryUrl.substring(0, path) + CONFLUENT_API;
  }

  /** The schemas of all events, in the order of the topics. */
  public static List<Schema> schemas() {
    return Arrays.stream(Topic.values())
        .flatMap(topic -> topic.events().stream())
        .map(SchemaRegistration::schema)
        .toList();
  }

  static Schema schema(Class<? extends SpecificRecord> event) {
    return SpecificData.get().getSchema(event);
  }

  /**
   * Sets the global rule and registers what is missing.
   *
   * @throws IllegalStateException naming the schema that the registry refused, and why
   */
  public void apply() throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      send(client, "PUT", "config", Map.of("compatibility", "BACKWARD"));
      for (Schema schema : schemas()) {
        send(
            client,
            "POST",
            "subjects/" + schema.getFullName() + "/versions",
            Map.of("schema", schema.toString()));
      }
    }
  }

  private void send(HttpClient client, String method, String path, Map<String, String> body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IllegalStateException(
          "The schema registry refused %s %s with status %d: %s"
              .formatted(method, request.uri(), response.statusCode(), response.body()));
    }
  }
}
