package dev.castalia.scoring.template;

import java.util.List;
import java.util.Map;

/** What a template hands to a filter, a test, a method or a function called {@code of}. */
record Arguments(String of, List<Object> positional, Map<String, Object> named) {

  static final Object REQUIRED = new Object();

  /**
   * Puts them in the order of the parameters.
   *
   * @param parameters name, default, name, default, …; {@link #REQUIRED} for no default
   */
  Object[] bind(Object... parameters) {
    int count = parameters.length / 2;
    if (positional.size() > count) {
      throw new TemplateException(
          "%s takes at most %d arguments, not %d".formatted(of, count, positional.size()));
    }
    Object[] bound = new Object[count];
    int taken = 0;
    for (int i = 0; i < count; i++) {
      String name = (String) parameters[2 * i];
      if (i < positional.size()) {
        bound[i] = positional.get(i);
      } else if (named.containsKey(name)) {
        bound[i] = named.get(name);
        taken++;
      } else if (parameters[2 * i + 1] == REQUIRED) {
        throw new TemplateException(of + " lacks an argument '" + name + "'");
      } else {
        bound[i] = parameters[2 * i + 1];
      }
    }
    if (taken < named.size()) {
      throw new TemplateException("%s does not take all of %s".formatted(of, named.keySet()));
    }
    return bound;
  }

  /** These without the first, for the filter or test that it names. */
  Arguments rest(String name) {
    return new Arguments(name, positional.subList(1, positional.size()), named);
  }
}
