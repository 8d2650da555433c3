package dev.castalia.topology.state;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What changed since it was last told, and is to be told soon, once however often it changed:
 * scores come by the hundred, and each changes the same row and the same count. The store has it,
 * too, so nothing goes untold when the process ends in between.
 */
public final class Changes {

  private final Section<Mark> section;
  private final Set<String> keys = new LinkedHashSet<>();

  public Changes(Section<Mark> section) {
    this.section = section;
    section.forEach("", (key, mark) -> keys.add(key));
  }

  public void add(String key) {
    if (keys.add(key)) {
      section.put(key, new Mark(""));
    }
  }

  /** How many are to be told. */
  public int size() {
    return keys.size();
  }

  /** Tells all of it. */
  public void tell(Consumer<String> listener) {
    tell(listener, () -> true);
  }

  /**
   * Tells it, what has waited longest first: one key, and further ones while there is time.
   *
   * @param timeLeft asked after each key
   */
  public void tell(Consumer<String> listener, BooleanSupplier timeLeft) {
    Iterator<String> waiting = keys.iterator();
    boolean more = true;
    while (more && waiting.hasNext()) {
      String key = waiting.next();
      waiting.remove();
      section.remove(key);
      listener.accept(key);
      more = timeLeft.getAsBoolean();
    }
  }
}
