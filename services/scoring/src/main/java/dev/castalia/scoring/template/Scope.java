package dev.castalia.scoring.template;

import java.util.HashMap;
import java.util.Map;

/**
 * Names and their values: what is set in a scope is not seen outside it. The scopes of one
 * rendering share what bounds it: a template comes from whoever may publish a task. Steps are
 * counted, which unlike a clock ends a template at the same place on every machine.
 */
final class Scope {

  /** Steps of all loops of a rendering, inner and outer. */
  private static final int MOST_STEPS = 1_000_000;

  /** Characters of a rendering, and of any text that it makes on the way. */
  private static final int MOST_CHARACTERS = 4_000_000;

  private final Scope outer;
  private final int[] steps;
  private final Map<String, ?> given;
  private final Map<String, Object> set = new HashMap<>();

  private Scope(Scope outer, Map<String, ?> given) {
    this.outer = outer;
    this.steps = outer == null ? new int[1] : outer.steps;
    this.given = given;
  }

  static Scope of(Map<String, ?> document) {
    return new Scope(null, document);
  }

  Scope inner() {
    return new Scope(this, Map.of());
  }

  void set(String name, Object value) {
    set.put(name, value);
  }

  /**
   * Counts a step of a loop.
   *
   * @throws TemplateException if there were too many
   */
  void step() {
    if (++steps[0] > MOST_STEPS) {
      throw new TemplateException("its loops have more than " + MOST_STEPS + " steps");
    }
  }

  /**
   * @throws TemplateException if the text is too long
   */
  static <T extends CharSequence> T bounded(T text) {
    if (text.length() > MOST_CHARACTERS) {
      throw new TemplateException("its text is longer than " + MOST_CHARACTERS + " characters");
    }
    return text;
  }

  Object get(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      if (scope.set.containsKey(name)) {
        return scope.set.get(name);
      }
      if (scope.given.containsKey(name)) {
        return scope.given.get(name);
      }
    }
    return Globals.get(name);
  }
}
