package dev.castalia.gateway.support;

import dev.castalia.gateway.cluster.EventCodec;
import io.quarkus.test.Mock;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Puts a {@link MemoryCluster} in the place of Kafka and the registry. */
@Mock
@Singleton
public class MemoryClusterBeans {

  private final MemoryCluster cluster = new MemoryCluster();

  @Produces
  @Singleton
  @Mock
  MemoryCluster cluster() {
    return cluster;
  }

  @Produces
  @Singleton
  @Mock
  EventCodec codec() {
    return cluster.codec();
  }
}
