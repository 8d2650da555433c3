package dev.castalia.gateway.problem;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Makes every failure of a request a {@link Problem}, and tells nothing of the inside. */
public class ProblemMappers {

  private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

  @ServerExceptionMapper
  public Response map(ProblemException e, UriInfo uri) {
    Response.ResponseBuilder response = respond(e.problem(uri.getPath()));
    switch (e.status()) {
      case 401 -> response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"castalia\"");
      case 429 -> response.header(HttpHeaders.RETRY_AFTER, 60);
      case 503 -> response.header(HttpHeaders.RETRY_AFTER, 1);
      default -> {}
    }
    return response.build();
  }

  @ServerExceptionMapper
  public Response map(WebApplicationException e, UriInfo uri) {
    if (e.getCause() instanceof JacksonException json) {
      return map(json, uri);
    }
    Response original = e.getResponse();
    Response.Status status = Response.Status.fromStatusCode(original.getStatus());
    String title = status == null ? "Status " + original.getStatus() : status.getReasonPhrase();
    Response.ResponseBuilder response =
        respond(
            new Problem(
                URI.create("about:blank"),
                title,
                original.getStatus(),
                detail(original.getStatus(), uri.getPath()),
                uri.getPath(),
                List.of()));
    String allow = original.getHeaderString(HttpHeaders.ALLOW);
    if (allow != null) {
      response.header(HttpHeaders.ALLOW, allow);
    }
    return response.build();
  }

  private static String detail(int status, String path) {
    return switch (status) {
      case 404 -> "Nothing is found at " + path + "; /q/openapi lists what is.";
      case 405 ->
          "What is at " + path + " does not take this method; /q/openapi lists what it does.";
      case 406 -> "The answer cannot be given in the form asked for: accept application/json.";
      case 415 -> "The body's form is not understood: send application/json.";
      default -> "The request cannot be served.";
    };
  }

  /** More special than the framework's own, which answers without a problem. */
  @ServerExceptionMapper
  public Response map(MismatchedInputException e, UriInfo uri) {
    return map((JacksonException) e, uri);
  }

  @ServerExceptionMapper
  public Response map(JacksonException e, UriInfo uri) {
    return respond(ProblemException.badRequest(describe(e)).problem(uri.getPath())).build();
  }

  private static String describe(JacksonException e) {
    return switch (e) {
      case JsonMappingException within
          when within.getCause() instanceof StreamConstraintsException beyond ->
          describe(beyond);
      case UnrecognizedPropertyException unknown ->
          "%s is not known here. Known are: %s."
              .formatted(
                  pointer(unknown),
                  unknown.getKnownPropertyIds().stream()
                      .map(String::valueOf)
                      .sorted()
                      .collect(Collectors.joining(", ")));
      case InvalidFormatException wrong ->
          "%s is %s, where %s is wanted."
              .formatted(pointer(wrong), quoted(wrong.getValue()), wanted(wrong.getTargetType()));
      case ValueInstantiationException invalid when invalid.getCause() != null ->
          pointer(invalid) + ": " + invalid.getCause().getMessage();
      case StreamConstraintsException beyond ->
          "The body is more than is read: %s.".formatted(firstLine(beyond));
      case InputCoercionException wrong -> wrong.getOriginalMessage() + ".";
      case MismatchedInputException wrong ->
          "%s is not %s.".formatted(pointer(wrong), wanted(wrong.getTargetType()));
      default -> "The body is not JSON%s: %s".formatted(place(e.getLocation()), firstLine(e));
    };
  }

  /** The place in the document, as a JSON pointer; the document itself is "The body". */
  private static String pointer(JsonMappingException e) {
    String pointer =
        e.getPath().stream()
            .map(part -> part.getFieldName() == null ? "" + part.getIndex() : part.getFieldName())
            .map(part -> "/" + part)
            .collect(Collectors.joining());
    return pointer.isEmpty() ? "The body" : pointer;
  }

  private static String quoted(Object value) {
    return value instanceof String text ? "\"" + text + "\"" : String.valueOf(value);
  }

  private static String wanted(Class<?> type) {
    if (type == null) {
      return "what is wanted";
    }
    if (type.isEnum()) {
      return "one of " + List.of(type.getEnumConstants());
    }
    if (type == Integer.class || type == Long.class || type == int.class || type == long.class) {
      return "a whole number in range";
    }
    if (Number.class.isAssignableFrom(type) || type == double.class) {
      return "a number";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "a string";
    }
    if (Iterable.class.isAssignableFrom(type)) {
      return "an array";
    }
    return "an object";
  }

  private static String place(JsonLocation location) {
    return location == null
        ? ""
        : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
  }

  private static String firstLine(JacksonException e) {
    String line = e.getOriginalMessage().lines().findFirst().orElse("");
    int parserState = line.indexOf(" (start marker at");
    return parserState < 0 ? line : line.substring(0, parserState);
  }

  @ServerExceptionMapper
  public Response map(Throwable e, UriInfo uri) {
    UUID id = UUID.randomUUID();
    LOG.errorf(e, "Request to %s failed; id %s", uri.getPath(), id);
    return respond(
            new Problem(
                URI.create("about:blank"),
                "Internal error",
                500,
                "The gateway failed; its log says how, under id " + id + ".",
                uri.getPath(),
                List.of()))
        .build();
  }

  private static Response.ResponseBuilder respond(Problem problem) {
    return Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem);
  }
}
