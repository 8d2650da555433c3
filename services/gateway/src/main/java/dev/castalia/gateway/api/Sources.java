package dev.castalia.gateway.api;

/** How the one who measured is named to clients. */
public final class Sources {

  /** Castalia itself, whose scores have no source. */
  public static final String OWN = "castalia";

  private Sources() {}

  /** The name of a source; {@link #OWN} where there is none. */
  public static String name(String source) {
    return source == null ? OWN : source;
  }
}
