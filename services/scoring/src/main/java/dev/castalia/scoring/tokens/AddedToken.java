package dev.castalia.scoring.tokens;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A token that is found in a text before the rest is split, with what decides where it is found.
 *
 * @param id as it is written
 */
record AddedToken(
    String id,
    String content,
    boolean lstrip,
    boolean rstrip,
    boolean singleWord,
    boolean normalized) {

  /** What a file leaves out of it is as in the class of that name of the tokenizers library. */
  static AddedToken of(String id, JsonNode token) {
    return new AddedToken(
        id,
        token.path("content").asText(),
        token.path("lstrip").asBoolean(),
        token.path("rstrip").asBoolean(),
        token.path("single_word").asBoolean(),
        token.path("normalized").asBoolean(!token.path("special").asBoolean()));
  }
}
