package dev.castalia.cli.gateway;

/**
 * What publishing did.
 *
 * @param created were not known before
 * @param updated were known, and have changed
 * @param unchanged were known as they are
 */
public record Published(int created, int updated, int unchanged) {

  public static final Published NOTHING = new Published(0, 0, 0);

  public Published plus(Published that) {
    return new Published(
        created + that.created, updated + that.updated, unchanged + that.unchanged);
  }
}
