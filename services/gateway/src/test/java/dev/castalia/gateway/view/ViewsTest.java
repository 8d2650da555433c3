package dev.castalia.gateway.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.SliceScored;
import dev.castalia.events.UnitId;
import dev.castalia.gateway.support.Events;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Topic;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ViewsTest {

  private final Views views = new Views(10);
  private long offset;

  @BeforeEach
  void openOnePartitionEach() {
    views.clear(
        Arrays.stream(Topic.values()).collect(Collectors.toMap(Function.identity(), topic -> 1)));
  }

  @Test
  void ofTooManyScorersTheOneSilentLongestIsForgottenAndReadersAreTold() {
    for (int i = 0; i < 2000; i++) {
      score("pod-" + i);
    }
    score("pod-0");
    long[] before = views.scorers().position();

    score("pod-2000");

    assertThat(views.scorers().size()).isEqualTo(2000);
    assertThat(views.scorers().get("pod-2000")).isPresent();
    assertThat(views.scorers().get("pod-0")).isPresent();
    assertThat(views.scorers().get("pod-1")).isEmpty();
    List<Row<ScorerActivity>> changes =
        views.scorers().changes(before, views.scorers().position()).orElseThrow();
    assertThat(changes).extracting(Row::key).containsExactly("pod-1", "pod-2000");
    assertThat(changes).extracting(Row::isDeletion).containsExactly(true, false);
  }

  @Test
  void aCheckpointIsKnownByTheNamesOfItsWeightsUntilItHasOthers() {
    publish("a", "same");
    publish("b", "same");
    publish("c", null);
    assertThat(views.names("a@step1")).containsExactly("a@step1", "b@step1");

    publish("a", "other");

    assertThat(views.names("a@step1")).containsExactly("a@step1");
    assertThat(views.names("b@step1")).containsExactly("b@step1");
    assertThat(views.names("c@step1")).containsExactly("c@step1");
    assertThat(views.names("d@step1")).isEmpty();
  }

  private void publish(String model, String contentHash) {
    CheckpointPublished checkpoint =
        CheckpointPublished.newBuilder(Events.checkpoint(model, 1))
            .setContentHash(contentHash)
            .build();
    views.apply(
        Topic.CHECKPOINTS,
        new Row<>(Keys.of(checkpoint), checkpoint, 0, offset++, Events.EARLIER),
        new RecordHeaders());
  }

  private void score(String scorer) {
    Instant at = Events.EARLIER.plusSeconds(offset);
    SliceScored scored =
        SliceScored.newBuilder()
            .setUnit(new UnitId("nano-74k@step1", "t", "v1", 0, "float32", 0, 128))
            .setMetrics(List.of())
            .setFingerprint("abc")
            .setRequest("r")
            .setAttempt(1)
            .setScorer(scorer)
            .setDevice("cpu")
            .setTokens(10)
            .setSeconds(0.1)
            .setScoredAt(at)
            .build();
    views.apply(Topic.SCORES, new Row<>("key", scored, 0, offset, at), new RecordHeaders());
    offset++;
    views.advance(Topic.SCORES, 0, offset);
  }
}
