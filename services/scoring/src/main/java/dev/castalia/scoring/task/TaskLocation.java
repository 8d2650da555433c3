package dev.castalia.scoring.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.source.Roots;
import dev.castalia.scoring.task.data.DataPath;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a scorer finds a task, as one text: the path of its file, or a file URI that says more:
 * {@code file:///tasks/piqa.yaml?data=/data&overrides=%7B%22num_fewshot%22%3A5%7D}.
 *
 * @param file absolute
 * @param data the folder of data sets, if the task needs one
 * @param overrides what a group says otherwise of the task
 */
public record TaskLocation(Path file, Optional<Path> data, Map<String, Object> overrides) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DATA = "data";
  private static final String OVERRIDES = "overrides";

  /**
   * @throws TaskException if the text is no location
   */
  public static TaskLocation parse(String location) {
    try {
      if (!location.startsWith("file:")) {
        return new TaskLocation(Path.of(location), Optional.empty(), Map.of());
      }
      URI uri = URI.create(location);
      if (uri.getPath() == null) {
        throw new IllegalArgumentException("no absolute path");
      }
      Map<String, String> query = new LinkedHashMap<>();
      String raw = uri.getRawQuery() == null ? "" : uri.getRawQuery();
      for (String part : raw.isEmpty() ? new String[0] : raw.split("&")) {
        int equals = part.indexOf('=');
        query.put(part.substring(0, equals), decoded(part.substring(equals + 1)));
      }
      return new TaskLocation(
          Path.of(uri.getPath()),
          Optional.ofNullable(query.get(DATA)).map(Path::of),
          query.containsKey(OVERRIDES)
              ? JSON.readValue(query.get(OVERRIDES), new TypeReference<>() {})
              : Map.of());
    } catch (IllegalArgumentException | IndexOutOfBoundsException | JsonProcessingException e) {
      throw new TaskException(
          location + ": no location of a task; give a path, or file:///…?data=…&overrides=…", e);
    }
  }

  /**
   * Reads definition and data.
   *
   * @param roots that every file must lie in, also those that the definition names, or the
   *     overrides
   * @throws TaskException if something in it is wrong or not understood, or outside of the roots
   */
  public Task load(Roots roots) {
    return Task.of(
        TaskYaml.load(file, overrides, roots),
        data.map(folder -> DataPath.of(roots.require(folder, TaskException::new)))
            .orElse(DataPath.NONE));
  }

  @Override
  public String toString() {
    StringBuilder query = new StringBuilder();
    data.ifPresent(path -> query.append("&data=").append(encoded(path.toString())));
    if (!overrides.isEmpty()) {
      try {
        query.append("&overrides=").append(encoded(JSON.writeValueAsString(overrides)));
      } catch (JsonProcessingException e) {
        throw new TaskException(file + ": what its group says otherwise is no plain data", e);
      }
    }
    return query.isEmpty()
        ? file.toString()
        : "file://" + file.toUri().getRawPath() + "?" + query.substring(1);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
