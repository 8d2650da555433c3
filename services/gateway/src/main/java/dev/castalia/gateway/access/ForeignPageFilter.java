package dev.castalia.gateway.access;

import dev.castalia.gateway.GatewayConfig;
import dev.castalia.gateway.problem.ProblemException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses what a browser sends for a page that is not the gateway's, unless it only reads: whoever
 * opened that page did not ask for it. What the page would read, browsers keep from it, unless the
 * page's own name leads to the gateway. Programs that are no browsers do not say where a request
 * comes from, and browsers always do.
 */
public class ForeignPageFilter {

  private static final Pattern LOOPBACK =
      Pattern.compile("(.+\\.)?localhost|127(\\.\\d{1,3}){3}|\\[?::1]?", Pattern.CASE_INSENSITIVE);

  private final boolean forThisMachine;

  @Inject
  ForeignPageFilter(@ConfigProperty(name = "quarkus.http.host") String host, GatewayConfig config) {
    this(
        isLoopback(host)
            && config
                .gateway()
                .access()
                .anonymous()
                .filter(role -> role.includes(Role.PRODUCER))
                .isPresent());
  }

  /**
   * @param forThisMachine whether the gateway takes whoever reaches it for somebody on this
   *     machine. It then goes by a name of this machine only: a page may have its own name resolve
   *     to this machine, and is of one site with the gateway then.
   */
  ForeignPageFilter(boolean forThisMachine) {
    this.forThisMachine = forThisMachine;
  }

  @ServerRequestFilter(priority = Priorities.AUTHENTICATION)
  public void refuseForeignPages(ContainerRequestContext request, HttpServerRequest http) {
    requireOwnName(http.authority());
    if (!AccessFilter.isReading(request.getMethod())) {
      requireOwnPage(
          request.getHeaderString("Sec-Fetch-Site"),
          request.getHeaderString("Origin"),
          http.authority());
    }
  }

  /**
   * @param authority host and port that the request is addressed to, as its sender knows them; null
   *     where they are missing or mean nothing
   * @throws ProblemException if that is not where the gateway is
   */
  void requireOwnName(HostAndPort authority) {
    if (forThisMachine && (authority == null || !isLoopback(authority.host()))) {
      throw ProblemException.forbidden(
          "This gateway is for this machine alone: send this to localhost, and not to %s."
              .formatted(authority));
    }
  }

  /**
   * @param fetchSite how the page's site and this one are related; null where no browser says so
   * @param origin scheme, host and port of the page; null where no browser says so
   * @param authority as for {@link #requireOwnName}
   * @throws ProblemException if the page is another site's
   */
  void requireOwnPage(String fetchSite, String origin, HostAndPort authority) {
    if (isForeign(fetchSite, origin, authority)) {
      throw ProblemException.forbidden(
          "A page of another site, %s, has the browser send this to %s: use the gateway's own page. A proxy before the gateway must hand on the Host that its readers use."
              .formatted(origin, authority));
    }
  }

  private static boolean isForeign(String fetchSite, String origin, HostAndPort authority) {
    if (fetchSite != null) {
      return !fetchSite.equals("same-origin") && !fetchSite.equals("none");
    }
    // The scheme may differ: TLS ends before the gateway.
    return origin != null && !lower(origin).endsWith("://" + lower(String.valueOf(authority)));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host).matches();
  }
}
