package dev.castalia.topology.ledger;

import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.Section;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What changed since the last tick and is to be told with the next, once however often it changed:
 * scores come by the hundred, and each changes the same row and the same count. The store has it,
 * too, so nothing goes untold when the process ends in between.
 */
final class Changes {

  private final Section<Mark> section;
  private final Set<String> keys = new LinkedHashSet<>();

  Changes(Section<Mark> section) {
    this.section = section;
    section.forEach("", (key, mark) -> keys.add(key));
  }

  void add(String key) {
    if (keys.add(key)) {
      section.put(key, new Mark(""));
    }
  }

  void tell(Consumer<String> listener) {
    for (String key : keys) {
      listener.accept(key);
      section.remove(key);
    }
    keys.clear();
  }
}
