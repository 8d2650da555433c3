package dev.castalia.scoring.template;

import dev.castalia.scoring.TaskException;
import java.util.List;
import java.util.Map;

/**
 * A Jinja template over a document's fields, rendered as Python's jinja2 does with {@code
 * StrictUndefined}: a name that is not there is an error, and values are written as Python writes
 * them. Of jinja2 it has what templates of evaluations need: outputs, comments, {@code for}, {@code
 * if}, {@code set}, {@code with} and {@code raw}, all operators, and the filters, tests and methods
 * that {@link Filters}, {@link Tests} and {@link PythonMethods} list; anything else is an error
 * when the template is read. Thread-safe.
 */
public final class Template {

  private final String where;
  private final String source;
  private final List<Statement> statements;

  /**
   * @param where the file and key it comes from, for errors
   * @throws TaskException if the template is wrong, or has what is not supported
   */
  public Template(String where, String source) {
    this.where = where;
    this.source = source;
    try {
      this.statements = TemplateParser.parse(source);
    } catch (TemplateException e) {
      throw new TaskException(
          "%s: the template %s cannot be read: %s".formatted(where, source, e.getMessage()), e);
    } catch (StackOverflowError e) {
      throw tooDeep(e);
    }
  }

  /**
   * @throws TaskException if a name is undefined, a value is not of the right type, or it takes too
   *     much time or memory
   */
  public String render(Map<String, Object> document) {
    StringBuilder out = new StringBuilder();
    try {
      Budget.during(() -> Statement.render(statements, Scope.of(document), out));
    } catch (TemplateException e) {
      throw new TaskException(
          "%s: the template %s fails: %s; the document has %s"
              .formatted(where, source, e.getMessage(), document.keySet()),
          e);
    } catch (StackOverflowError e) {
      throw tooDeep(e);
    }
    return out.toString();
  }

  private TaskException tooDeep(StackOverflowError e) {
    return new TaskException(where + ": the template is nested too deeply; write it flatter", e);
  }
}
