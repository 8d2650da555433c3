package dev.castalia.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.oidc.runtime.OidcUtils;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {

  @TempDir Path folder;

  @Test
  void aKeyIsValidUntilItIsWithdrawn() throws IOException {
    Path file = Files.writeString(folder.resolve("keys"), "ada reader " + ApiKeys.hash("secret"));
    ApiKeys keys = new ApiKeys(Optional.of(file), Duration.ZERO);
    BooleanSupplier valid =
        of(new ApiKeyMechanism(keys).identity("secret", keys.find("secret").orElseThrow()));
    assertThat(valid.getAsBoolean()).isTrue();

    Files.writeString(file, "");

    assertThat(valid.getAsBoolean()).isFalse();
  }

  @Test
  void aTokenIsValidUntilItEnds() {
    assertThat(of(token(Instant.now().plusSeconds(60))).getAsBoolean()).isTrue();
    assertThat(of(token(Instant.now())).getAsBoolean()).isFalse();
  }

  @Test
  void whoShowsNothingLosesNothing() {
    assertThat(of(QuarkusSecurityIdentity.builder().setAnonymous(true).build()).getAsBoolean())
        .isTrue();
  }

  private static SecurityIdentity token(Instant end) {
    return QuarkusSecurityIdentity.builder()
        .setAnonymous(true)
        .addAttribute(OidcUtils.QUARKUS_IDENTITY_EXPIRE_TIME, end.getEpochSecond())
        .build();
  }

  private static BooleanSupplier of(SecurityIdentity identity) {
    return new Credentials(identity).current();
  }
}
