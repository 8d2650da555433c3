package dev.castalia.schemas;

import static org.apache.kafka.common.acl.AclOperation.ALTER;
import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What each service must be allowed at a broker that has an authorizer, and no more. The only place
 * that says so: {@code castalia setup --allow} hands it to the broker.
 */
public enum Permissions {
  /**
   * Reads what is shown, writes what people ask for and publish, sees how far the aggregator is.
   */
  GATEWAY {
    @Override
    void add(Grants grants) {
      List.of(
              Topic.TASKS,
              Topic.CHECKPOINTS,
              Topic.SWEEPS,
              Topic.SCORES,
              Topic.FAILURES,
              Topic.SCORECARDS,
              Topic.LEADERBOARDS,
              Topic.TRAJECTORIES,
              Topic.FINDINGS,
              Topic.PROGRESS)
          .forEach(topic -> grants.topic(topic, READ));
      List.of(Topic.TASKS, Topic.CHECKPOINTS, Topic.SWEEPS, Topic.REPORTED_SCORES, Topic.FAILURES)
          .forEach(topic -> grants.topic(topic, WRITE));
      // How far behind the findings are.
      grants.add(ResourceType.GROUP, Groups.AGGREGATOR, PatternType.LITERAL, DESCRIBE);
      grants.add(ResourceType.TOPIC, Groups.AGGREGATOR + "-", PatternType.PREFIXED, DESCRIBE);
    }
  },

  /**
   * The ledger and what follows from it. Kafka Streams makes topics of its own, whose names begin
   * with the group's.
   */
  AGGREGATOR {
    @Override
    void add(Grants grants) {
      List.of(
              Topic.TASKS,
              Topic.CHECKPOINTS,
              Topic.SWEEPS,
              Topic.SCORES,
              Topic.REPORTED_SCORES,
              Topic.FAILURES)
          .forEach(topic -> grants.topic(topic, READ));
      List.of(
              Topic.REQUESTS,
              Topic.FAILURES,
              Topic.SCORECARDS,
              Topic.LEADERBOARDS,
              Topic.TRAJECTORIES,
              Topic.FINDINGS,
              Topic.PROGRESS,
              Topic.DEAD_LETTERS)
          .forEach(topic -> grants.topic(topic, WRITE));
      String own = Groups.AGGREGATOR;
      grants.add(ResourceType.GROUP, own, PatternType.LITERAL, READ);
      grants.add(
          ResourceType.TOPIC,
          own + "-",
          PatternType.PREFIXED,
          READ,
          WRITE,
          CREATE,
          DELETE,
          DESCRIBE_CONFIGS);
      grants.add(ResourceType.TRANSACTIONAL_ID, own + "-", PatternType.PREFIXED, WRITE);
    }
  },

  /** Takes requests, gives back the rest of them, and answers. */
  SCORER {
    @Override
    void add(Grants grants) {
      grants.topic(Topic.REQUESTS, READ);
      grants.add(ResourceType.GROUP, Groups.SCORERS, PatternType.PREFIXED, READ);
      List.of(Topic.REQUESTS, Topic.SCORES, Topic.FAILURES, Topic.DEAD_LETTERS)
          .forEach(topic -> grants.topic(topic, WRITE));
    }
  },

  /**
   * Another program that reads what came of it; it brings a group whose name begins with its own.
   */
  READER {
    @Override
    void add(Grants grants) {
      for (Topic topic : Topic.values()) {
        if (topic != Topic.REQUESTS && topic != Topic.DEAD_LETTERS) {
          grants.topic(topic, READ);
        }
      }
      grants.add(ResourceType.GROUP, "castalia-reader-", PatternType.PREFIXED, READ);
    }
  },

  /** Makes the topics, sets what the groups are to do, and allows the services the above. */
  SETUP {
    @Override
    void add(Grants grants) {
      grants.add(
          ResourceType.TOPIC,
          "castalia.",
          PatternType.PREFIXED,
          CREATE,
          DESCRIBE,
          DESCRIBE_CONFIGS,
          ALTER_CONFIGS);
      for (String group : List.of(Groups.SCORERS, Groups.AGGREGATOR)) {
        grants.add(
            ResourceType.GROUP, group, PatternType.PREFIXED, DESCRIBE_CONFIGS, ALTER_CONFIGS);
      }
      grants.add(ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL, ALTER);
    }
  };

  abstract void add(Grants grants);

  /** As {@code castalia setup --allow} takes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What the broker is told.
   *
   * @param principal such as User:castalia-gateway
   */
  public List<AclBinding> to(String principal) {
    Grants grants = new Grants(principal);
    add(grants);
    return List.copyOf(grants.bindings);
  }

  /** READ and WRITE include DESCRIBE; WRITE includes the right to write idempotently. */
  static final class Grants {

    private static final String ANY_HOST = "*";

    private final String principal;
    private final List<AclBinding> bindings = new ArrayList<>();

    private Grants(String principal) {
      this.principal = principal;
    }

    private void topic(Topic topic, AclOperation operation) {
      add(ResourceType.TOPIC, topic.topicName(), PatternType.LITERAL, operation);
    }

    private void add(
        ResourceType type, String name, PatternType pattern, AclOperation... operations) {
      for (AclOperation operation : operations) {
        bindings.add(
            new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry(principal, ANY_HOST, operation, AclPermissionType.ALLOW)));
      }
    }
  }
}
