package dev.castalia.topology.findings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.Finding;
import dev.castalia.topology.Rhythm;
import dev.castalia.topology.Share;
import dev.castalia.topology.TopologyMonitor;
import dev.castalia.topology.Traffic;
import dev.castalia.topology.findings.FindingsOutput.Found;
import dev.castalia.topology.state.DocumentPair;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.RunSeries;
import dev.castalia.topology.state.SeriesMetric;
import dev.castalia.topology.state.StatefulSupplier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.stream.LongStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskFindingsTest {

  @TempDir private Path folder;

  private MockProcessorContext<String, FindingsOutput> context;
  private KeyValueStore<String, SpecificRecord> store;
  private Processor<String, SpecificRecord, String, FindingsOutput> findings;

  @BeforeEach
  void begin() {
    context = new MockProcessorContext<>(new Properties(), new TaskId(0, 0), folder.toFile());
    context.setCurrentSystemTimeMs(0);
    store =
        StatefulSupplier.store(
                "task-findings", List.of(RunSeries.class, DocumentPair.class, Mark.class))
            .withCachingDisabled()
            .withLoggingDisabled()
            .build();
    store.init(context.getStateStoreContext(), store);
    Rhythm rhythm = new Rhythm(Duration.ofSeconds(1), new Share(1, new Traffic()), () -> 0);
    findings = TaskFindings.supplier(rhythm, TopologyMonitor.NONE).get();
    findings.init(context);
  }

  @Test
  void whatAnAbortedTurnFoundIsFoundAgain() {
    take(series("a", 4));
    turn();
    take(series("b", 5));
    List<KeyValue<String, SpecificRecord>> committed = entries();
    List<Finding> aborted = turn();

    entries().forEach(entry -> store.delete(entry.key));
    store.putAll(committed);
    findings.init(context);

    assertThat(turn())
        .isEqualTo(aborted)
        .extracting(Finding::getFinding)
        .as("a's, of which one more step is expected, and b's")
        .contains("acquisition|a|sums|acc|0|float32", "acquisition|b|sums|acc|0|float32");
  }

  @Test
  void aVersionOfTheTaskWithoutAWholeScoreWithdrawsNothing() {
    for (int size = 0; size < 5; size++) {
      take(RunSeries.newBuilder(series("m" + size, 2)).setParameters(1000L << size).build());
    }
    take(
        RunSeries.newBuilder(series("m5", 0))
            .setVersion("v2")
            .setTaskRegisteredAt(1)
            .setParameters(32_000)
            .build());

    assertThat(turn())
        .filteredOn(it -> it.getKind().equals("scaling"))
        .singleElement()
        .satisfies(it -> assertThat(it.getModels()).hasSize(5));
  }

  private void take(RunSeries series) {
    findings.process(new Record<>(TaskFindings.key(series), series, 0));
  }

  private List<Finding> turn() {
    context.resetForwards();
    context.scheduledPunctuators().getLast().getPunctuator().punctuate(0);
    return context.forwarded().stream()
        .map(it -> it.record().value())
        .filter(Found.class::isInstance)
        .map(it -> ((Found) it).finding())
        .toList();
  }

  private List<KeyValue<String, SpecificRecord>> entries() {
    List<KeyValue<String, SpecificRecord>> entries = new ArrayList<>();
    try (KeyValueIterator<String, SpecificRecord> all = store.all()) {
      all.forEachRemaining(entries::add);
    }
    return entries;
  }

  private static RunSeries series(String model, int steps) {
    return MadeUpSeries.of(
            LongStream.range(0, steps).boxed().toList(),
            new SeriesMetric(
                "acc",
                "MEAN",
                "HIGHER",
                null,
                0.25,
                Collections.nCopies(steps, 0.5),
                Collections.nCopies(steps, 0.01)))
        .setModel(model)
        .build();
  }
}
