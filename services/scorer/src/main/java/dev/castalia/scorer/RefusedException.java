package dev.castalia.scorer;

/**
 * This scorer's files are not the ones that the request means. Another scorer's may be, so the unit
 * has not failed.
 */
final class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  RefusedException(String message) {
    super(message);
  }
}
