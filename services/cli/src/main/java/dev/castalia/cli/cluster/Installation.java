package dev.castalia.cli.cluster;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The built checkout, whose jars the parts of a cluster run.
 *
 * @param root its top folder
 */
public record Installation(Path root) {

  private static final String PROPERTY = "castalia.root";
  private static final String QUARKUS_MAIN = "io.quarkus.bootstrap.runner.QuarkusEntryPoint";

  /** The checkout that the launcher, or the build, names. */
  public static Installation find() {
    String root = System.getProperty(PROPERTY);
    if (root == null) {
      throw new IllegalStateException(
          "system property " + PROPERTY + " is not set: start Castalia with ./castalia");
    }
    return new Installation(Path.of(root).toAbsolutePath());
  }

  /** Folder of a suite that comes with the checkout. */
  public Path suite(String name) {
    return root.resolve("services/cli/suites").resolve(name);
  }

  /** An argument that stands for the Java options in a file of the checkout. */
  String jvmOptions(String name) {
    return "@" + root.resolve("services/cli/src/main/jvm").resolve(name);
  }

  /** Java options that run a class of this module. */
  List<String> module(Class<?> main) {
    return List.of(
        "-cp",
        ownClasses() + ":" + root.resolve("services/cli/target/lib/*"),
        Child.class.getName(),
        main.getName());
  }

  /** Java options that run a packaged service. */
  List<String> service(String name) {
    return quarkus(root.resolve("services").resolve(name).resolve("target/quarkus-app"));
  }

  /** Java options that run the schema registry. */
  List<String> registry() {
    return quarkus(root.resolve("services/cli/target/registry"));
  }

  private List<String> quarkus(Path folder) {
    Path jar = folder.resolve("quarkus-run.jar");
    if (!Files.exists(jar)) {
      throw new IllegalStateException(jar + " is missing: build with ./castalia or ./mvnw package");
    }
    return List.of("-cp", ownClasses() + ":" + jar, Child.class.getName(), QUARKUS_MAIN);
  }

  /** The archive or folder that this class comes from. */
  private static Path ownClasses() {
    try {
      return Path.of(Child.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
