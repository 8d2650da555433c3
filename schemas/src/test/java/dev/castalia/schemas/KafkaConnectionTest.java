package dev.castalia.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaConnectionTest {

  @TempDir Path folder;

  @Test
  void withoutAFileThereAreOnlyTheBrokers() {
    assertThat(new KafkaConnection("a:9092", Optional.empty()).settings())
        .isEqualTo(Map.of("bootstrap.servers", "a:9092"));
  }

  @Test
  void theFilesSettingsAreEveryClients() throws Exception {
    assertThat(settings("security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\n"))
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.mechanism", "SCRAM-SHA-512");
  }

  @Test
  void theServicesOwnBrokersWinOverTheFiles() throws Exception {
    assertThat(settings("bootstrap.servers=elsewhere:9092\n"))
        .containsEntry("bootstrap.servers", "a:9092");
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = folder.resolve("missing.properties");

    assertThatThrownBy(() -> new KafkaConnection("a:9092", Optional.of(missing)).settings())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("castalia.kafka-config is " + missing);
  }

  @Test
  void anUnreadableFilesPasswordsStayOutOfTheError() {
    assertThatThrownBy(() -> settings("sasl.jaas.config=secret\\uZZZZ"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot be read as a properties file")
        .hasNoCause()
        .hasMessageNotContaining("secret");
  }

  private Map<String, Object> settings(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("client.properties"), text);
    return new KafkaConnection("a:9092", Optional.of(file)).settings();
  }
}
