package dev.castalia.schemas;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * Which partition everything about a checkpoint lies in: the one that Kafka's Java producer gives a
 * record whose key is the checkpoint's.
 */
public final class CheckpointPartitioner {

  private CheckpointPartitioner() {}

  /**
   * @param checkpoint model@revision
   * @param partitions partitions of the topic, at least 1
   */
  public static int partition(String checkpoint, int partitions) {
    return Utils.toPositive(Utils.murmur2(checkpoint.getBytes(StandardCharsets.UTF_8)))
        % partitions;
  }
}
