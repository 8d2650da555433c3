package dev.castalia.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TopicTest {

  @Test
  void everyTopicIsCastaliasAndHasItsOwnName() {
    assertThat(Arrays.stream(Topic.values()).map(Topic::topicName))
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("castalia\\.[a-z-]+"));
  }

  @Test
  void anEventBelongsToOneTopic() {
    assertThat(Arrays.stream(Topic.values()).flatMap(topic -> topic.events().stream()))
        .doesNotHaveDuplicates();
  }

  @Test
  void whatIsKeyedByCheckpointHasOnePartitionCount() {
    assertThat(Topic.CHECKPOINTS.partitions(12)).isEqualTo(12);
    assertThat(Topic.REQUESTS.partitions(12)).isEqualTo(12);
    assertThat(Topic.SCORES.partitions(12)).isEqualTo(12);
    assertThat(Topic.SCORECARDS.partitions(12)).isEqualTo(12);
  }

  @Test
  void requestsAreForgottenAfterAWeekAndScoresNever() {
    assertThat(Topic.REQUESTS.settings())
        .containsEntry("cleanup.policy", "delete")
        .containsEntry("retention.ms", "604800000");
    assertThat(Topic.SCORES.settings())
        .containsEntry("cleanup.policy", "compact")
        .doesNotContainKey("retention.ms");
  }

  @Test
  void anOlderVersionOfATaskIsNeverRemoved() {
    assertThat(Topic.TASKS.settings())
        .containsEntry("cleanup.policy", "compact")
        .containsEntry("min.compaction.lag.ms", Long.toString(Long.MAX_VALUE));
  }

  @Test
  void everyTopicIsCompressed() {
    assertThat(Topic.values())
        .allSatisfy(
            topic -> assertThat(topic.settings()).containsEntry("compression.type", "zstd"));
  }
}
