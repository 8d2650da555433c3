package dev.castalia.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.cli.cluster.Installation;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class MavenSettingsTest {

  /** Of a JDK that is too old for Castalia, the build says so; for that, Maven must start. */
  @Test
  void mavenStartsWithAJdkThatDoesNotKnowItsOptions() throws Exception {
    Path options = Installation.find().root().resolve(".mvn/jvm.config");
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + options,
                "--option-of-a-later-jdk=1",
                "-version")
            .redirectErrorStream(true)
            .start();

    Checkout.Run run = Checkout.end(java);

    assertThat(run.output()).doesNotContain("Unrecognized");
    assertThat(run.status()).isZero();
  }
}
