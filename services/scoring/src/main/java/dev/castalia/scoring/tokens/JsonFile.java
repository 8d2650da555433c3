package dev.castalia.scoring.tokens;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.SmallFile;
import dev.castalia.scoring.SmallJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What lies beside a {@code tokenizer.json}.
 *
 * @param json an object; an empty one where there is no such file
 */
record JsonFile(Path file, JsonNode json) {

  private static final SmallJson JSON = new SmallJson();

  /**
   * @throws CheckpointException if the file is there but is not a JSON object, or too much for one
   */
  static JsonFile read(Path file) {
    if (!Files.exists(file)) {
      return new JsonFile(file, JsonNodeFactory.instance.objectNode());
    }
    try {
      byte[] content = SmallFile.read(file, TokenizerFiles.MOST_BESIDE);
      JsonNode json = JSON.read(file, content, JsonNode.class);
      if (!json.isObject()) {
        throw new CheckpointException(file + ": not a JSON object; fetch it again");
      }
      return new JsonFile(file, json);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          file + ": not JSON, or cut off: " + e.getOriginalMessage() + "; fetch it again", e);
    } catch (IOException e) {
      throw CheckpointException.unreadable(file, e);
    }
  }
}
