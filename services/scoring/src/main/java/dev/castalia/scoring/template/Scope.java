package dev.castalia.scoring.template;

import java.util.HashMap;
import java.util.Map;

/** Names and their values: what is set in a scope is not seen outside it. */
final class Scope {

  private final Scope outer;
  private final Map<String, ?> given;
  private final Map<String, Object> set = new HashMap<>();

  private Scope(Scope outer, Map<String, ?> given) {
    this.outer = outer;
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
