package dev.castalia.topology.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class SectionTest {

  private final KeyValueStore<String, SpecificRecord> store = store();
  private final Section<Mark> section = new Section<>(store, 'k', Mark.class, 2);

  @Test
  void whatIsPutIsInTheStoreAtOnce() {
    section.put("a", new Mark("1"));

    assertThat(new Section<>(store, 'k', Mark.class).get("a")).isEqualTo(new Mark("1"));
  }

  @Test
  void whatIsNotAmongTheKeptIsReadAgain() {
    for (String key : new String[] {"a", "b", "c"}) {
      section.put(key, new Mark(key));
    }

    assertThat(section.get("a")).isEqualTo(new Mark("a"));
  }

  @Test
  void whatIsRemovedIsGoneFromTheKeptToo() {
    section.put("a", new Mark("1"));
    section.remove("a");

    assertThat(section.get("a")).isNull();
  }

  @Test
  void whatIsNotThereIsAskedForOnce() {
    section.get("a");
    new Section<>(store, 'k', Mark.class).put("a", new Mark("by another, which nobody does"));

    assertThat(section.get("a")).isNull();
  }

  @Test
  void sectionsOfOneStoreKeepApart() {
    section.put("a", new Mark("1"));

    assertThat(new Section<>(store, 'l', Mark.class, 2).get("a")).isNull();
  }

  private static KeyValueStore<String, SpecificRecord> store() {
    KeyValueStore<String, SpecificRecord> store =
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore("store"), Serdes.String(), new StateSerde(Mark.class))
            .withLoggingDisabled()
            .withCachingDisabled()
            .build();
    store.init(new MockProcessorContext<>().getStateStoreContext(), store);
    return store;
  }
}
