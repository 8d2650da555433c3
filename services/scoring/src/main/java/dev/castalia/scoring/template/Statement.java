package dev.castalia.scoring.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A part of a template. */
sealed interface Statement {

  void render(Scope scope, StringBuilder out);

  static void render(List<Statement> statements, Scope scope, StringBuilder out) {
    for (Statement statement : statements) {
      Budget.spend(Budget.OPERATION);
      statement.render(scope, out);
    }
  }

  record Text(String text) implements Statement {

    @Override
    public void render(Scope scope, StringBuilder out) {
      Budget.bounded(out.append(Budget.read(text)));
    }
  }

  record Output(Expression expression) implements Statement {

    @Override
    public void render(Scope scope, StringBuilder out) {
      Budget.bounded(out.append(Budget.read(PythonValues.text(expression.in(scope)))));
    }
  }

  record If(Expression condition, List<Statement> body, List<Statement> otherwise)
      implements Statement {

    @Override
    public void render(Scope scope, StringBuilder out) {
      boolean holds = PythonValues.truth(condition.in(scope));
      Statement.render(holds ? body : otherwise, scope, out);
    }
  }

  /**
   * @param condition of the items that the loop is to have; null for all
   */
  record For(
      Target target,
      Expression iterable,
      Expression condition,
      List<Statement> body,
      List<Statement> otherwise)
      implements Statement {

    @Override
    public void render(Scope scope, StringBuilder out) {
      List<Object> items = new ArrayList<>();
      for (Object item : PythonValues.items(iterable.in(scope))) {
        Budget.spend(Budget.STEP);
        if (condition == null || PythonValues.truth(condition.in(with(item, scope)))) {
          items.add(item);
        }
      }
      Loop loop = new Loop(items);
      for (int i = 0; i < items.size(); i++) {
        Scope inner = with(items.get(i), scope);
        inner.set("loop", loop);
        loop.at(i);
        Statement.render(body, inner, out);
      }
      if (items.isEmpty()) {
        Statement.render(otherwise, scope.inner(), out);
      }
    }

    private Scope with(Object item, Scope scope) {
      Scope inner = scope.inner();
      target.assign(item, inner);
      return inner;
    }
  }

  record Assign(Target target, Expression value) implements Statement {

    @Override
    public void render(Scope scope, StringBuilder out) {
      target.assign(value.in(scope), scope);
    }
  }

  /** {@code set} with an end: what is between, as text. */
  record Capture(Target target, List<Statement> body) implements Statement {

    @Override
    public void render(Scope scope, StringBuilder out) {
      StringBuilder text = new StringBuilder();
      Statement.render(body, scope.inner(), text);
      target.assign(Budget.made(text.toString()), scope);
    }
  }

  record With(List<Target> targets, List<Expression> values, List<Statement> body)
      implements Statement {

    @Override
    public void render(Scope scope, StringBuilder out) {
      Scope inner = scope.inner();
      for (int i = 0; i < targets.size(); i++) {
        targets.get(i).assign(values.get(i).in(scope), inner);
      }
      Statement.render(body, inner, out);
    }
  }

  /** What a value is given to. */
  sealed interface Target {

    void assign(Object value, Scope scope);

    record Name(String name) implements Target {

      @Override
      public void assign(Object value, Scope scope) {
        scope.set(name, value instanceof CharSequence text ? Budget.bounded(text) : value);
      }
    }

    record Several(List<Target> targets) implements Target {

      @Override
      public void assign(Object value, Scope scope) {
        List<Object> items = PythonValues.items(value);
        if (items.size() != targets.size()) {
          throw new TemplateException(
              "%d names for %d values".formatted(targets.size(), items.size()));
        }
        for (int i = 0; i < items.size(); i++) {
          targets.get(i).assign(items.get(i), scope);
        }
      }
    }

    record Attribute(String namespace, String name) implements Target {

      @Override
      public void assign(Object value, Scope scope) {
        if (!(scope.get(namespace) instanceof Namespace(Map<String, Object> attributes))) {
          throw new TemplateException(namespace + " is no namespace(); it cannot be assigned to");
        }
        attributes.put(name, value);
      }
    }
  }
}
