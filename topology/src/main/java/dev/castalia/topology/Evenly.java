package dev.castalia.topology;

import dev.castalia.events.EvaluationRequested;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * Requests to where the least work went so far, so that all partitions have as much: a member of a
 * share group that has more members than the topic has partitions reads only one of them, and would
 * have nothing to do while there is work in another. Safe for use by several threads.
 */
final class Evenly implements StreamPartitioner<String, EvaluationRequested> {

  /** Seconds of work by partition. */
  private double[] given = {};

  @Override
  public synchronized Optional<Set<Integer>> partitions(
      String topic, String key, EvaluationRequested request, int partitions) {
    given = Arrays.copyOf(given, partitions);
    int least = 0;
    for (int i = 1; i < partitions; i++) {
      if (given[i] < given[least]) {
        least = i;
      }
    }
    given[least] += request.getEstimatedSeconds();
    return Optional.of(Set.of(least));
  }
}
