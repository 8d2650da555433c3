package dev.castalia.scoring.task.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.scoring.TaskException;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Documents from a file of JSON Lines, or of one JSON array of objects. */
final class JsonLines {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final TypeReference<LinkedHashMap<String, Object>> OBJECT =
      new TypeReference<>() {};
  private static final TypeReference<List<LinkedHashMap<String, Object>>> ARRAY =
      new TypeReference<>() {};

  private JsonLines() {}

  static List<Map<String, Object>> parse(Path file, byte[] bytes) {
    int first = 0;
    while (first < bytes.length && Character.isWhitespace(bytes[first])) {
      first++;
    }
    if (first < bytes.length && bytes[first] == '[') {
      try {
        List<Map<String, Object>> documents = new ArrayList<>(JSON.readValue(bytes, ARRAY));
        if (documents.contains(null)) {
          throw new TaskException(
              "%s: document %d is null; leave it out".formatted(file, documents.indexOf(null)));
        }
        return documents;
      } catch (JsonProcessingException e) {
        throw new TaskException(file + ": " + e.getOriginalMessage(), e);
      } catch (IOException e) {
        throw TaskException.unreadable(file, e);
      }
    }
    return lines(file, bytes);
  }

  private static List<Map<String, Object>> lines(Path file, byte[] bytes) {
    List<Map<String, Object>> documents = new ArrayList<>();
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8));
    int number = 0;
    try {
      for (String line; (line = lines.readLine()) != null; ) {
        number++;
        if (!line.isBlank()) {
          Map<String, Object> document = JSON.readValue(line, OBJECT);
          if (document == null) {
            throw new TaskException("%s: line %d is null; leave it out".formatted(file, number));
          }
          documents.add(document);
        }
      }
    } catch (JsonProcessingException e) {
      throw new TaskException(
          "%s: line %d is not a JSON object: %s".formatted(file, number, e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
    return documents;
  }
}
