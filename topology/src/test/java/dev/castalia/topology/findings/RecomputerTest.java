package dev.castalia.topology.findings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.castalia.events.Finding;
import dev.castalia.topology.Bounds;
import dev.castalia.topology.Rhythm;
import dev.castalia.topology.Share;
import dev.castalia.topology.TopologyMonitor;
import dev.castalia.topology.Traffic;
import dev.castalia.topology.findings.FindingsOutput.Found;
import dev.castalia.topology.state.StateSerde;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecomputerTest {

  private static final Duration EVERY = Duration.ofMillis(50);
  private static final StateSerde ROWS = new StateSerde(Finding.class);

  @TempDir private Path state;

  private final List<String> computed = new ArrayList<>();
  private final List<String> notComputed = new ArrayList<>();

  /** Fails for what has no verdict. */
  private static final class Refusing implements Recomputer.Computation<Finding> {

    @Override
    public String row(Finding value) {
      return "";
    }

    @Override
    public Map<String, List<FindingsOutput>> compute(
        String key, Map<String, Finding> rows, Set<String> changed) {
      Finding row = rows.get("");
      if (row.getVerdict().isEmpty()) {
        throw new IllegalStateException("no verdict");
      }
      return Map.of("", List.of(new Found(row)));
    }
  }

  @Test
  void aKeyThatCannotBeComputedIsToldAndPassedOverUntilOneOfItsRowsChanges() {
    try (TopologyTestDriver driver = new TopologyTestDriver(topology(), properties())) {
      TestInputTopic<String, SpecificRecord> input =
          driver.createInputTopic("rows", new StringSerializer(), ROWS);
      input.pipeInput("a", Findings.withdrawn("a"));
      input.pipeInput("b", finding("b"));
      driver.advanceWallClockTime(EVERY);
      driver.advanceWallClockTime(EVERY);
      assertThat(computed).containsExactly("b");
      assertThat(notComputed).containsExactly("findings of a: no verdict");

      input.pipeInput("a", finding("a"));
      driver.advanceWallClockTime(EVERY);
      assertThat(computed).containsExactly("b", "a");
    }
  }

  @Test
  void anOutputThatHasNoRoomInARecordIsToldAndTheOthersGoOn() {
    try (TopologyTestDriver driver = new TopologyTestDriver(topology(), properties())) {
      TestInputTopic<String, SpecificRecord> input =
          driver.createInputTopic("rows", new StringSerializer(), ROWS);
      input.pipeInput(
          "a", Finding.newBuilder(finding("a")).setMethod("x".repeat(Bounds.BYTES)).build());
      input.pipeInput("b", finding("b"));
      driver.advanceWallClockTime(EVERY);
      driver.advanceWallClockTime(EVERY);

      assertThat(computed).containsExactly("b");
      assertThat(notComputed)
          .singleElement(STRING)
          .startsWith("findings of a: a has ")
          .endsWith(" bytes where a record has room for " + Bounds.BYTES);
    }
  }

  private static Finding finding(String name) {
    return Finding.newBuilder(Findings.withdrawn(name)).setVerdict("found").build();
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    return properties;
  }

  private Topology topology() {
    TopologyMonitor monitor =
        new TopologyMonitor() {
          @Override
          public void notComputed(String stage, String key, RuntimeException error) {
            notComputed.add("%s of %s: %s".formatted(stage, key, error.getMessage()));
          }
        };
    Rhythm rhythm = new Rhythm(EVERY, new Share(1, new Traffic()), () -> 0);
    ProcessorSupplier<String, FindingsOutput, Void, Void> listener = () -> this::listen;
    return new Topology()
        .addSource("rows", new StringDeserializer(), ROWS, "rows")
        .addProcessor(
            "findings",
            Recomputer.supplier(
                "findings", rhythm, monitor, Finding.class, Refusing::new, Finding.class),
            "rows")
        .addProcessor("listener", listener, "findings");
  }

  private void listen(Record<String, FindingsOutput> record) {
    if (record.value() instanceof Found(Finding finding)) {
      computed.add(finding.getFinding());
    }
  }
}
