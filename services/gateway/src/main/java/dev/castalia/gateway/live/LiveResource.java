package dev.castalia.gateway.live;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.castalia.gateway.GatewayConfig;
import dev.castalia.gateway.access.Credentials;
import dev.castalia.gateway.problem.NearMisses;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.Views;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/**
 * Server-sent events. One virtual thread a reader writes one event at a time and waits until the
 * connection has taken it, so that a slow reader costs no memory.
 */
@Startup
@Path("/api/v1/events")
@Tag(name = "Events", description = "The same, as it changes.")
public class LiveResource {

  private static final Logger LOG = Logger.getLogger(LiveResource.class);
  private static final Duration RECONNECT = Duration.ofSeconds(1);
  private static final int LOOKS_AN_INTERVAL = 4;

  private final Views views;
  private final RowForms forms;
  private final Credentials credentials;
  private final GatewayConfig.Gateway config;
  private final AtomicInteger readers = new AtomicInteger();
  private volatile boolean closing;

  LiveResource(
      Views views,
      RowForms forms,
      Credentials credentials,
      GatewayConfig config,
      MeterRegistry metrics) {
    this.views = views;
    this.forms = forms;
    this.credentials = credentials;
    this.config = config.gateway();
    metrics.gauge("castalia.gateway.events.readers", readers);
  }

  void stop(@Observes ShutdownEvent event) {
    closing = true;
  }

  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @RunOnVirtualThread
  @Operation(
      operationId = "watch",
      summary = "Watch",
      description =
          """
          Server-sent events. `reset` {}: forget everything, a snapshot follows. `snapshot` \
          {"topic", "rows": [{"key", "value"}]}: rows as they are now. `ready` {}: that was all. \
          `change` {"topic", "rows": [{"key", "value"} or {"key", "deleted": true}]}: rows that \
          changed, at most ten times a second and each key in its latest state. Deletions are told \
          whatever the filters. `heartbeat` {}: there was nothing to tell for a while, and the \
          connection is alive. Of the topics in `keys` only the keys of what changed are told, \
          {"key"}, and there is no snapshot: for readers who read the rest themselves. An id says \
          how far the reader has come: sent back as Last-Event-ID to any gateway of the cluster, \
          what was missed follows, then `ready`; where that cannot be told any more, `reset` and a \
          snapshot. The stream ends where the key is withdrawn or the token has ended.\
          """)
  public void watch(
      @Parameter(
              description =
                  "Comma-separated: progress, sweeps, leaderboards, trajectories, scorecards,"
                      + " findings, failures, checkpoints, tasks, scorers.",
              example = "progress,leaderboards")
          @QueryParam("topics")
          @DefaultValue("progress")
          String topics,
      @Parameter(description = "Topics of which only the keys are wanted.", example = "scorecards")
          @QueryParam("keys")
          String keys,
      @Parameter(description = "Only what belongs to this sweep.") @QueryParam("sweep")
          String sweep,
      @Parameter(description = "Only tasks that match, with * and ?.") @QueryParam("task")
          String task,
      @Parameter(description = "Only models that match, with * and ?.") @QueryParam("model")
          String model,
      @Parameter(description = "Id of the last event that was received.")
          @HeaderParam(HttpHeaders.LAST_EVENT_ID_HEADER)
          String lastEventId,
      @Context SseEventSink sink,
      @Context Sse sse)
      throws InterruptedException {
    Set<LiveTopic> keysOnly = keys == null ? Set.of() : LiveTopic.parse("keys", keys);
    Set<LiveTopic> wanted = LiveTopic.parse("topics", topics);
    wanted.addAll(keysOnly);
    requireKnown(sweep);
    Feed feed = new Feed(views, new Watch(views, wanted, keysOnly, model, task, sweep));
    readers.incrementAndGet();
    try (sink) {
      serve(feed, Optional.ofNullable(lastEventId).flatMap(EventId::parse), sink, sse);
    } catch (CompletionException | ReaderGoneException e) {
      LOG.debugf(e, "A reader of the events is gone");
    } finally {
      readers.decrementAndGet();
    }
  }

