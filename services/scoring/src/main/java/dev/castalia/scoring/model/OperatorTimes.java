package dev.castalia.scoring.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Reads the runtime's record of a session: how long each kind of operator took in all. */
final class OperatorTimes {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RAN = "_kernel_time";

  private OperatorTimes() {}

  /** Adds what a record holds, and deletes it. */
  static void take(Path record, Map<String, Duration> into) {
    try {
      for (JsonNode event : JSON.readTree(record.toFile())) {
        if (event.path("name").asText().endsWith(RAN)) {
          into.merge(
              event.path("args").path("op_name").asText(),
              Duration.ofNanos(event.path("dur").asLong() * 1000),
              Duration::plus);
        }
      }
      Files.delete(record);
    } catch (IOException e) {
      throw new UncheckedIOException(record + " is not the runtime's record of a session", e);
    }
  }
}
