package dev.castalia.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Creates the topics and sets the groups' settings. Safe to run again, and from several places at
 * once: what exists is left as it is, except that settings are brought up to date.
 *
 * @param partitions partitions of the topics keyed by checkpoint; the most aggregators that can
 *     share the work
 * @param replicationFactor copies of each partition; a record counts as written once all but one
 *     have it
 * @param lock how long a scorer may hold a request between two renewals; empty to leave it as it
 *     is, at first the broker's default
 * @param pools the pools of scorers; none where all scorers take everything
 * @param standbys copies of every partition's state on other aggregators; empty to leave it as it
 *     is, at first none
 */
public record ClusterSetup(
    int partitions,
    short replicationFactor,
    Optional<Duration> lock,
    List<String> pools,
    OptionalInt standbys) {

  public static final int DEFAULT_PARTITIONS = 4;
  public static final Duration DEFAULT_LOCK = Duration.ofSeconds(30);

  public ClusterSetup {
    if (partitions < 1) {
      throw new IllegalArgumentException(partitions + " partitions: give at least 1");
    }
    if (replicationFactor < 1) {
      throw new IllegalArgumentException(
          "replication factor " + replicationFactor + ": give at least 1");
    }
    if (standbys.isPresent() && standbys.getAsInt() < 0) {
      throw new IllegalArgumentException(standbys.getAsInt() + " standbys: give 0 or more");
    }
  }

  /** With nothing left as it is. */
  public ClusterSetup(
      int partitions, short replicationFactor, Duration lock, List<String> pools, int standbys) {
    this(partitions, replicationFactor, Optional.of(lock), pools, OptionalInt.of(standbys));
  }

  /** For scorers that belong to no pool, and aggregators without standbys. */
  public ClusterSetup(int partitions, short replicationFactor, Duration lock) {
    this(partitions, replicationFactor, lock, List.of(), 0);
  }

  /** What one broker on one machine needs. */
  public static ClusterSetup local() {
    return new ClusterSetup(DEFAULT_PARTITIONS, (short) 1, DEFAULT_LOCK);
  }

  /**
   * Brings the cluster into the state this setup describes.
   *
   * @throws IllegalStateException if a topic exists with another number of partitions: the keys in
   *     it lie where nobody would look for them
   */
  public void apply(Admin admin) throws InterruptedException {
    try {
      Map<String, TopicDescription> known = describe(admin);
      createMissing(admin, known);
      requirePartitions(known);
      alterSettings(admin, known);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "The topics could not be set up: " + e.getCause().getMessage(), e.getCause());
    }
  }

  /**
   * The topic's own settings, and that a record counts as written once all copies but one have it.
   */
  static Map<String, String> settings(Topic topic, int copies) {
    Map<String, String> settings = new HashMap<>(topic.settings());
    settings.put(
        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(Math.max(1, copies - 1)));
    return settings;
  }

  /** The settings of each group that is to have some. */
  Map<String, Map<String, String>> groupSettings() {
    Map<String, Map<String, String>> settings = new HashMap<>();
    for (String pool : pools.isEmpty() ? List.of("") : pools) {
      settings.put(Groups.scorers(pool), Groups.scorerSettings(lock));
    }
    standbys.ifPresent(it -> settings.put(Groups.AGGREGATOR, Groups.aggregatorSettings(it)));
    return settings;
  }

  /** Those of our topics that there are, by name. */
  private static Map<String, TopicDescription> describe(Admin admin)
      throws ExecutionException, InterruptedException {
    Collection<String> existing = admin.listTopics().names().get();
    List<String> ours =
        Arrays.stream(Topic.values()).map(Topic::topicName).filter(existing::contains).toList();
    return admin.describeTopics(ours).allTopicNames().get();
  }

  private void createMissing(Admin admin, Map<String, TopicDescription> known)
      throws ExecutionException, InterruptedException {
    List<NewTopic> missing =
        Arrays.stream(Topic.values())
            .filter(topic -> !known.containsKey(topic.topicName()))
            .map(
                topic ->
                    new NewTopic(
                            topic.topicName(),
                            Optional.of(topic.partitions(partitions)),
                            Optional.of(replicationFactor))
                        .configs(settings(topic, replicationFactor)))
            .toList();
    for (var created : admin.createTopics(missing).values().entrySet()) {
      try {
        created.getValue().get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof org.apache.kafka.common.errors.TopicExistsException)) {
          throw e;
        }
      }
    }
  }

  private void requirePartitions(Map<String, TopicDescription> known) {
    for (Topic topic : Topic.values()) {
      TopicDescription found = known.get(topic.topicName());
      int wanted = topic.partitions(partitions);
      if (found != null && found.partitions().size() != wanted) {
        throw new IllegalStateException(
            "Topic %s has %d partitions where %d are wanted; set the number of partitions to what it has, or delete the topic"
                .formatted(found.name(), found.partitions().size(), wanted));
      }
    }
  }

  private void alterSettings(Admin admin, Map<String, TopicDescription> known)
      throws ExecutionException, InterruptedException {
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    for (Topic topic : Topic.values()) {
      TopicDescription found = known.get(topic.topicName());
      // Of a topic that is there, as many as it has: another caller may have been told otherwise.
      int copies =
          found == null ? replicationFactor : found.partitions().getFirst().replicas().size();
      changes.put(
          new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName()),
          set(settings(topic, copies)));
    }
    groupSettings()
        .forEach(
            (group, settings) ->
                changes.put(new ConfigResource(ConfigResource.Type.GROUP, group), set(settings)));
    admin.incrementalAlterConfigs(changes).all().get();
  }

  private static Collection<AlterConfigOp> set(Map<String, String> settings) {
    List<AlterConfigOp> operations = new ArrayList<>();
    settings.forEach(
        (name, value) ->
            operations.add(
                new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)));
    return operations;
  }
}
