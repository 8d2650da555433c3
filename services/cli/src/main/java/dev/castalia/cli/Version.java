package dev.castalia.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that Maven wrote into the archive this class is in. */
final class Version implements IVersionProvider {

  private static final String MAVEN = "/META-INF/maven/dev.castalia/castalia-cli/pom.properties";

  @Override
  public String[] getVersion() throws IOException {
    return new String[] {
      "castalia " + ofArchive(), "Java " + Runtime.version(), "Apache License 2.0"
    };
  }

  private static String ofArchive() throws IOException {
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
