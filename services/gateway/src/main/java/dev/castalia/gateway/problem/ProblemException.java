package dev.castalia.gateway.problem;

import java.net.URI;
import java.util.List;

/** A request that cannot be granted; becomes a {@link Problem}. */
public final class ProblemException extends RuntimeException {

  private final int status;
  private final String slug;
  private final String title;
  private final List<String> suggestions;

  private ProblemException(
      int status, String slug, String title, String detail, List<String> suggestions) {
    super(detail);
    this.status = status;
    this.slug = slug;
    this.title = title;
    this.suggestions = List.copyOf(suggestions);
  }

  /** The request cannot be read, or a parameter means nothing. */
  public static ProblemException badRequest(String detail) {
    return new ProblemException(400, "bad-request", "Bad request", detail, List.of());
  }

  /**
   * There is no such thing.
   *
   * @param what the kind of thing, such as task
   * @param suggestions names of others that may have been meant
   */
  public static ProblemException notFound(String what, String name, List<String> suggestions) {
    return new ProblemException(
        404,
        "unknown-" + what.replace(' ', '-'),
        "Unknown " + what,
        "There is no %s \"%s\".%s".formatted(what, name, didYouMean(suggestions)),
        suggestions);
  }

  /** There are such things, but none like that; the detail says which there are. */
  public static ProblemException noneLikeThat(String slug, String title, String detail) {
    return new ProblemException(404, slug, title, detail, List.of());
  }

  /** Nobody knows who asks. */
  public static ProblemException unauthorized(String detail) {
    return new ProblemException(401, "unauthorized", "Unauthorized", detail, List.of());
  }

  /** Whoever asks may not. */
  public static ProblemException forbidden(String detail) {
    return new ProblemException(403, "forbidden", "Forbidden", detail, List.of());
  }

  /** Too many requests for now. */
  public static ProblemException tooMany(String detail) {
    return new ProblemException(429, "too-many-requests", "Too many requests", detail, List.of());
  }

  /** The state of things forbids it. */
  public static ProblemException conflict(String slug, String title, String detail) {
    return new ProblemException(409, slug, title, detail, List.of());
  }

  /** The request can be read but not granted. */
  public static ProblemException unprocessable(
      String slug, String title, String detail, List<String> suggestions) {
    return new ProblemException(422, slug, title, detail + didYouMean(suggestions), suggestions);
  }

  public static ProblemException unprocessable(String slug, String title, String detail) {
    return unprocessable(slug, title, detail, List.of());
  }

  /** It may be granted later. */
  public static ProblemException unavailable(String detail) {
    return new ProblemException(503, "unavailable", "Unavailable", detail, List.of());
  }

  private static String didYouMean(List<String> suggestions) {
    return suggestions.isEmpty() ? "" : " Did you mean " + String.join(", ", suggestions) + "?";
  }

  public int status() {
    return status;
  }

  /** This problem, for a request of this path. */
  public Problem problem(String instance) {
    return new Problem(
        URI.create("urn:castalia:problem:" + slug),
        title,
        status,
        getMessage(),
        instance,
        suggestions);
  }
}
