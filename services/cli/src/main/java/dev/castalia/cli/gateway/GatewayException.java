package dev.castalia.cli.gateway;

import dev.castalia.cli.CommandException;
import java.time.Duration;
import java.util.Optional;

/** The gateway refused a request, or gave no answer. */
public final class GatewayException extends CommandException {

  /** What becomes of the same request later. */
  enum Kind {
    /** It may be answered. */
    PASSING,
    /** It may be answered if what it names is made meanwhile. */
    UNKNOWN,
    /** It is refused again. */
    LASTING
  }

  private final Kind kind;
  private final Optional<Duration> retryAfter;

  GatewayException(String message, Kind kind, Throwable cause) {
    this(message, kind, Optional.empty(), cause);
  }

  GatewayException(String message, Kind kind, Optional<Duration> retryAfter, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  /** After how long the same request is granted, where it was one too many for now. */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }

  /**
   * Whether the same request may be answered later: the gateway is away, starting, or overloaded.
   */
  public boolean passing() {
    return kind == Kind.PASSING;
  }

  /**
   * Whether there is no such thing as far as the gateway has read. What was made at another gateway
   * it reads a moment later.
   */
  public boolean unknown() {
    return kind == Kind.UNKNOWN;
  }
}
