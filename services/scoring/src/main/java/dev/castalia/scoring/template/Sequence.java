package dev.castalia.scoring.template;

import java.util.AbstractList;
import java.util.Collections;
import java.util.List;

/**
 * Items that Python goes over but does not write: what {@code map}, {@code select} and their like
 * give, and {@code range}.
 */
final class Sequence extends AbstractList<Object> {

  private final List<Object> items;
  private final String name;
  private final boolean sized;

  private Sequence(List<?> items, String name, boolean sized) {
    this.items = Collections.unmodifiableList(items);
    this.name = name;
    this.sized = sized;
  }

  /** What can only be gone over, once in Python. */
  static Sequence generator(List<?> items) {
    return new Sequence(items, "generator", false);
  }

  static Sequence range(List<Long> items, String name) {
    return new Sequence(items, name, true);
  }

  /** Whether Python knows its length and items by index. */
  boolean sized() {
    return sized;
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
    if (!sized) {
      throw new TemplateException("a generator has no text; write '|list' or '|join' after it");
    }
    return name;
  }
}
