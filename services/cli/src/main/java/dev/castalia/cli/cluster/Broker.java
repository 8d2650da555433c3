package dev.castalia.cli.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/**
 * A Kafka broker that is its own controller, for one machine. Formats its folder when it is new.
 */
public final class Broker {

  private Broker() {}

  /**
   * @param args the folder that holds the broker's data, its port for clients, and its port as a
   *     controller
   */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    int clientPort = Integer.parseInt(args[1]);
    int controllerPort = Integer.parseInt(args[2]);
    Path properties = folder.resolve("server.properties");
    try (OutputStream file = Files.newOutputStream(properties)) {
      settings(folder, clientPort, controllerPort).store(file, null);
    }
    if (!Files.exists(logs(folder).resolve("meta.properties"))) {
      format(folder, properties);
    } else if (!wasStopped(folder)) {
      FormerSession.end(controllerSettings(folder, controllerPort));
    }
    Kafka.main(new String[] {properties.toString()});
  }

  private static Path logs(Path folder) {
    return folder.resolve("logs");
  }

  /** Whether the broker ended in order, and did not crash. */
  private static boolean wasStopped(Path folder) {
    return Files.exists(logs(folder).resolve(".kafka_cleanshutdown"));
  }

  private static void format(Path folder, Path properties) {
    int status =
        StorageTool.execute(
            new String[] {
              "format",
              "--cluster-id",
              Uuid.randomUuid().toString(),
              "--config",
              properties.toString()
            },
            System.out);
    if (status != 0) {
      throw new IllegalStateException("The broker's folder " + folder + " could not be formatted");
    }
  }

  private static Properties controllerSettings(Path folder, int port) {
    Properties settings = new Properties();
    settings.put("process.roles", "controller");
    settings.put("node.id", "1");
    // A static quorum, unlike one in the metadata, may have another port after a restart.
    settings.put("controller.quorum.voters", "1@localhost:" + port);
    settings.put("listeners", "CONTROLLER://localhost:" + port);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("log.dirs", logs(folder).toString());
    return settings;
  }

  static Properties settings(Path folder, int clientPort, int controllerPort) {
    Properties settings = controllerSettings(folder, controllerPort);
    settings.put("process.roles", "broker,controller");
    settings.put(
        "listeners",
        "PLAINTEXT://localhost:%d,CONTROLLER://localhost:%d".formatted(clientPort, controllerPort));
    settings.put("advertised.listeners", "PLAINTEXT://localhost:" + clientPort);
    settings.put("auto.create.topics.enable", "false");

    // One broker cannot keep more than one copy, and has few groups to spread.
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "4");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("share.coordinator.state.topic.num.partitions", "4");

    // Members of a group that has just begun learn their partitions by heartbeat: beat fast.
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("group.streams.initial.rebalance.delay.ms", "0");
    for (String group : List.of("share", "streams", "consumer")) {
      settings.put("group." + group + ".min.heartbeat.interval.ms", "500");
      settings.put("group." + group + ".heartbeat.interval.ms", "500");
      settings.put("group." + group + ".min.session.timeout.ms", "6000");
      settings.put("group." + group + ".session.timeout.ms", "10000");
    }
    settings.put("group.share.min.record.lock.duration.ms", "1000");
    settings.put("group.share.max.delivery.count.limit", "25");
    return settings;
  }
}
