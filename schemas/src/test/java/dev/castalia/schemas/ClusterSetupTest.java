package dev.castalia.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
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

  @Test
  void whatIsNotGivenIsLeftAsItIs() {
    ClusterSetup setup =
        new ClusterSetup(4, (short) 1, Optional.empty(), List.of(), OptionalInt.empty());

    assertThat(setup.groupSettings()).containsOnlyKeys(Groups.SCORERS);
    assertThat(setup.groupSettings().get(Groups.SCORERS))
        .containsKey("share.isolation.level")
        .doesNotContainKey("share.record.lock.duration.ms");
  }

  @Test
  void theGroupOfEachPoolIsSetUp() {
    ClusterSetup setup =
        new ClusterSetup(4, (short) 1, Duration.ofSeconds(60), List.of("t4", "h100"), 1);

    assertThat(setup.groupSettings())
        .containsOnlyKeys(Groups.scorers("t4"), Groups.scorers("h100"), Groups.AGGREGATOR);
    assertThat(setup.groupSettings().get(Groups.scorers("t4")))
        .containsEntry("share.record.lock.duration.ms", "60000")
        .isEqualTo(setup.groupSettings().get(Groups.scorers("h100")));
    assertThat(setup.groupSettings().get(Groups.AGGREGATOR))
        .containsEntry("streams.num.standby.replicas", "1");
  }
}
