package dev.castalia.schemas;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * How a trace goes on over Kafka: by W3C's header {@code traceparent} on records. Where a record
 * has none, nothing is traced and nothing is added; where the process sends no spans, the trace
 * goes through it unseen.
 */
public final class Traces {

  /** The header. */
  public static final String HEADER = "traceparent";

  private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();

  private static final TextMapSetter<Headers> SETTER =
      (headers, name, value) ->
          headers.remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));

  private static final TextMapGetter<Headers> GETTER =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Headers headers) {
          return Arrays.stream(headers.toArray()).map(Header::key).toList();
        }

        @Override
        public String get(Headers headers, String name) {
          Header header = headers.lastHeader(name);
          return header == null || header.value() == null
              ? null
              : new String(header.value(), StandardCharsets.UTF_8);
        }
      };

  private Traces() {}

  /** Has the trace that this thread is at, if it is at one, go on with the record. */
  public static void put(Headers headers) {
    W3C.inject(Context.current(), headers, SETTER);
  }

  /** What is to be said of the trace that this thread is at; null where it is at none. */
  public static String current() {
    Map<String, String> said = new HashMap<>();
    W3C.inject(Context.current(), said, Map::put);
    return said.get(HEADER);
  }

  /** What the headers say of their trace; null where they belong to none. */
  public static String text(Headers headers) {
    return GETTER.get(headers, HEADER);
  }

  /** Headers that say so of their trace and nothing else; none where it is null. */
  public static Headers headers(String text) {
    return text == null
        ? new RecordHeaders()
        : new RecordHeaders(
            List.of(
                new org.apache.kafka.common.header.internals.RecordHeader(
                    HEADER, text.getBytes(StandardCharsets.UTF_8))));
  }

  /**
   * A step of the trace that takes no time.
   *
   * @param from what is said of the trace, or null for none
   * @return what to say of it further on
   */
  public static Headers step(String name, String from, Map<String, String> attributes) {
    Headers headers = headers(from);
    if (from != null) {
      inSpan(
          name,
          headers,
          attributes,
          () -> {
            put(headers);
            return null;
          });
    }
    return headers;
  }

  /** Work that is a step of a trace. */
  @FunctionalInterface
  public interface Step<T, X extends Exception> {
    T take() throws X;
  }

  /** Does the work as a step of the trace that the headers belong to, if they do. */
  public static <T, X extends Exception> T inSpan(
      String name, Headers headers, Map<String, String> attributes, Step<T, X> work) throws X {
    return text(headers) == null
        ? work.take()
        : inSpan(name, W3C.extract(Context.root(), headers, GETTER), attributes, work);
  }

  /** Does the work as a part of the step that this thread is at, if it is at one. */
  public static <T, X extends Exception> T inSpan(
      String name, Map<String, String> attributes, Step<T, X> work) throws X {
    return Span.current().getSpanContext().isValid()
        ? inSpan(name, Context.current(), attributes, work)
        : work.take();
  }

  private static <T, X extends Exception> T inSpan(
      String name, Context parent, Map<String, String> attributes, Step<T, X> work) throws X {
    var builder = GlobalOpenTelemetry.getTracer("dev.castalia").spanBuilder(name).setParent(parent);
    attributes.forEach((key, value) -> builder.setAttribute("castalia." + key, value));
    Span span = builder.startSpan();
    try (Scope scope = span.makeCurrent()) {
      return work.take();
    } catch (Throwable e) {
      span.recordException(e);
      throw e;
    } finally {
      span.end();
    }
  }
}
