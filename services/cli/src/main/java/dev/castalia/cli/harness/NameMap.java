package dev.castalia.cli.harness;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.cli.CommandException;
import dev.castalia.schemas.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What somebody says of files that do not say it themselves: a YAML list, of which the first entry
 * counts whose {@code path}, a regular expression, is found in the file's path. Its other fields
 * may use the expression's groups as {@code $1}.
 */
public final class NameMap {

  /** Says nothing. */
  public static final NameMap NONE = new NameMap(List.of());

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private record Entry(
      String path,
      String model,
      String revision,
      String step,
      String parameters,
      String tokensSeen,
      String variant,
      String seed,
      String language,
      String parent,
      String learningRate,
      String suite,
      String shots) {}

  /** What an entry says of one file; null where it says nothing. */
  record Facts(
      String model,
      String revision,
      Long step,
      Long parameters,
      Long tokensSeen,
      String variant,
      Long seed,
      String language,
      String parent,
      Double learningRate,
      String suite,
      Integer shots) {}

  private static final Facts NOTHING =
      new Facts(null, null, null, null, null, null, null, null, null, null, null, null);

  private final List<Entry> entries;
  private final List<Pattern> patterns = new ArrayList<>();

  private NameMap(List<Entry> entries) {
    this.entries = entries;
    entries.forEach(entry -> patterns.add(Pattern.compile(entry.path())));
  }

  /**
   * @throws CommandException if the file is missing or says what no map has
   */
  public static NameMap read(Path file) {
    try {
      Object content =
          new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
      List<Entry> entries = List.of(MAPPER.convertValue(content, Entry[].class));
      if (entries.stream().anyMatch(entry -> entry.path() == null)) {
        throw new CommandException(file + ": an entry has no path");
      }
      return new NameMap(entries);
    } catch (IOException e) {
      throw new CommandException(file + ": cannot be read (" + e + ")", e);
    } catch (YAMLException e) {
      throw new CommandException(file + ": not YAML: " + e.getMessage(), e);
    } catch (PatternSyntaxException e) {
      throw new CommandException(file + ": not a regular expression: " + e.getMessage(), e);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new CommandException(
          file + ": not a list of entries with path, model, revision, step, …: " + e.getMessage(),
          e);
    }
  }

  Facts of(Path file) throws UnreadableResultsException {
    String path = file.toString().replace('\\', '/');
    for (int i = 0; i < patterns.size(); i++) {
      Matcher matcher = patterns.get(i).matcher(path);
      if (matcher.find()) {
        Entry entry = entries.get(i);
        return new Facts(
            text(entry.model(), matcher, path),
            text(entry.revision(), matcher, path),
            number("step", entry.step(), matcher, path),
            number("parameters", entry.parameters(), matcher, path),
            number("tokensSeen", entry.tokensSeen(), matcher, path),
            text(entry.variant(), matcher, path),
            number("seed", entry.seed(), matcher, path),
            text(entry.language(), matcher, path),
            parent(text(entry.parent(), matcher, path)),
            learningRate(text(entry.learningRate(), matcher, path)),
            text(entry.suite(), matcher, path),
            shots(number("shots", entry.shots(), matcher, path)));
      }
    }
    return NOTHING;
  }

  private static String parent(String checkpoint) throws UnreadableResultsException {
    try {
      if (checkpoint != null) {
        Keys.model(checkpoint);
      }
      return checkpoint;
    } catch (IllegalArgumentException e) {
      throw new UnreadableResultsException("the map's parent: " + e.getMessage(), e);
    }
  }

  private static Double learningRate(String text) throws UnreadableResultsException {
    try {
      Double rate = text == null ? null : Double.valueOf(text);
      if (rate != null && !(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
        throw new NumberFormatException(rate + " is no rate");
      }
      return rate;
    } catch (NumberFormatException e) {
      throw new UnreadableResultsException(
          "the map gives \"%s\" as learningRate, where a number above 0 is wanted".formatted(text),
          e);
    }
  }

  private static Integer shots(Long number) throws UnreadableResultsException {
    if (number != null && (number < 0 || number > Integer.MAX_VALUE)) {
      throw new UnreadableResultsException(
          "the map gives %d as shots, where a number of examples is wanted".formatted(number));
    }
    return number == null ? null : number.intValue();
  }

  private static String text(String template, Matcher matcher, String path)
      throws UnreadableResultsException {
    if (template == null) {
      return null;
    }
    try {
      StringBuilder text = new StringBuilder();
      Matcher fresh = matcher.pattern().matcher(path);
      fresh.find();
      int before = fresh.start();
      fresh.appendReplacement(text, template);
      return text.substring(before);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new UnreadableResultsException(
          "the map's \"%s\" cannot be filled in: %s".formatted(template, e.getMessage()), e);
    }
  }

  private static Long number(String field, String template, Matcher matcher, String path)
      throws UnreadableResultsException {
    String text = text(template, matcher, path);
    try {
      return text == null ? null : Long.valueOf(text.replace("_", ""));
    } catch (NumberFormatException e) {
      throw new UnreadableResultsException(
          "the map gives \"%s\" as %s, where a whole number is wanted".formatted(text, field), e);
    }
  }
}
