package dev.castalia.scoring.template;

import java.util.ArrayList;
import java.util.List;

/** What {@code loop} is within a {@code for}: where it stands. */
final class Loop {

  private final List<Object> items;
  private int index;
  private List<Object> changed;

  Loop(List<Object> items) {
    this.items = items;
  }

  void at(int index) {
    this.index = index;
  }

  Object attribute(String name) {
    return switch (name) {
      case "index" -> index + 1L;
      case "index0" -> (long) index;
      case "revindex" -> (long) items.size() - index;
      case "revindex0" -> items.size() - 1L - index;
      case "first" -> index == 0;
      case "last" -> index == items.size() - 1;
      case "length" -> (long) items.size();
      // Only recursive loops go deeper.
      case "depth" -> 1L;
      case "depth0" -> 0L;
      case "previtem" ->
          index == 0 ? new Undefined("there is no previous item") : items.get(index - 1);
      case "nextitem" ->
          index == items.size() - 1 ? new Undefined("there is no next item") : items.get(index + 1);
      case "cycle" -> (Function) this::cycle;
      case "changed" -> (Function) this::changed;
      default -> new Undefined("the loop has no '" + name + "'");
    };
  }

  private Object cycle(Arguments arguments) {
    List<Object> values = arguments.positional();
    if (values.isEmpty()) {
      throw new TemplateException("loop.cycle() without items");
    }
    return values.get(index % values.size());
  }

  private Object changed(Arguments arguments) {
    List<Object> values = new ArrayList<>(arguments.positional());
    boolean same = changed != null && PythonEquality.equal(changed, values);
    changed = values;
    return !same;
  }
}
