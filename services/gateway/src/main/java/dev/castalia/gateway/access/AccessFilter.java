package dev.castalia.gateway.access;

import dev.castalia.gateway.problem.ProblemException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.reflect.Method;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Lets a request through if whoever asks has the role that it needs, and requests left. */
public class AccessFilter {

  private static final Set<String> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final CurrentIdentityAssociation identity;
  private final Callers callers;
  private final RequestQuota quota;

  AccessFilter(CurrentIdentityAssociation identity, Callers callers, RequestQuota quota) {
    this.identity = identity;
    this.callers = callers;
    this.quota = quota;
  }

  @ServerRequestFilter(priority = Priorities.AUTHORIZATION)
  public Uni<Void> requireRole(ContainerRequestContext request, ResourceInfo resource) {
    Role needed = needed(request, resource.getResourceMethod());
    return identity
        .getDeferredIdentity()
        .onFailure(AuthenticationFailedException.class)
        .transform(e -> unknownCredentials())
        .invoke(known -> require(needed, callers.of(known)))
        .replaceWithVoid();
  }

  private static Role needed(ContainerRequestContext request, Method operation) {
    Needs said = operation == null ? null : operation.getAnnotation(Needs.class);
    if (said == null) {
      return isReading(request.getMethod()) ? Role.READER : Role.PRODUCER;
    }
    String flag = request.getUriInfo().getQueryParameters().getFirst(said.readingWith());
    return !said.readingWith().isEmpty() && "true".equals(flag) ? Role.READER : said.value();
  }

  static boolean isReading(String httpMethod) {
    return READING.contains(httpMethod);
  }

  private void require(Role needed, Caller caller) {
    if (caller.may(needed)) {
      quota.spend(caller, needed);
    } else if (caller.isAnonymous()) {
      throw ProblemException.unauthorized(
          "This is for %ss: send a key as X-API-Key, or a bearer token.".formatted(needed.word()));
    } else {
      throw ProblemException.forbidden(
          "This is for %ss, and %s is %s: ask an operator for the role."
              .formatted(
                  needed.word(),
                  caller.name(),
                  caller
                      .role()
                      .map(role -> "a " + role.word())
                      .orElse("none of readers, producers and operators")));
    }
  }

  private static ProblemException unknownCredentials() {
    return ProblemException.unauthorized(
        "The key or token is not known, or is no longer valid: ask an operator for another.");
  }
}
