package dev.castalia.cli.command;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a key that lets somebody in at a gateway. */
@Command(
    name = "key",
    description = {
      "Makes a key for somebody: prints it on the error output, and on the output the line that"
          + " the gateway's file of keys (castalia.gateway.access.api-keys) is to have for it.",
      "The line holds only a hash of the key, which nobody can make a key of. Taking it out of the"
          + " file withdraws the key."
    })
public final class KeyCommand implements Callable<Integer> {

  private static final int BYTES = 32;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1,100}");

  private enum Role {
    READER,
    PRODUCER,
    OPERATOR
  }

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      description = "Whose it is: letters, digits, dots, hyphens, underscores and @.")
  private String name;

  @Option(
      names = "--role",
      required = true,
      paramLabel = "ROLE",
      description =
          "reader reads; producer also publishes and asks for sweeps; operator may do everything.")
  private Role role;

  @Override
  public Integer call() {
    if (!NAME.matcher(name).matches() || name.equals("anonymous")) {
      throw new ParameterException(
          spec.commandLine(),
          "NAME is '%s': use letters, digits, dots, hyphens, underscores and @, at most 100, and not 'anonymous'"
              .formatted(name));
    }
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    String key = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    spec.commandLine().getErr().println("The key, shown only now: " + key);
    spec.commandLine()
        .getOut()
        .println(name + " " + role.name().toLowerCase(Locale.ROOT) + " " + hash(key));
    return 0;
  }

  private static String hash(String key) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
