package dev.castalia.scoring.template;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.interpret.UnknownTokenException;
import com.hubspot.jinjava.mode.ExecutionMode;
import com.hubspot.jinjava.tree.output.RenderedOutputNode;
import dev.castalia.scoring.TaskException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jinjava.javax.el.CompositeELResolver;
import jinjava.javax.el.ELResolver;
import jinjava.javax.el.ExpressionFactory;

/**
 * A Jinja template over a document's fields, rendered as Python's jinja2 does with {@code
 * StrictUndefined}: a name that is not there is an error, and values are written as Python writes
 * them. Thread-safe.
 */
public final class Template {

  /** The two ways that jinja2 has to ask about an undefined name without an error. */
  private static final Pattern ASKS_WHETHER_DEFINED =
      Pattern.compile("\\|\\s*(default|d)\\b|\\bis\\s+(not\\s+)?(un)?defined\\b");

  /** Most templates in use; Jinjava would take a hundred times as long for the same text. */
  private static final Pattern ONE_NAME = Pattern.compile("\\{\\{ *([A-Za-z_]\\w*) *}}");

  private static final Jinjava JINJA = new PythonJinja(configuration(true));
  private static final Jinjava LENIENT_JINJA = new PythonJinja(configuration(false));

  private static final Map<String, Object> CONSTANTS =
      Map.of("True", true, "False", false, "None", None.NONE, "none", None.NONE);

  private final String where;
  private final String source;
  private final boolean constant;
  private final Optional<String> name;
  private final Jinjava jinja;

  /**
   * @param where the file and key it comes from, for errors
   */
  public Template(String where, String source) {
    this.where = where;
    this.source = source;
    this.constant = !source.contains("{{") && !source.contains("{%") && !source.contains("{#");
    Matcher oneName = ONE_NAME.matcher(source);
    this.name = oneName.matches() ? Optional.of(oneName.group(1)) : Optional.empty();
    this.jinja = ASKS_WHETHER_DEFINED.matcher(source).find() ? LENIENT_JINJA : JINJA;
  }

  /**
   * @throws TaskException if a name is undefined or the template is wrong
   */
  public String render(Map<String, Object> document) {
    if (constant) {
      return source;
    }
    if (name.isPresent() && document.containsKey(name.get())) {
      return PythonText.str(document.get(name.get()));
    }
    Map<String, Object> fields = new HashMap<>(CONSTANTS);
    document.forEach((name, value) -> fields.put(name, value == null ? None.NONE : value));
    RenderResult result = jinja.renderForResult(source, fields);
    if (result.hasErrors()) {
      TemplateError error = result.getErrors().getFirst();
      throw new TaskException(
          "%s: the template %s fails: %s; the document has %s"
              .formatted(where, source, error.getMessage(), document.keySet()),
          error.getException());
    }
    return result.getOutput();
  }

  private static JinjavaConfig configuration(boolean strict) {
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
        .withExecutionMode(new PythonOutput(strict))
        .build();
  }

  private static final class PythonJinja extends Jinjava {

    private static final ExpressionFactory EXPRESSIONS = PythonExpressions.factory();

    PythonJinja(JinjavaConfig configuration) {
      super(configuration);
      registerTag(new PythonIteration.For());
      registerFilter(new PythonIteration.Join());
    }

    @Override
    public ExpressionFactory getExpressionFactory() {
      return EXPRESSIONS;
    }
  }

  private record PythonOutput(boolean strict) implements ExecutionMode {

    @Override
    public void prepareContext(Context context) {
      if (strict) {
        // By itself Jinjava minds an undefined name only where it is all of an expression.
        context.setDynamicVariableResolver(
            name -> {
              throw new UnknownTokenException(name, -1, -1);
            });
      }
      context.setExpressionStrategy(
          (token, interpreter) ->
              new RenderedOutputNode(
                  PythonText.str(
                      interpreter.resolveELExpression(token.getExpr(), token.getLineNumber()))));
    }
  }
}
