package dev.castalia.scoring.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** jinja2's global functions. */
final class Globals {

  /** As jinja2's sandbox has it. */
  private static final int LONGEST_RANGE = 100_000;

  private static final Map<String, Function> FUNCTIONS =
      Map.of("range", Globals::range, "dict", Globals::dict, "namespace", Globals::namespace);

  private static final Set<String> UNSUPPORTED = Set.of("cycler", "joiner", "lipsum");

  private Globals() {}

  static Object get(String name) {
    if (UNSUPPORTED.contains(name)) {
      throw TemplateException.unsupported("function " + name + "()");
    }
    Function function = FUNCTIONS.get(name);
    return function == null ? Undefined.name(name) : function;
  }

  private static Object range(Arguments arguments) {
    Object[] given =
        arguments.bind("start", Arguments.REQUIRED, "stop", Undefined.name("stop"), "step", 1L);
    boolean stopAlone = given[1] instanceof Undefined;
    long start = stopAlone ? 0 : PythonValues.index(given[0]);
    long stop = PythonValues.index(stopAlone ? given[0] : given[1]);
    long step = PythonValues.index(given[2]);
    if (step == 0) {
      throw new TemplateException("range() with a step of 0");
    }
    List<Long> items = new ArrayList<>();
    for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
      if (items.size() == LONGEST_RANGE) {
        throw new TemplateException("range() of more than " + LONGEST_RANGE + " numbers");
      }
      items.add(i);
    }
    String bounds = start + ", " + stop + (step == 1 ? "" : ", " + step);
    return Sequence.range(items, "range(" + bounds + ")");
  }

  private static Object dict(Arguments arguments) {
    Map<Object, Object> map = new LinkedHashMap<>();
    if (!arguments.positional().isEmpty()) {
      Object from = arguments.positional().getFirst();
      if (!(from instanceof Map<?, ?> other)) {
        throw TemplateException.unsupported("dict() of what is not a dictionary");
      }
      map.putAll(other);
    }
    map.putAll(arguments.named());
    return map;
  }

  private static Object namespace(Arguments arguments) {
    return new Namespace(new HashMap<>(arguments.named()));
  }
}
