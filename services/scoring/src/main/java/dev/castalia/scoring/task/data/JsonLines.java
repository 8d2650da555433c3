package dev.castalia.scoring.task.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.castalia.scoring.TaskException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Documents from a file of JSON Lines, or of one JSON array of objects. */
final class JsonLines {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .addModule(new SimpleModule().addDeserializer(Number.class, new PythonNumber()))
          .build();
  private static final TypeReference<LinkedHashMap<String, Object>> OBJECT =
      new TypeReference<>() {};
  private static final TypeReference<List<LinkedHashMap<String, Object>>> ARRAY =
      new TypeReference<>() {};

  /** Whole numbers as Python's of templates: of 64 bits, or as many as it takes. */
  private static final class PythonNumber extends JsonDeserializer<Number> {

    @Override
    public Number deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      Number number = parser.getNumberValue();
      return number instanceof Integer whole ? (Number) whole.longValue() : number;
    }
  }

  private JsonLines() {}

  static List<Map<String, Object>> parse(Path file, String text) {
    int first = 0;
    while (first < text.length() && Character.isWhitespace(text.charAt(first))) {
      first++;
    }
    if (first < text.length() && text.charAt(first) == '[') {
      try {
        List<Map<String, Object>> documents = new ArrayList<>(JSON.readValue(text, ARRAY));
        if (documents.contains(null)) {
          throw new TaskException(
              "%s: document %d is null; leave it out".formatted(file, documents.indexOf(null)));
        }
        return documents;
      } catch (JsonProcessingException e) {
        throw new TaskException(file + ": " + e.getOriginalMessage(), e);
      }
    }
    return lines(file, text);
  }

  private static List<Map<String, Object>> lines(Path file, String text) {
    List<Map<String, Object>> documents = new ArrayList<>();
    BufferedReader lines = new BufferedReader(new StringReader(text));
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
