package dev.castalia.cli.command;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.castalia.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * A sweep as a YAML file has it: the command's options without their dashes; null where left out.
 */
record SweepFile(
    String id,
    List<String> models,
    List<String> steps,
    List<String> tasks,
    @JsonProperty("num_fewshot") Integer shots,
    String dtype,
    Boolean standing,
    Integer priority) {

  static final SweepFile EMPTY = new SweepFile(null, null, null, null, null, null, null, null);

  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);

  /**
   * @throws CommandException if the file is missing or says what no sweep has
   */
  static SweepFile read(Path file) {
    try {
      Object content =
          new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
      if (content == null) {
        throw new CommandException(file + ": is empty; give at least models and tasks");
      }
      return MAPPER.convertValue(content, SweepFile.class);
    } catch (IOException e) {
      throw new CommandException(file + ": cannot be read (" + e + ")", e);
    } catch (YAMLException e) {
      throw new CommandException(file + ": not YAML: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new CommandException(file + ": " + describe(e), e);
    }
  }

  private static String describe(IllegalArgumentException e) {
    return e.getCause() instanceof UnrecognizedPropertyException unknown
        ? "'%s' is not known; known: %s"
            .formatted(
                unknown.getPropertyName(),
                unknown.getKnownPropertyIds().stream()
                    .map(String::valueOf)
                    .sorted()
                    .collect(Collectors.joining(", ")))
        : "not a sweep: " + e.getMessage().lines().findFirst().orElse("");
  }
}
