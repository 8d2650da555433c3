package dev.castalia.gateway.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.gateway.support.Events;
import dev.castalia.schemas.Topic;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SweepScopeTest {

  private final Views views = new Views(10);
  private long offset;

  @BeforeEach
  void openOnePartitionEach() {
    views.clear(
        Arrays.stream(Topic.values()).collect(Collectors.toMap(Function.identity(), topic -> 1)));
  }

  @Test
  void aTaskWithoutAVersionIsCoveredInItsLatestAlone() {
    register("v1");
    assertThat(scope(null).coversTask("sums", "v1", 0, "float32")).isTrue();

    register("v2");

    assertThat(scope(null).coversTask("sums", "v2", 0, "float32")).isTrue();
    assertThat(scope(null).coversTask("sums", "v1", 0, "float32")).isFalse();
  }

  @Test
  void aTaskInAVersionIsCoveredInThatWhateverTheLatestIs() {
    register("v2");

    assertThat(scope("v1").coversTask("sums", "v1", 0, "float32")).isTrue();
    assertThat(scope("v1").coversTask("sums", "v2", 0, "float32")).isFalse();
  }

  private void register(String version) {
    views.apply(
        Topic.TASKS,
        new Row<>("sums", Events.task("sums", version), 0, offset++, Events.EARLIER),
        new RecordHeaders());
  }

  private SweepScope scope(String version) {
    return SweepScope.of(
        new Sweep.Requested(
            SweepRequested.newBuilder()
                .setSweep("mine")
                .setRequestedBy("ada")
                .setRequestedAt(Events.EARLIER)
                .setModels(List.of("*"))
                .setTasks(List.of(new SweepTask("sums", version, null)))
                .build(),
            Optional.empty()),
        views);
  }
}
