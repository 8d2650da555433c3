package dev.castalia.gateway.api;

/** The precisions that scores are computed in. */
public final class Dtypes {

  /** What is meant where none was asked for. */
  public static final String USUAL = "float32";

  private Dtypes() {}
}
