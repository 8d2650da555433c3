package dev.castalia.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterSetupTest {

  @ParameterizedTest
  @CsvSource({"1,1", "2,1", "3,2", "5,4"})
  void aRecordCountsAsWrittenOnceAllCopiesButOneHaveIt(int copies, String inSync) {
    for (Topic topic : Topic.values()) {
      assertThat(ClusterSetup.settings(topic, copies))
          .containsAllEntriesOf(topic.settings())
          .containsEntry("min.insync.replicas", inSync);
    }
  }
}
