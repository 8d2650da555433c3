package dev.castalia.topology.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.topology.state.Section.Entries;
import dev.castalia.topology.state.StatefulSupplier;
import dev.castalia.topology.state.UnitState;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Units that rest, on a machine that writes other digits. */
class RestsTest {

  private final Locale before = Locale.getDefault();

  @TempDir private Path folder;

  @BeforeEach
  void writeArabicDigits() {
    Locale.setDefault(Locale.forLanguageTag("ar-u-nu-arab"));
  }

  @AfterEach
  void writeDigitsAsBefore() {
    Locale.setDefault(before);
  }

  @Test
  void areFoundByTheSameKeysOnEveryMachine() {
    MockProcessorContext<String, LedgerOutput> context =
        new MockProcessorContext<>(new Properties(), new TaskId(0, 0), folder.toFile());
    context.setCurrentSystemTimeMs(0);
    KeyValueStore<String, SpecificRecord> store =
        StatefulSupplier.store(Books.STORE, Books.TYPES)
            .withCachingDisabled()
            .withLoggingDisabled()
            .build();
    store.init(context.getStateStoreContext(), store);
    Books books = new Books(store);
    UnitState unit = Units.waiting(0, 10);
    unit.setAttempts(1);

    new Rests(books, new Outbox(context), LoneLedger.SETTINGS)
        .begin(new Evaluation("a@step1", "sum", "v1", 0, "float32"), unit);

    try (Entries<?> resting = books.resting.startingWith("")) {
      assertThat(resting.next().key).matches("[0-9]{19}\\|a@step1\\|sum\\|v1\\|0\\|float32");
    }
  }
}
