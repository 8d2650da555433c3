package dev.castalia.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that Maven wrote into an archive of ours; all modules have one version. */
final class Version implements IVersionProvider {

  /** Not this module's own: the launcher runs this one from its classes, not from an archive. */
  private static final String MAVEN =
      "/META-INF/maven/dev.castalia/castalia-schemas/pom.properties";

  @Override
  public String[] getVersion() throws IOException {
    return new String[] {
      "castalia " + ofArchives(), "Java " + Runtime.version(), "Apache License 2.0"
    };
  }

  private static String ofArchives() throws IOException {
    try (InputStream file = Version.class.getResourceAsStream(MAVEN)) {
      if (file == null) {
        return "(not packaged)";
      }
      Properties properties = new Properties();
      properties.load(file);
      return properties.getProperty("version");
    }
  }
}
