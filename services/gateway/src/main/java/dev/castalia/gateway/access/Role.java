package dev.castalia.gateway.access;

import java.util.Locale;

/** What somebody may do; each may also do what those before it may. */
public enum Role {
  /** Reads everything, plans sweeps without asking for them, and compares without reporting. */
  READER,
  /** Publishes tasks and checkpoints, asks for sweeps, and cancels its own. */
  PRODUCER,
  /** Cancels anybody's sweeps, puts failures away, asks in another's name, and has no quota. */
  OPERATOR;

  /** As keys and tokens name it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean includes(Role other) {
    return compareTo(other) >= 0;
  }
}
