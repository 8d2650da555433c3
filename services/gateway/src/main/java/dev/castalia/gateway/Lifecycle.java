package dev.castalia.gateway;

import dev.castalia.gateway.cluster.ClusterPreparation;
import dev.castalia.gateway.view.ViewReader;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Prepares the cluster, then lets the views be read. Broker and registry may come up later than the
 * gateway: it tries until they do, and is not ready meanwhile.
 */
@Singleton
public class Lifecycle {

  private static final Logger LOG = Logger.getLogger(Lifecycle.class);
  private static final int LAST = Integer.MAX_VALUE;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final ClusterPreparation preparation;
  private final ViewReader reader;
  private Thread preparing;
  private volatile Optional<String> waitingFor = Optional.of("the cluster is being prepared");

  Lifecycle(ClusterPreparation preparation, ViewReader reader) {
    this.preparation = preparation;
    this.reader = reader;
  }

  /** What the gateway waits for before it reads anything; empty when for nothing. */
  public Optional<String> waitingFor() {
    return waitingFor;
  }

  /** After everybody who listens to the views has come up. */
  void start(@Observes @Priority(LAST) StartupEvent event) {
    preparing = Thread.ofPlatform().daemon().name("castalia-preparation").start(this::prepare);
  }

  private void prepare() {
    try {
      while (!isPrepared()) {
        Thread.sleep(RETRY);
      }
      waitingFor = Optional.empty();
      reader.start();
    } catch (InterruptedException e) {
      LOG.debug("Stopped before the cluster was prepared");
    }
  }

  private boolean isPrepared() throws InterruptedException {
    try {
      preparation.apply();
      return true;
    } catch (IOException | RuntimeException e) {
      String now = "the cluster could not be prepared: " + e.getMessage();
      if (!waitingFor.equals(Optional.of(now))) {
        LOG.warnf("%s; trying again every %s", now, RETRY);
      }
      waitingFor = Optional.of(now);
      return false;
    }
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    if (preparing != null) {
      preparing.interrupt();
    }
    reader.close();
  }
}
