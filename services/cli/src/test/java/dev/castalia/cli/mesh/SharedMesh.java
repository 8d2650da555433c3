package dev.castalia.cli.mesh;

import dev.castalia.cli.cluster.ClusterOptions;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.cli.cluster.LocalCluster;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives classes of tests a mesh with one scorer, started for the first of them and stopped after
 * the last test of all. For tests that leave its parts alone, and do not mind what others publish.
 */
final class SharedMesh implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == LocalCluster.class;
  }

  @Override
  public LocalCluster resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(SharedMesh.class))
        .computeIfAbsent(
            LocalCluster.class,
            type ->
                LocalCluster.start(
                    Installation.find(),
                    ClusterOptions.withScorers(1).forMinutes(),
                    System.out::println),
            LocalCluster.class);
  }
}
