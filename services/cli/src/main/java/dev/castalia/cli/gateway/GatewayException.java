package dev.castalia.cli.gateway;

import dev.castalia.cli.CommandException;

/** The gateway refused a request, or gave no answer. */
public final class GatewayException extends CommandException {

  private final boolean passing;

  GatewayException(String message, boolean passing, Throwable cause) {
    super(message, cause);
    this.passing = passing;
  }

  /**
   * Whether the same request may be answered later: the gateway is away, starting, or overloaded.
   */
  public boolean passing() {
    return passing;
  }
}
