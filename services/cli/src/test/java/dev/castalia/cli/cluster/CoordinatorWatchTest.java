package dev.castalia.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class CoordinatorWatchTest {

  @TempDir private Path folder;

  private final Ports ports = new Ports();
  private final CountDownLatch dead = new CountDownLatch(1);
  private KafkaRaftServer broker;
  private String bootstrapServers;

  /** Of which no group has a coordinator, for want of brokers to keep copies of its offsets. */
  @BeforeEach
  void startBrokerWithoutCoordinators() throws IOException {
    int port = ports.free();
    bootstrapServers = "localhost:" + port;
    Properties settings = Broker.settings(folder, port, ports.free());
    settings.put("offsets.topic.replication.factor", "3");
    Path file = folder.resolve("server.properties");
    try (OutputStream out = Files.newOutputStream(file)) {
      settings.store(out, null);
    }
    String[] format = {
      "format", "--cluster-id", Uuid.randomUuid().toString(), "--config", file.toString()
    };
    assertThat(StorageTool.execute(format, System.out)).isZero();
    broker = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
    broker.startup();
  }

  @AfterEach
  void stop() {
    broker.shutdown();
    broker.awaitShutdown();
    ports.close();
  }

  @Test
  void aBrokerWhoseCoordinatorsDoNotAnswerIsDead() {
    CoordinatorWatch watch =
        new CoordinatorWatch(bootstrapServers, Duration.ofSeconds(2), dead::countDown);
    Thread watching = Thread.ofVirtual().start(watch);

    await().atMost(Duration.ofMinutes(1)).until(() -> dead.getCount() == 0);
    await().atMost(Duration.ofMinutes(1)).until(() -> !watching.isAlive());
  }
}
