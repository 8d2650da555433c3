package dev.castalia.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.castalia.gateway.GatewayConfig;
import dev.castalia.schemas.ClusterSetup;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ClusterPreparationTest {

  @Test
  void whatAnOperatorHasSetUpStaysWhereTheGatewayIsNotToldOfIt() {
    assertThat(setup(Map.of()))
        .isEqualTo(
            new ClusterSetup(4, (short) 1, Optional.empty(), List.of(), OptionalInt.empty()));
  }

  @Test
  void theGatewaySetsUpWhatItIsToldOf() {
    assertThat(
            setup(
                Map.of(
                    "castalia.setup.replication-factor", "3",
                    "castalia.setup.lock", "60s",
                    "castalia.setup.pools", "t4,h100",
                    "castalia.setup.standbys", "1")))
        .isEqualTo(
            new ClusterSetup(4, (short) 3, Duration.ofSeconds(60), List.of("t4", "h100"), 1));
  }

  @Test
  void whoNamesARegistryWhoseOtherApiIsUnknownLearnsWhatToSet() {
    GatewayConfig elsewhere =
        config(Map.of("castalia.registry-url", "http://registry:8081/elsewhere"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClusterPreparation.confluentUrl(elsewhere))
        .withMessageContainingAll(
            "http://registry:8081/elsewhere", "castalia.registry-confluent-url");
  }

  private static ClusterSetup setup(Map<String, String> settings) {
    return ClusterPreparation.of(config(settings).setup());
  }

  private static GatewayConfig config(Map<String, String> settings) {
    return new SmallRyeConfigBuilder()
        .withMapping(GatewayConfig.class)
        .withDefaultValues(settings)
        .addDiscoveredConverters()
        .withValidateUnknown(false)
        .build()
        .getConfigMapping(GatewayConfig.class);
  }
}
