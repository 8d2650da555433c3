package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.source.Roots;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The few keys of a file that say what it defines. The harness's folder has some 14 000 files: to
 * parse them all takes many times as long as to look for these keys' lines.
 *
 * @param task the task's name, if the file itself says one
 * @param group the group's name
 * @param tags null where the file does not say, and an included one may
 * @param includes files as written, relative to this one
 */
record TaskHeader(
    Optional<String> task, Optional<String> group, List<String> tags, List<String> includes) {

  private static final Pattern KEY =
      Pattern.compile("([\"']?)(task|group|tag|include)\\1[ \\t]*:(?:[ \\t]+(.*))?");
  private static final Pattern SIMPLE =
      Pattern.compile("(?:\"([^\"\\\\]*)\"|'([^']*)'|([\\w./][^#:,'\"\\[\\]{}]*?))[ \\t]*(?:#.*)?");
  private static final Pattern ITEM = Pattern.compile("[ \\t]*-[ \\t]+(.*)");
  private static final Pattern BLANK = Pattern.compile("[ \\t]*(?:#.*)?");

  /** What ends a line in YAML 1.1 and not in Java. */
  private static final Pattern OTHER_LINE_BREAK = Pattern.compile("[\\x85\\u2028\\u2029]");

  /** What a file says by itself; what it includes is not looked at. */
  static TaskHeader read(Path file) {
    String text = YamlFile.text(file);
    TaskHeader quick = OTHER_LINE_BREAK.matcher(text).find() ? null : new Scan(text).header();
    return quick == null ? of(YamlFile.own(file, text, Roots.ANY)) : quick;
  }

  private static TaskHeader of(Map<String, Object> values) {
    return new TaskHeader(
        Optional.ofNullable(values.get("task"))
            .filter(String.class::isInstance)
            .map(String.class::cast),
        Optional.ofNullable(values.get("group")).map(String::valueOf),
        values.containsKey("tag") ? strings(values.get("tag")) : null,
        strings(values.get("include")));
  }

  private static List<String> strings(Object value) {
    return switch (value) {
      case null -> List.of();
      case List<?> list -> list.stream().map(String::valueOf).toList();
      default -> List.of(String.valueOf(value));
    };
  }

  /**
   * This file's header with what it has from those it includes.
   *
   * @throws TaskException if an included one cannot be read
   */
  TaskHeader over(TaskHeader included) {
    return new TaskHeader(
        task.or(included::task),
        group.or(included::group),
        tags == null ? included.tags : tags,
        includes);
  }

  /** Looks at the lines that begin with one of the keys; gives up on what is not plain. */
  private static final class Scan {

    /** A line that begins with none of these holds no key, and nothing else that matters. */
    private static final String BEGINNINGS = "tgi\"'{-?";

    private final List<String> lines;
    private Optional<String> task = Optional.empty();
    private Optional<String> group = Optional.empty();
    private List<String> tags;
    private List<String> includes = List.of();

    Scan(String text) {
      this.lines = text.lines().toList();
    }

    /** Null where only a whole parse can tell. */
    TaskHeader header() {
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        if (line.isEmpty() || BEGINNINGS.indexOf(line.charAt(0)) < 0) {
          continue;
        }
        if (line.startsWith("{") || line.startsWith("---") || line.startsWith("?")) {
          return null;
        }
        Matcher key = KEY.matcher(line);
        if (key.matches() && !take(key.group(2), key.group(3), i + 1)) {
          return null;
        }
      }
      return new TaskHeader(task, group, tags, includes);
    }

    private boolean take(String key, String rest, int next) {
      List<String> values;
      if (rest == null || BLANK.matcher(rest).matches()) {
        if (key.equals("task")) {
          // A group's members: only whoever asks for the group needs them.
          return true;
        }
        values = items(next);
      } else {
        String value = simple(rest);
        values = value == null ? null : List.of(value);
      }
      if (values == null) {
        return false;
      }
      switch (key) {
        case "task" -> task = Optional.of(values.getFirst());
        case "group" -> group = values.stream().findFirst();
        case "tag" -> tags = values;
        default -> includes = values;
      }
      return true;
    }

    private List<String> items(int next) {
      List<String> items = new ArrayList<>();
      for (int i = next; i < lines.size(); i++) {
        Matcher item = ITEM.matcher(lines.get(i));
        if (item.matches()) {
          String value = simple(item.group(1));
          if (value == null) {
            return null;
          }
          items.add(value);
        } else if (!BLANK.matcher(lines.get(i)).matches()) {
          break;
        }
      }
      return items;
    }

    private static String simple(String text) {
      Matcher value = SIMPLE.matcher(text);
      if (!value.matches()) {
        return null;
      }
      for (int group = 1; group <= 3; group++) {
        if (value.group(group) != null) {
          return value.group(group);
        }
      }
      throw new IllegalStateException("one of the three matches");
    }
  }
}
