package dev.castalia.scoring.template;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** A list that Python writes, and compares, as a tuple. */
final class Tuple extends AbstractList<Object> {

  private final List<Object> items;

  Tuple(List<?> items) {
    this.items = Collections.unmodifiableList(items);
  }

  static Tuple of(Object first, Object second) {
    return new Tuple(Arrays.asList(first, second));
  }

  @Override
  public Object get(int index) {
    return items.get(index);
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public String toString() {
    String inside = items.stream().map(PythonText::repr).collect(Collectors.joining(", "));
    return items.size() == 1 ? "(" + inside + ",)" : "(" + inside + ")";
  }
}
