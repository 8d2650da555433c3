package dev.castalia.scoring.template;

import java.util.Map;

/** What {@code namespace()} gives: attributes that {@code set} may change from an inner scope. */
record Namespace(Map<String, Object> attributes) {

  @Override
  public String toString() {
    throw new TemplateException("a namespace has no text");
  }
}
