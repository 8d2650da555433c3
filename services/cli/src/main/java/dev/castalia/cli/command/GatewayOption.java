package dev.castalia.cli.command;

import dev.castalia.cli.gateway.GatewayClient;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where the gateway is, and what it knows the caller by. */
final class GatewayOption {

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--gateway",
      paramLabel = "URL",
      defaultValue = "${env:CASTALIA_GATEWAY:-http://localhost:8080}",
      description = "The gateway to talk to; $CASTALIA_GATEWAY or ${DEFAULT-VALUE} unless given.")
  private String gateway;

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      defaultValue = "${env:CASTALIA_API_KEY}",
      showDefaultValue = Help.Visibility.NEVER,
      description =
          "What the gateway knows you by, if it asks; $CASTALIA_API_KEY unless given, which other"
              + " users of this machine do not see.")
  private String apiKey;

  /**
   * @throws ParameterException if the URL is not one, or the key cannot be one
   */
  GatewayClient client() {
    try {
      URI uri = new URI(gateway);
      if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null) {
        return new GatewayClient(uri, key());
      }
    } catch (URISyntaxException e) {
      // Said below, as for a URL of another kind.
    }
    throw new ParameterException(
        spec.commandLine(),
        "--gateway is '" + gateway + "': give a URL such as http://localhost:8080");
  }

  /** Without what a file or a secret has around it, such as the end of its line. */
  private Optional<String> key() {
    Optional<String> key =
        Optional.ofNullable(apiKey).map(String::strip).filter(it -> !it.isEmpty());
    if (key.isPresent() && !key.get().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new ParameterException(
          spec.commandLine(),
          "--api-key or CASTALIA_API_KEY has letters that no key has: give one as 'castalia key' printed it");
    }
    return key;
  }
}
