package dev.castalia.scoring;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * Reads JSON that comes with a checkpoint, whole, and so not of any number of tokens: values, names
 * and brackets, each of which takes many times its bytes in memory. Thread-safe.
 */
public final class SmallJson {

  /** The header of 120,000 tensors has 1.8 million. */
  private static final long MOST = 2_000_000;

  private final ObjectMapper mapper;

  /** One for up to 2 million tokens. */
  public SmallJson() {
    this(MOST);
  }

  /**
   * @param most tokens
   */
  public SmallJson(long most) {
    this.mapper =
        // What is too much is told from what is wrong by the exception as it was thrown.
        new ObjectMapper(
                JsonFactory.builder()
                    .streamReadConstraints(
                        StreamReadConstraints.builder().maxTokenCount(most).build())
                    .build())
            .disable(DeserializationFeature.WRAP_EXCEPTIONS);
  }

  /** One that refuses names that are there twice, and what follows the value. */
  public static SmallJson strict() {
    SmallJson strict = new SmallJson();
    strict
        .mapper
        .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    return strict;
  }

  /**
   * The value.
   *
   * @param what is read, for the message
   * @throws CheckpointException if it has more tokens, or is nested deeper than such JSON is
   * @throws IOException if it is not JSON, or not of that type
   */
  public <T> T read(Object what, byte[] json, Class<T> type) throws IOException {
    try {
      return mapper.readValue(json, type);
    } catch (StreamConstraintsException e) {
      throw new CheckpointException(
          "%s: more JSON than there rightly is (%s); it is something else, so fetch it again"
              .formatted(what, e.getOriginalMessage()),
          e);
    }
  }
}
