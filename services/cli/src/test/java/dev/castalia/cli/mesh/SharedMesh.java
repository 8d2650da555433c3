package dev.castalia.cli.mesh;

import dev.castalia.cli.cluster.ClusterOptions;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives classes of tests a mesh with one scorer and two aggregators, and the collector that its
 * spans go to, started for the first of them and stopped after the last test of all.
 */
final class SharedMesh implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return Set.of(LocalCluster.class, Collector.class).contains(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // Closed in the other order.
    ExtensionContext.Store store = context.getRoot().getStore(Namespace.create(SharedMesh.class));
    Collector collector =
        store.computeIfAbsent(Collector.class, type -> Collector.start(), Collector.class);
    LocalCluster mesh =
        store.computeIfAbsent(LocalCluster.class, type -> start(collector), LocalCluster.class);
    return parameter.getParameter().getType() == Collector.class ? collector : mesh;
  }

  private static LocalCluster start(Collector collector) {
    return LocalCluster.start(
        Installation.find(),
        ClusterOptions.withScorers(1)
            .withAggregators(2)
            .forMinutes()
            .withSettings(collector.settings()),
        System.out::println);
  }
}
