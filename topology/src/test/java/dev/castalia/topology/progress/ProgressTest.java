package dev.castalia.topology.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.ModelProgress;
import dev.castalia.schemas.Topic;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProgressTest {

  @Test
  void ofMoreModelsThanAnEventHasRoomForThoseWhoseNamesComeFirstAreThere() {
    SortedMap<String, int[]> sums = new TreeMap<>();
    for (int i = 0; i < 11_000; i++) {
      sums.put("%05d".formatted(i) + "\ud83d\ude00".repeat(195), new int[] {3, 2, 1});
    }

    List<ModelProgress> models = Progress.models(sums);
    assertThat(models.size()).isBetween(5000, Topic.MAX_EVENT_BYTES / 785);
    assertThat(models.getFirst()).isEqualTo(new ModelProgress(sums.firstKey(), 3, 2, 1));
  }
}
