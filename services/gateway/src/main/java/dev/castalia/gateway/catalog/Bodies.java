package dev.castalia.gateway.catalog;

import dev.castalia.gateway.problem.ProblemException;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** What the catalog's resources have in common. */
final class Bodies {

  private Bodies() {}

  /**
   * @throws ProblemException if there is nothing in the body
   */
  static <T> List<T> items(List<T> body) {
    if (body == null || body.isEmpty() || body.contains(null)) {
      throw ProblemException.badRequest(
          "The body is empty or holds null: send one object, or an array of them.");
    }
    return body;
  }

  static Response created(Published published) {
    return Response.status(published.created() > 0 ? Response.Status.CREATED : Response.Status.OK)
        .entity(published)
        .build();
  }
}
