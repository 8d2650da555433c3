package dev.castalia.scoring.template;

/**
 * What an unknown name or item is: whatever is done with it but asking whether it is defined fails.
 *
 * @param what a sentence that says so
 */
record Undefined(String what) {

  /** What a condition without an {@code else} is: empty, where it is text or gone over. */
  static final Undefined NO_ELSE =
      new Undefined("the condition is false and there is no 'else' to it");

  static Undefined name(String name) {
    return new Undefined("'" + name + "' is undefined");
  }

  static Undefined item(Object base, Object item) {
    return new Undefined(
        "a value of type %s has no %s".formatted(PythonValues.typeOf(base), PythonText.repr(item)));
  }

  TemplateException failure() {
    return new TemplateException(what);
  }

  /** As Python writes it within a list. */
  @Override
  public String toString() {
    return "Undefined";
  }
}
