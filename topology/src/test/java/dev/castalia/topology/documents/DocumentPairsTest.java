package dev.castalia.topology.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.topology.Bounds;
import dev.castalia.topology.state.DocumentPair;
import dev.castalia.topology.state.DocumentScores;
import dev.castalia.topology.state.StateSerde;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentPairsTest {

  private static final StateSerde SCORES = new StateSerde(DocumentScores.class);
  private static final StateSerde PAIRS = new StateSerde(DocumentPair.class);

  @TempDir private Path state;

  @Test
  void aCheckpointIsComparedWithSomeOfVeryManyCounterparts() {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    Topology topology =
        new Topology()
            .addSource("scores", new StringDeserializer(), SCORES, "scores")
            .addProcessor("pairs", DocumentPairs.supplier(), "scores")
            .addSink("out", "out", new StringSerializer(), PAIRS, "pairs");
    try (TopologyTestDriver driver = new TopologyTestDriver(topology, properties)) {
      TestInputTopic<String, SpecificRecord> input =
          driver.createInputTopic("scores", new StringSerializer(), SCORES);
      for (int i = 0; i < 2 * Bounds.COUNTERPARTS; i++) {
        input.pipeInput("t", scores("other" + i, "deduped"));
      }
      input.pipeInput("t", scores("model", "standard"));

      assertThat(
              driver.createOutputTopic("out", new StringDeserializer(), PAIRS).readValuesToList())
          .hasSize(Bounds.COUNTERPARTS);
    }
  }

  private static DocumentScores scores(String model, String variant) {
    return new DocumentScores(
        model + "@step8", "nano|1000", variant, 8L, "f", "sum", "v1", 0, "float32", 10, List.of());
  }
}
