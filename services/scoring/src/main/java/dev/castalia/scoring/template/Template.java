package dev.castalia.scoring.template;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.mode.ExecutionMode;
import com.hubspot.jinjava.tree.output.RenderedOutputNode;
import dev.castalia.scoring.TaskException;
import java.util.HashMap;
import java.util.Map;
import jinjava.javax.el.CompositeELResolver;
import jinjava.javax.el.ELResolver;

/**
 * A Jinja template over a document's fields, rendered as Python's jinja2 does with {@code
 * StrictUndefined}: a name that is not there is an error, and values are written as Python writes
 * them. Thread-safe.
 */
public final class Template {

  private static final Jinjava JINJA = new Jinjava(configuration());

  private final String where;
  private final String source;
  private final boolean constant;

  /**
   * @param where the file and key it comes from, for errors
   */
  public Template(String where, String source) {
    this.where = where;
    this.source = source;
    this.constant = !source.contains("{{") && !source.contains("{%") && !source.contains("{#");
  }

  /**
   * @throws TaskException if a name is undefined or the template is wrong
   */
  public String render(Map<String, Object> document) {
    if (constant) {
      return source;
    }
    Map<String, Object> fields = new HashMap<>();
    document.forEach((name, value) -> fields.put(name, value == null ? None.NONE : value));
    RenderResult result = JINJA.renderForResult(source, fields);
    if (result.hasErrors()) {
      TemplateError error = result.getErrors().getFirst();
      throw new TaskException(
          "%s: the template %s fails: %s; the document has %s"
              .formatted(where, source, error.getMessage(), document.keySet()),
          error.getException());
    }
    return result.getOutput();
  }

  private static JinjavaConfig configuration() {
    CompositeELResolver resolver = new CompositeELResolver();
    resolver.add(new PythonMethods());
    resolver.add(JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_ONLY);
    return JinjavaConfig.newBuilder()
        .withFailOnUnknownTokens(true)
        // A document's text is text, also where it looks like a template.
        .withNestedInterpretationEnabled(false)
        .withKeepTrailingNewline(true)
        .withElResolver((ELResolver) resolver)
        .withLegacyOverrides(
            LegacyOverrides.Builder.from(LegacyOverrides.ALL)
                .withWhitespaceRequiredWithinTokens(false)
                .build())
        .withExecutionMode(new PythonOutput())
        .build();
  }

  private static final class PythonOutput implements ExecutionMode {

    @Override
    public void prepareContext(Context context) {
      context.setExpressionStrategy(
          (token, interpreter) ->
              new RenderedOutputNode(
                  PythonText.str(
                      interpreter.resolveELExpression(token.getExpr(), token.getLineNumber()))));
    }
  }
}
