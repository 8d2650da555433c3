package dev.castalia.gateway.api;

import dev.castalia.topology.intake.EventRules;

/** How the one who measured is named to clients. */
public final class Sources {

  /** Castalia itself, whose scores have no source. */
  public static final String OWN = EventRules.OWN_SOURCE;

  private Sources() {}

  /** The name of a source; {@link #OWN} where there is none. */
  public static String name(String source) {
    return source == null ? OWN : source;
  }
}
