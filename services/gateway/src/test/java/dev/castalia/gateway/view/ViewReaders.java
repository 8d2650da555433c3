package dev.castalia.gateway.view;

import dev.castalia.gateway.support.MemoryCluster;

/** Readers for tests of other packages. */
public final class ViewReaders {

  private ViewReaders() {}

  public static ViewReader of(MemoryCluster cluster, Views views) {
    return new ViewReader(cluster, cluster.codec(), views);
  }
}
