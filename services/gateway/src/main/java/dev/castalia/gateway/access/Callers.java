package dev.castalia.gateway.access;

import dev.castalia.gateway.GatewayConfig;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/** Finds out who asks, from what Quarkus knows of the request. */
@Singleton
public class Callers {

  private final SecurityIdentity current;
  private final Optional<Role> anonymous;

  /**
   * @param current stands for that of the request at hand
   */
  Callers(SecurityIdentity current, GatewayConfig config) {
    this.current = current;
    this.anonymous = config.gateway().access().anonymous();
  }

  /** Who asks in the request at hand. */
  public Caller current() {
    return of(current);
  }

  Caller of(SecurityIdentity identity) {
    if (identity.isAnonymous()) {
      return new Caller(Caller.ANONYMOUS, anonymous);
    }
    Optional<Role> highest =
        Arrays.stream(Role.values())
            .filter(role -> identity.hasRole(role.word()))
            .max(Comparator.naturalOrder());
    return new Caller(identity.getPrincipal().getName(), highest);
  }
}
