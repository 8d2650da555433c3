package dev.castalia.schemas;

/** How finely a task may be cut. */
public final class Slices {

  /** Slices of a task at most: all of them stand in one record of the ledger. */
  public static final int MOST = 10_000;

  private Slices() {}
}
