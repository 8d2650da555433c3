package dev.castalia.gateway.access;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Knows a caller by the key in {@code X-API-Key}. */
@Singleton
public class ApiKeyMechanism implements HttpAuthenticationMechanism {

  static final String HEADER = "X-API-Key";

  private final ApiKeys keys;

  ApiKeyMechanism(ApiKeys keys) {
    this.keys = keys;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext context, IdentityProviderManager identityProviders) {
    String key = context.request().getHeader(HEADER);
    if (key == null) {
      return Uni.createFrom().nullItem();
    }
    Optional<Caller> caller = keys.find(key);
    return caller.isPresent()
        ? Uni.createFrom().item(identity(key, caller.get()))
        : Uni.createFrom().failure(new AuthenticationFailedException());
  }

  SecurityIdentity identity(String key, Caller caller) {
    BooleanSupplier keyStays = () -> keys.find(key).equals(Optional.of(caller));
    QuarkusSecurityIdentity.Builder identity =
        QuarkusSecurityIdentity.builder()
            .setPrincipal(new QuarkusPrincipal(caller.name()))
            .addAttribute(Credentials.KEY_STAYS, keyStays);
    caller.role().map(Role::word).ifPresent(identity::addRole);
    return identity.build();
  }

  /** None of its own: what is refused is refused as a problem. */
  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext context) {
    return Uni.createFrom().nullItem();
  }

  @Override
  public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
    return Set.of();
  }
}