  private void requireKnown(String sweep) {
    if (sweep != null && views.sweeps().get(sweep).isEmpty()) {
      throw ProblemException.notFound(
          "sweep",
          sweep,
          NearMisses.of(sweep, views.sweeps().rows().stream().map(Row::key).toList()));
    }
  }

  private void serve(Feed feed, Optional<EventId> last, SseEventSink sink, Sse sse)
      throws InterruptedException {
    BooleanSupplier mayRead = credentials.current();
    send(sink, sse.newEventBuilder().reconnectDelay(RECONNECT.toMillis()).comment("").build());
    feed.begin(last, Instant.now(), message -> send(sink, event(message, sse)));
    // An event, and no comment: browsers keep comments to themselves.
    OutboundSseEvent heartbeat = sse.newEventBuilder().name("heartbeat").data("{}").build();
    long turn = views.awaitTurn(Long.MIN_VALUE, Duration.ZERO);
    long lastSent = System.nanoTime();
    while (!sink.isClosed() && !closing && mayRead.getAsBoolean()) {
      long heartbeatIn = config.heartbeat().toNanos() - (System.nanoTime() - lastSent);
      turn = views.awaitTurn(turn, shortest(Duration.ofNanos(heartbeatIn)));
      if (feed.step(Instant.now(), message -> send(sink, event(message, sse)))) {
        lastSent = System.nanoTime();
        Thread.sleep(config.eventInterval());
      } else if (System.nanoTime() - lastSent >= config.heartbeat().toNanos()) {
        send(sink, heartbeat);
        lastSent = System.nanoTime();
      } else {
        // Other topics move all the time: to look at each turn would cost more than it tells.
        Thread.sleep(config.eventInterval().dividedBy(LOOKS_AN_INTERVAL));
      }
    }
  }

  /** So long that it costs nothing, so short that a shutdown is not held up. */
  private static Duration shortest(Duration wait) {
    Duration most = Duration.ofSeconds(1);
    return wait.compareTo(most) < 0 ? wait : most;
  }

  private static final class ReaderGoneException extends RuntimeException {
    private ReaderGoneException(Throwable cause) {
      super(cause);
    }
  }

  private static void send(SseEventSink sink, OutboundSseEvent event) {
    CompletionStage<?> sent;
    try {
      sent = sink.send(event);
    } catch (IllegalStateException e) {
      // The sink was closed since it was looked at.
      throw new ReaderGoneException(e);
    }
    sent.toCompletableFuture().join();
  }

  private OutboundSseEvent event(Feed.Message message, Sse sse) {
    OutboundSseEvent.Builder builder = sse.newEventBuilder();
    return switch (message) {
      case Feed.Message.Reset() -> builder.name("reset").data("{}").build();
      case Feed.Message.Ready(EventId id) -> builder.name("ready").id(id.text()).data("{}").build();
      case Feed.Message.Snapshot(LiveTopic topic, List<Feed.Change> rows) ->
          builder.name("snapshot").data(data(topic, rows)).build();
      case Feed.Message.Changes(LiveTopic topic, List<Feed.Change> rows, Optional<EventId> id) -> {
        id.ifPresent(reached -> builder.id(reached.text()));
        yield builder.name("change").data(data(topic, rows)).build();
      }
    };
  }

  private String data(LiveTopic topic, List<Feed.Change> rows) {
    return rows.stream()
        .map(this::row)
        .collect(Collectors.joining(",", "{\"topic\":\"" + topic.word() + "\",\"rows\":[", "]}"));
  }

  private String row(Feed.Change change) {
    String key = "{\"key\":\"" + quoted(change.key()) + "\"";
    return switch (change) {
      case Feed.Change.Put(String same, Row<?> row) -> key + ",\"value\":" + forms.json(row) + "}";
      case Feed.Change.Touched touched -> key + "}";
      case Feed.Change.Deleted deleted -> key + ",\"deleted\":true}";
    };
  }

  private static String quoted(String key) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(key));
  }
}
