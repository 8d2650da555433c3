package dev.castalia.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.cli.Execution;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetupCommandTest {

  private static final String REGISTRY = "http://localhost:1/apis/registry/v3";

  @Test
  void noPartitionsIsWrongUsage() {
    Execution setup = setup(REGISTRY, "--partitions", "0");

    assertThat(setup.status()).isEqualTo(2);
    assertThat(setup.err()).contains("0 partitions: give at least 1");
  }

  @Test
  void aRegistryWhoseOtherApiIsUnknownIsWrongUsage() {
    Execution setup = setup("http://localhost:1/elsewhere");

    assertThat(setup.status()).isEqualTo(2);
    assertThat(setup.err()).contains("http://localhost:1/elsewhere", "--registry-confluent-url");
  }

  @Test
  void aRegistryWithoutSchemeIsWrongUsage() {
    Execution setup = setup("registry:8080/apis/registry/v3");

    assertThat(setup.status()).isEqualTo(2);
    assertThat(setup.err()).contains("registry:8080/apis/ccompat/v7", "http://");
  }

  @Test
  void aMissingClientConfigIsNamed(@TempDir Path folder) {
    Path missing = folder.resolve("client.properties");

    Execution setup = setup(REGISTRY, "--kafka-config", missing.toString());

    assertThat(setup.status()).isEqualTo(1);
    assertThat(setup.err()).contains(missing.toString());
  }

  @Test
  void whomAServiceIsAllowedToIsAPairOfBoth() {
    Execution setup = setup(REGISTRY, "--allow", "scorers=User:a");

    assertThat(setup.status()).isEqualTo(2);
    assertThat(setup.err())
        .contains("'scorers=User:a' is not SERVICE=PRINCIPAL", "gateway, aggregator, scorer");
  }

  private static Execution setup(String registry, String... more) {
    String[] arguments = {
      "setup", "--bootstrap-servers", "localhost:1", "--registry-url", registry
    };
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return Execution.of(all);
  }
}
