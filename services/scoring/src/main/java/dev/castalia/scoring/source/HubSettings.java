package dev.castalia.scoring.source;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where the hub is and where its files are kept. Only whoever runs the process decides this.
 *
 * @param endpoint base address of the hub
 * @param token sent to the endpoint's own host and to no other
 * @param cache a folder in the layout of huggingface_hub, which may be shared with it
 * @param offline whether only the cache may be used
 * @param patience how long a connection may bring nothing before it is given up
 * @param backOff the first wait between two attempts; it doubles, up to a minute
 */
public record HubSettings(
    URI endpoint,
    Optional<String> token,
    Path cache,
    boolean offline,
    Duration patience,
    Duration backOff) {

  private static final String ENDPOINT = "https://huggingface.co";

  /**
   * As huggingface_hub reads its variables: {@code HF_ENDPOINT}, {@code HF_TOKEN}, {@code
   * HF_HUB_CACHE}, {@code HF_HOME}, {@code XDG_CACHE_HOME}, {@code HF_HUB_OFFLINE}.
   */
  public static HubSettings from(Map<String, String> environment) {
    Path caches =
        given(environment, "XDG_CACHE_HOME")
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
    Path home =
        given(environment, "HF_HOME").map(Path::of).orElseGet(() -> caches.resolve("huggingface"));
    String endpoint = given(environment, "HF_ENDPOINT").orElse(ENDPOINT);
    return new HubSettings(
        URI.create(endpoint.replaceAll("/+$", "")),
        given(environment, "HF_TOKEN"),
        given(environment, "HF_HUB_CACHE").map(Path::of).orElseGet(() -> home.resolve("hub")),
        given(environment, "HF_HUB_OFFLINE")
            .filter(it -> it.matches("(?i)1|true|yes|on"))
            .isPresent(),
        Duration.ofSeconds(30),
        Duration.ofSeconds(1));
  }

  private static Optional<String> given(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .map(String::strip)
        .filter(it -> !it.isEmpty());
  }
}
