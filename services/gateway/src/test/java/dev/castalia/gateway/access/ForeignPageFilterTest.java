package dev.castalia.gateway.access;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.castalia.gateway.problem.ProblemException;
import io.vertx.core.net.HostAndPort;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignPageFilterTest {

  @ParameterizedTest
  @CsvSource({
    "same-origin, https://mesh.lab, rewritten, 8080",
    "none, , mesh.lab, -1",
    ", https://mesh.lab, mesh.lab, -1",
    ", https://mesh.lab:8443, Mesh.lab, 8443",
    ", , mesh.lab, -1"
  })
  void whatTheOwnPageOrAProgramSendsPasses(String fetchSite, String origin, String host, int port) {
    ForeignPageFilter filter = new ForeignPageFilter(false);

    assertThatNoException()
        .isThrownBy(() -> filter.requireOwnPage(fetchSite, origin, HostAndPort.create(host, port)));
  }

  @ParameterizedTest
  @CsvSource({
    "cross-site, https://elsewhere.org, mesh.lab, -1",
    "same-site, https://wiki.lab, mesh.lab, -1",
    ", https://elsewhere.org, mesh.lab, -1",
    ", https://notmesh.lab, mesh.lab, -1",
    ", http://mesh.lab:9999, mesh.lab, 8080",
    ", null, mesh.lab, -1"
  })
  void whatAPageOfAnotherSiteSendsIsRefused(
      String fetchSite, String origin, String host, int port) {
    ForeignPageFilter filter = new ForeignPageFilter(false);

    assertThatCode(() -> filter.requireOwnPage(fetchSite, origin, HostAndPort.create(host, port)))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("another site");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, true",
    "mesh.localhost, true",
    "127.0.0.1, true",
    "[::1], true",
    "127.elsewhere.org, false",
    "localhost.elsewhere.org, false"
  })
  void aGatewayForThisMachineGoesByThisMachinesNamesOnly(String host, boolean passes) {
    ForeignPageFilter filter = new ForeignPageFilter(true);
    HostAndPort authority = HostAndPort.create(host, 8080);

    var check = assertThatCode(() -> filter.requireOwnName(authority));

    if (passes) {
      check.doesNotThrowAnyException();
    } else {
      check.isInstanceOf(ProblemException.class).hasMessageContaining("this machine alone");
    }
  }
}
