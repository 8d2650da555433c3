package dev.castalia.gateway.access;

import dev.castalia.gateway.GatewayConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Keys that callers show, known only by their SHA-256: they are 256 random bits, which nobody finds
 * from a hash that is quick to compute. The file has a line for each, {@code NAME ROLE HASH}; empty
 * lines and those that begin with # mean nothing. It is read again when it has changed, so that a
 * key can be withdrawn without a restart. Thread-safe.
 */
@Singleton
public class ApiKeys {

  private static final Logger LOG = Logger.getLogger(ApiKeys.class);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private final Optional<Path> file;
  private final Duration lookAgain;
  private Map<String, Caller> byHash = Map.of();
  private byte[] read = {};
  private long looked;

  @Inject
  ApiKeys(GatewayConfig config) {
    this(config.gateway().access().apiKeys(), LOOK_AGAIN);
  }

  /**
   * @param lookAgain how long the file is not looked at after it was
   * @throws IllegalArgumentException if the file cannot be read or is wrong
   */
  ApiKeys(Optional<Path> file, Duration lookAgain) {
    this.file = file;
    this.lookAgain = lookAgain;
    file.ifPresent(this::read);
    looked = System.nanoTime();
  }

  /** Whose key it is; empty where it is nobody's. */
  synchronized Optional<Caller> find(String key) {
    if (file.isPresent() && System.nanoTime() - looked >= lookAgain.toNanos()) {
      looked = System.nanoTime();
      readAgain(file.get());
    }
    return Optional.ofNullable(byHash.get(hash(key)));
  }

  /**
   * A file that has become wrong changes nothing: whoever had a key keeps it, and the log says so.
   */
  private void readAgain(Path path) {
    try {
      read(path);
    } catch (IllegalArgumentException e) {
      LOG.errorf("%s; the keys stay as they were", e.getMessage());
    }
  }

  private void read(Path path) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "castalia.gateway.access.api-keys names %s, which cannot be read: %s"
              .formatted(path, e.getClass().getSimpleName()),
          e);
    }
    if (!Arrays.equals(bytes, read)) {
      byHash = parse(path, new String(bytes, StandardCharsets.UTF_8).lines().toList());
      read = bytes;
    }
  }

  private static Map<String, Caller> parse(Path path, List<String> lines) {
    Map<String, Caller> keys = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split("\\s+");
      Optional<Role> role =
          Arrays.stream(Role.values())
              .filter(known -> parts.length == 3 && known.word().equals(parts[1]))
              .findAny();
      if (role.isEmpty() || !HASH.matcher(parts[2]).matches()) {
        // The line itself is not repeated: it may hold a key.
        throw new IllegalArgumentException(
            "Line %d of %s is not a name, a role (reader, producer or operator) and a SHA-256 in hex: 'castalia key' prints such lines"
                .formatted(i + 1, path));
      }
      keys.put(parts[2], new Caller(parts[0], role));
    }
    return Map.copyOf(keys);
  }

  static String hash(String key) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
