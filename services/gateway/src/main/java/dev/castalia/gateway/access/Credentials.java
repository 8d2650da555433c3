package dev.castalia.gateway.access;

import io.quarkus.oidc.runtime.OidcUtils;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/** Whether what a caller showed still lets them in: a key may be withdrawn, and a token ends. */
@Singleton
public class Credentials {

  /** Attribute of an identity known by a key: a {@link BooleanSupplier}, whether the key stays. */
  static final String KEY_STAYS = "castalia.key-stays";

  private final SecurityIdentity current;

  /**
   * @param current stands for that of the request at hand
   */
  Credentials(SecurityIdentity current) {
    this.current = current;
  }

  /** Says at any time whether those of the request at hand are valid still. */
  public BooleanSupplier current() {
    BooleanSupplier keyStays = current.getAttribute(KEY_STAYS);
    if (keyStays != null) {
      return keyStays;
    }
    Long end = current.getAttribute(OidcUtils.QUARKUS_IDENTITY_EXPIRE_TIME);
    return () -> end == null || Instant.now().getEpochSecond() < end;
  }
}
