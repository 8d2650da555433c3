package dev.castalia.cli.cluster;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.ObjectName;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * What the metadata still say of a broker that crashed: that it leads its partitions. A broker that
 * starts with that loads its group coordinators, learns that it is no leader, then that it is one
 * again; when the loads overlap Kafka 4.3.1 takes the end of the first for that of the second, and
 * answers from, and writes down, groups that it has half read. So the controller runs alone first,
 * until it has fenced the broker: the broker is then elected once.
 */
final class FormerSession {

  private static final String FENCED_BROKERS =
      "kafka.controller:type=KafkaController,name=FencedBrokerCount";

  /** Nobody is there to renew it. */
  private static final Duration SESSION = Duration.ofMillis(300);

  /** A broker that crashed before it had registered is never fenced. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration POLL = Duration.ofMillis(20);

  private FormerSession() {}

  /**
   * Runs the controller until the only broker is fenced; says so when it is not in time.
   *
   * @param controller settings of a controller whose broker does not run
   */
  static void end(Properties controller) {
    Properties settings = new Properties();
    settings.putAll(controller);
    settings.put("broker.session.timeout.ms", Long.toString(SESSION.toMillis()));
    settings.put("broker.heartbeat.interval.ms", Long.toString(SESSION.dividedBy(2).toMillis()));
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
    server.startup();
    try {
      Instant end = Instant.now().plus(PATIENCE);
      while (!isFenced() && Instant.now().isBefore(end)) {
        Thread.sleep(POLL);
      }
      if (!isFenced()) {
        System.err.printf(
            "The broker that crashed is not fenced after %d s; it starts nevertheless%n",
            PATIENCE.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      server.shutdown();
      server.awaitShutdown();
    }
  }

  private static boolean isFenced() {
    try {
      Object fenced =
          ManagementFactory.getPlatformMBeanServer()
              .getAttribute(new ObjectName(FENCED_BROKERS), "Value");
      return ((Number) fenced).intValue() > 0;
    } catch (InstanceNotFoundException e) {
      return false;
    } catch (JMException e) {
      throw new IllegalStateException(FENCED_BROKERS + " could not be read", e);
    }
  }
}
