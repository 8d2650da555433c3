package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.task.helper.FunctionReference;
import dev.castalia.scoring.task.helper.Helper;
import dev.castalia.scoring.task.helper.Helpers;
import dev.castalia.scoring.template.PythonLiteral;
import dev.castalia.scoring.template.Template;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One of {@code doc_to_text}, {@code doc_to_target}, {@code doc_to_choice}: how to get a value. */
sealed interface Field {

  /** The value: a String, a Long, or a List. */
  Object of(Map<String, Object> document);

  /** The value of a column of the data. */
  record Column(String where, String name) implements Field {

    @Override
    public Object of(Map<String, Object> document) {
      Object value = document.get(name);
      if (value == null) {
        throw new TaskException(where + ": a document has no '" + name + "': " + document);
      }
      return value;
    }
  }

  /** What a helper function makes of a document. */
  record Computed(String where, Helper.OfDocument helper) implements Field {

    @Override
    public Object of(Map<String, Object> document) {
      try {
        return helper.value().apply(document);
      } catch (TaskException e) {
        throw new TaskException(where + ": " + e.getMessage(), e);
      }
    }
  }

  /** The same for every document. */
  record Constant(Object value) implements Field {

    @Override
    public Object of(Map<String, Object> document) {
      return value;
    }
  }

  /** A rendered template; the harness takes some renderings for the literals they look like. */
  record Rendered(String where, Template template, Literals literals) implements Field {

    @Override
    public Object of(Map<String, Object> document) {
      String text = template.render(document);
      return switch (literals) {
        case NUMBERS -> isDigits(text) ? (Object) Long.parseLong(text) : text;
        case NUMBERS_AND_LISTS -> isDigits(text) ? (Object) Long.parseLong(text) : listOrText(text);
        case LISTS -> listOrText(text);
        case ALWAYS -> literal(text);
        case NEVER -> text;
      };
    }

    private Object literal(String text) {
      try {
        return PythonLiteral.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TaskException(
            where + ": the template must render to a list; " + e.getMessage(), e);
      }
    }

    private static Object listOrText(String text) {
      if (text.length() < 2 || !text.startsWith("[") || !text.endsWith("]")) {
        return text;
      }
      try {
        return PythonLiteral.parse(text);
      } catch (IllegalArgumentException e) {
        return text;
      }
    }

    private static boolean isDigits(String text) {
      return !text.isEmpty()
          && text.length() < 19
          && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
  }

  /** Which renderings are Python literals. */
  enum Literals {
    NEVER,
    NUMBERS,
    LISTS,
    NUMBERS_AND_LISTS,
    ALWAYS
  }

  /**
   * @param value from the YAML: a string that names a column or is a template, a number, or a list
   */
  static Field of(String where, Object value, Set<String> columns, Literals literals) {
    return switch (value) {
      case FunctionReference reference -> computed(where, reference);
      case String text when columns.contains(text) -> new Column(where, text);
      case String text -> new Rendered(where, new Template(where, text), literals);
      case Integer number -> new Constant(number.longValue());
      case Long number -> new Constant(number);
      case List<?> list -> new Constant(list);
      case Map<?, ?> map when literals == Literals.ALWAYS ->
          new Constant(List.copyOf(map.values()));
      default ->
          throw new TaskException(
              where + ": " + value + " is neither a template, a column, a number nor a list");
    };
  }

  private static Field computed(String where, FunctionReference reference) {
    if (Helpers.find(where, reference) instanceof Helper.OfDocument helper) {
      return new Computed(where, helper);
    }
    throw new TaskException(where + ": " + reference + " is not for a single document");
  }
}
