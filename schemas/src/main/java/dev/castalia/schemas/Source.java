package dev.castalia.schemas;

/** How the one who measured a score is named to people and clients. */
public final class Source {

  /** Castalia itself, whose scores have no source. */
  public static final String OWN = "castalia";

  private Source() {}

  /** The name of a source; {@link #OWN} where there is none. */
  public static String name(String source) {
    return source == null ? OWN : source;
  }
}
