package dev.castalia.schemas;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.Finding;
import dev.castalia.events.FindingsPending;
import dev.castalia.events.Leaderboard;
import dev.castalia.events.RetryRequested;
import dev.castalia.events.ScoreReported;
import dev.castalia.events.Scorecard;
import dev.castalia.events.SliceScored;
import dev.castalia.events.SweepCancelled;
import dev.castalia.events.SweepProgress;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.TaskRegistered;
import dev.castalia.events.Trajectory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The topics: their names, keys, values, and how long each keeps its records. The only place that
 * writes a topic's name.
 *
 * @see ClusterSetup creates them
 */
public enum Topic {
  TASKS("castalia.tasks", "task", Width.WIDE, Kept.EVERY_VERSION, TaskRegistered.class),
  CHECKPOINTS(
      "castalia.checkpoints",
      "model@revision",
      Width.WIDE,
      Kept.COMPACTED,
      CheckpointPublished.class),
  SWEEPS(
      "castalia.sweeps",
      "sweep",
      Width.WIDE,
      Kept.COMPACTED,
      SweepRequested.class,
      SweepCancelled.class),
  REQUESTS(
      "castalia.requests", "model@revision", Width.WIDE, Kept.A_WEEK, EvaluationRequested.class),
  SCORES(
      "castalia.scores",
      "checkpoint|task|version|shots|dtype|start-end",
      Width.WIDE,
      Kept.COMPACTED,
      SliceScored.class),
  REPORTED_SCORES(
      "castalia.reported-scores",
      "checkpoint|task|shots|metric|source",
      Width.WIDE,
      Kept.COMPACTED,
      ScoreReported.class),
  FAILURES(
      "castalia.failures",
      "checkpoint|task|version|shots|dtype|start-end, sweep|task, or"
          + " dead-letter|topic|partition|offset",
      Width.WIDE,
      Kept.COMPACTED,
      EvaluationFailed.class,
      RetryRequested.class),
  SCORECARDS(
      "castalia.scorecards",
      "checkpoint|task|shots|dtype, or checkpoint|task|shots||source",
      Width.WIDE,
      Kept.COMPACTED,
      Scorecard.class),
  LEADERBOARDS(
      "castalia.leaderboards",
      "task|metric|shots|dtype, or task|metric|shots||source",
      Width.WIDE,
      Kept.COMPACTED,
      Leaderboard.class),
  TRAJECTORIES(
      "castalia.trajectories",
      "model|task|metric|shots|dtype, or model|task|metric|shots||source",
      Width.WIDE,
      Kept.COMPACTED,
      Trajectory.class),
  FINDINGS(
      "castalia.findings",
      "kind|subject, or pending|stage|partition",
      Width.NARROW,
      Kept.COMPACTED,
      Finding.class,
      FindingsPending.class),
  PROGRESS("castalia.progress", "sweep", Width.NARROW, Kept.COMPACTED, SweepProgress.class),
  /** Records that could not be read, byte for byte, with headers that say where from and why. */
  DEAD_LETTERS("castalia.dead-letters", "topic|partition|offset", Width.NARROW, Kept.A_MONTH);

  private final String topicName;
  private final String keyFormat;
  private final Width width;
  private final Kept kept;
  private final List<Class<? extends SpecificRecord>> events;

  @SafeVarargs
  Topic(
      String topicName,
      String keyFormat,
      Width width,
      Kept kept,
      Class<? extends SpecificRecord>... events) {
    this.topicName = topicName;
    this.keyFormat = keyFormat;
    this.width = width;
    this.kept = kept;
    this.events = List.of(events);
  }

  public String topicName() {
    return topicName;
  }

  /** The topic of that name. */
  public static Topic named(String topicName) {
    for (Topic topic : values()) {
      if (topic.topicName.equals(topicName)) {
        return topic;
      }
    }
    throw new IllegalArgumentException(topicName + " is not a topic of Castalia");
  }

  /** What a key is made of, for people. */
  public String keyFormat() {
    return keyFormat;
  }

  /** The records a value may be; empty for raw bytes. */
  public List<Class<? extends SpecificRecord>> events() {
    return events;
  }

  /** Partitions the topic has where topics keyed by checkpoint have {@code wide}. */
  public int partitions(int wide) {
    return width == Width.NARROW ? 1 : wide;
  }

  /** The topic's own settings; what is not in here is the broker's default. */
  Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(kept.settings);
    settings.put(TopicConfig.COMPRESSION_TYPE_CONFIG, "zstd");
    settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxRecordBytes()));
    return settings;
  }

  /** The largest record the topic takes, in bytes: a dead letter is some headers larger. */
  int maxRecordBytes() {
    return this == DEAD_LETTERS ? MAX_DEAD_LETTER_BYTES : MAX_RECORD_BYTES;
  }

  /**
   * The largest event, in bytes. A topic takes larger records, so that what a foreign producer sent
   * can be seen and put aside instead of being refused where nobody looks.
   */
  public static final int MAX_EVENT_BYTES = 8 << 20;

  private static final int MAX_RECORD_BYTES = 32 << 20;

  /** What a producer of dead letters must be able to send, in bytes. */
  public static final int MAX_DEAD_LETTER_BYTES = MAX_RECORD_BYTES + (1 << 20);

  private enum Width {
    /** One partition: few records, wanted in one order. */
    NARROW,
    /**
     * The one partition count that everything about a checkpoint shares. All inputs of the topology
     * have it: a Kafka Streams task reads one partition of each, and waits for ever for one that is
     * not there.
     */
    WIDE
  }

  private enum Kept {
    COMPACTED(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)),
    /**
     * Compacted in name: whoever reads it from the beginning needs what was said under a key before
     * its last record, too.
     */
    EVERY_VERSION(
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
            Long.toString(Long.MAX_VALUE))),
    A_WEEK(retention(7)),
    A_MONTH(retention(30));

    private final Map<String, String> settings;

    Kept(Map<String, String> settings) {
      this.settings = settings;
    }

    private static Map<String, String> retention(int days) {
      return Map.of(
          TopicConfig.CLEANUP_POLICY_CONFIG,
          TopicConfig.CLEANUP_POLICY_DELETE,
          TopicConfig.RETENTION_MS_CONFIG,
          Long.toString(days * 86_400_000L));
    }
  }
}
