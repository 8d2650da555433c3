package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.source.Roots;
import dev.castalia.scoring.task.helper.FunctionReference;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads a YAML file of lm-evaluation-harness: plain data and {@code !function}, with what it
 * includes merged in. Its own keys win over included ones.
 */
final class YamlFile {

  private static final String INCLUDE = "include";

  /** Files that one may include, at any depth, each as often as it is. */
  private static final int MOST_INCLUDED = 1000;

  /** Values of a file, each as often as an alias stands for it; SnakeYAML reads no more of it. */
  private static final int MOST_VALUES = 1_600_000;

  private YamlFile() {}

  /** The keys and values of a file and of those it includes. */
  static Map<String, Object> load(Path file) {
    return load(file, Roots.ANY);
  }

  /** The same, of files within the roots. */
  static Map<String, Object> load(Path file, Roots roots) {
    return merge(file, text(roots.require(file, TaskException::new)), roots, new Inclusion());
  }

  /** As {@link #load}, of a text that is or could be in that file. */
  static Map<String, Object> parse(Path file, String text) {
    return merge(file, text, Roots.ANY, new Inclusion());
  }

  private static Map<String, Object> merge(
      Path file, String text, Roots roots, Inclusion including) {
    including.enter(file);
    Map<String, Object> own = own(file, text, roots);
    Map<String, Object> merged = new LinkedHashMap<>();
    Object include = own.remove(INCLUDE);
    for (Object one : include instanceof List<?> list ? list : nullable(include)) {
      Path included =
          roots.require(
              file.resolveSibling(String.valueOf(one)).normalize(),
              reason -> new TaskException(file + ": include: " + reason));
      if (!Files.isRegularFile(included)) {
        throw new TaskException(file + ": include: " + included + " does not exist");
      }
      Map<String, Object> values = merge(included, text(included), roots, including);
      values.remove("task_list");
      merged.putAll(values);
    }
    merged.putAll(own);
    including.leave();
    return merged;
  }

  /** The way to the file that is read, and how many were. */
  private static final class Inclusion {

    private final LinkedHashSet<Path> way = new LinkedHashSet<>();
    private int files;

    void enter(Path file) {
      if (!way.add(file.toAbsolutePath().normalize())) {
        throw new TaskException(file + ": include: it includes itself, through " + way);
      }
      if (++files > MOST_INCLUDED) {
        throw new TaskException(
            "%s: include: it is one of more than %d files that %s includes; include each once"
                .formatted(file, MOST_INCLUDED, way.getFirst()));
      }
    }

    void leave() {
      way.removeLast();
    }
  }

  private static List<Object> nullable(Object value) {
    return value == null ? List.of() : List.of(value);
  }

  /** What a file's text says by itself, {@code include} being one of its keys. */
  static Map<String, Object> own(Path file, String text, Roots roots) {
    LoaderOptions options = new LoaderOptions();
    // As the harness's reader does, which takes the last of two equal keys.
    options.setAllowDuplicateKeys(true);
    try {
      Object values = new Yaml(new Functions(options, file, roots)).load(text);
      if (counted(values, 0) > MOST_VALUES) {
        throw new TaskException(file + ": its aliases stand for too many values; write them out");
      }
      return stringKeys(file + ": the file", values);
    } catch (YAMLException e) {
      throw new TaskException(file + ": not YAML: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new TaskException(file + ": !function: " + e.getMessage(), e);
    }
  }

  /** The values in a value and those before it; more than {@link #MOST_VALUES} if too many. */
  private static int counted(Object value, int before) {
    List<Collection<?>> parts =
        switch (value) {
          case Map<?, ?> map -> List.of(map.keySet(), map.values());
          case Collection<?> items -> List.of(items);
          case null, default -> List.of();
        };
    int count = before + 1;
    for (Collection<?> part : parts) {
      for (Object item : part) {
        if (count > MOST_VALUES) {
          return count;
        }
        count = counted(item, count);
      }
    }
    return count;
  }

  static Map<String, Object> stringKeys(String where, Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new TaskException(where + " is not a mapping of keys to values");
    }
    Map<String, Object> keyed = new LinkedHashMap<>();
    map.forEach((key, item) -> keyed.put(String.valueOf(key), item));
    return keyed;
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw new TaskException(file + ": not UTF-8; save it as UTF-8", e);
    } catch (NoSuchFileException e) {
      throw new TaskException(file + " does not exist", e);
    } catch (IOException e) {
      throw TaskException.unreadable(file, e);
    }
  }

  /** Plain data, and {@code !function}; any other tag is refused. */
  private static final class Functions extends SafeConstructor {

    Functions(LoaderOptions options, Path file, Roots roots) {
      super(options);
      yamlConstructors.put(
          new Tag("!function"),
          new AbstractConstruct() {
            @Override
            public Object construct(Node node) {
              if (!(node instanceof ScalarNode scalar)) {
                throw new IllegalArgumentException("it must name a function");
              }
              FunctionReference reference =
                  new FunctionReference(file.getParent(), scalar.getValue());
              roots.require(
                  reference.file(),
                  reason -> new TaskException(file + ": " + reference + ": " + reason));
              return reference;
            }
          });
    }

    @Override
    protected Object constructObjectNoCheck(Node node) {
      // So marked because an alias within it stands for it: without end for whoever follows it.
      if (node.isTwoStepsConstruction()) {
        throw new YAMLException(
            "what is in line %d is a part of itself".formatted(node.getStartMark().getLine() + 1));
      }
      return super.constructObjectNoCheck(node);
    }
  }
}
