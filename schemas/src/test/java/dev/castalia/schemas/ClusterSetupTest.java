package dev.castalia.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterSetupTest {

  @ParameterizedTest
  @CsvSource({"1,1", "2,1", "3,2", "5,4"})
  void aRecordCountsAsWrittenOnceAllCopiesButOneHaveIt(short copies, String inSync) {
    ClusterSetup setup =
        new ClusterSetup(ClusterSetup.DEFAULT_PARTITIONS, copies, ClusterSetup.DEFAULT_LOCK);

    for (Topic topic : Topic.values()) {
      assertThat(setup.settings(topic))
          .containsAllEntriesOf(topic.settings())
          .containsEntry("min.insync.replicas", inSync);
    }
  }
}
