package dev.castalia.cli.command;

import dev.castalia.cli.gateway.GatewayClient;
import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where the gateway is. */
final class GatewayOption {

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--gateway",
      paramLabel = "URL",
      defaultValue = "${env:CASTALIA_GATEWAY:-http://localhost:8080}",
      description = "The gateway to talk to; $CASTALIA_GATEWAY or ${DEFAULT-VALUE} unless given.")
  private String gateway;

  /**
   * @throws ParameterException if the URL is not one
   */
  GatewayClient client() {
    try {
      URI uri = new URI(gateway);
      if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null) {
        return new GatewayClient(uri);
      }
    } catch (URISyntaxException e) {
      // Said below, as for a URL of another kind.
    }
    throw new ParameterException(
        spec.commandLine(),
        "--gateway is '" + gateway + "': give a URL such as http://localhost:8080");
  }
}
