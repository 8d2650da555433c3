package dev.castalia.gateway.sweep;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.SweepCancelled;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.gateway.access.Caller;
import dev.castalia.gateway.access.Role;
import dev.castalia.gateway.api.Rules;
import dev.castalia.gateway.cluster.EventWriter;
import dev.castalia.gateway.cluster.Turn;
import dev.castalia.gateway.problem.NearMisses;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.Sweep;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.SweepIds;
import dev.castalia.schemas.Topic;
import dev.castalia.topology.SweepCoverage;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Accepts and cancels sweeps, one at a time, so that an id is given once. */
@Singleton
public class SweepDesk {

  private final Views views;
  private final EventWriter writer;
  private final SweepQuota quota;
  private final Turn turn;

  SweepDesk(Views views, EventWriter writer, SweepQuota quota) {
    this.views = views;
    this.writer = writer;
    this.quota = quota;
    this.turn = writer.turn();
  }

  /**
   * @param created false when the same order had been accepted before
   */
  public record Accepted(Sweep sweep, boolean created) {}

  /**
   * Accepts an order, and returns when the gateway itself knows of the sweep.
   *
   * @throws ProblemException if the order means nothing, its id has another one, the caller has no
   *     room for it, or it could not be written in time
   */
  public Accepted accept(SweepOrder wanted, Caller caller) {
    SweepOrder order = wanted.by(caller.actingFor(wanted.requestedBy())).checked();
    return turn.take(() -> acceptInTurn(order, caller));
  }

  private Accepted acceptInTurn(SweepOrder order, Caller caller) {
    if (order.sweep() != null) {
      Sweep known = views.sweeps().get(order.sweep()).orElse(null);
      if (known != null) {
        requireSame(known, order);
        return new Accepted(known, false);
      }
    }
    String id = order.sweep() == null ? SweepIds.create() : order.sweep();
    SweepRequested event = event(id, order);
    quota.require(caller, order.priority(), SweepPlan.of(event, views).units());
    writer.write(
        Topic.SWEEPS,
        List.of(new EventWriter.Entry(event, Map.of(Views.REQUEST_DIGEST, order.digest()))));
    return new Accepted(views.sweeps().get(id).orElseThrow(() -> deletedMeanwhile(id)), true);
  }

  /**
   * What the order would amount to; nothing is enqueued.
   *
   * @throws ProblemException if the order means nothing
   */
  public SweepEstimate estimate(SweepOrder wanted) {
    SweepOrder order = wanted.checked();
    return SweepEstimate.of(
        event(order.sweep() == null ? "estimate" : order.sweep(), order), views, Instant.now());
  }

  /**
   * What an order amounts to; nothing is enqueued or published.
   *
   * @throws ProblemException if the order means nothing, or one of its checkpoints
   */
  public SweepPlan plan(PlanOrder wanted) {
    Map<String, CheckpointPublished> published = new LinkedHashMap<>();
    published().forEach(it -> published.put(Keys.of(it), it));
    wanted.published(Instant.now()).forEach(it -> published.put(Keys.of(it), it));
    List<CheckpointPublished> all = List.copyOf(published.values());
    return SweepPlan.of(event("plan", wanted.order().checked(), all), all, views);
  }

  private List<CheckpointPublished> published() {
    return views.checkpoints().rows().stream().map(Row::value).toList();
  }

  private static ProblemException deletedMeanwhile(String id) {
    return ProblemException.conflict(
        "sweep-deleted", "Sweep deleted", "Sweep " + id + " was deleted as it was accepted.");
  }

  private void requireSame(Sweep known, SweepOrder order) {
    switch (known) {
      case Sweep.Cancelled cancelled ->
          throw ProblemException.conflict(
              "sweep-cancelled",
              "Sweep cancelled",
              "Sweep %s was cancelled: choose another id.".formatted(known.id()));
      case Sweep.Requested(var event, var digest) -> {
        boolean same =
            digest.isPresent()
                ? digest.get().equals(order.digest())
                : event.equals(
                    SweepRequested.newBuilder(event(known.id(), order))
                        .setRequestedAt(event.getRequestedAt())
                        .setCheckpoints(event.getCheckpoints())
                        .build());
        if (!same) {
          throw ProblemException.conflict(
              "sweep-exists",
              "Sweep exists",
              "Sweep %s exists and asks for something else: choose another id, or none."
                  .formatted(known.id()));
        }
      }
    }
  }

  private SweepRequested event(String id, SweepOrder order) {
    return event(id, order, published());
  }

  private SweepRequested event(String id, SweepOrder order, List<CheckpointPublished> published) {
    List<SweepTask> tasks =
        new TaskChoice(views.tasks().rows().stream().map(Row::value).toList())
            .choose(order.tasks(), order.shots()).stream()
                .map(
                    chosen ->
                        new SweepTask(
                            chosen.task().getTask(),
                            order.standing() ? null : chosen.task().getVersion(),
                            chosen.shots()))
                .toList();
    SweepRequested event =
        SweepRequested.newBuilder()
            .setSweep(id)
            .setRequestedBy(order.requestedBy())
            .setRequestedAt(notBefore(published))
            .setModels(order.models())
            .setSteps(order.steps())
            .setTasks(tasks)
            .setDtype(order.dtype())
            .setStanding(order.standing())
            .setPriority(order.priority())
            .build();
    int covered = covered(event, published);
    if (!order.standing() && SweepPlan.loadable(event, published, views).isEmpty()) {
      throw covered == 0 ? nothingMatches(order) : allAreRetired();
    }
    return SweepRequested.newBuilder(event).setCheckpoints(covered).build();
  }

  /** Now, but never before a checkpoint that is known: another gateway's clock may be ahead. */
  private static Instant notBefore(List<CheckpointPublished> published) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return published.stream()
        .map(CheckpointPublished::getPublishedAt)
        .filter(now::isBefore)
        .max(Instant::compareTo)
        .orElse(now);
  }

  private static int covered(SweepRequested event, List<CheckpointPublished> published) {
    Rules.check(event);
    if (!event.getStanding()) {
      event.getModels().forEach(pattern -> requireAnyMatch(event, pattern, published));
    }
    return (int) published.stream().filter(SweepCoverage.of(event)::covers).count();
  }

  /** A pattern that means nothing is a slip, even where another one means something. */
  private static void requireAnyMatch(
      SweepRequested event, String pattern, List<CheckpointPublished> published) {
    SweepCoverage alone =
        SweepCoverage.of(
            SweepRequested.newBuilder(event).setModels(List.of(pattern)).setSteps("all").build());
    if (published.stream().noneMatch(alone::covers)) {
      throw ProblemException.unprocessable(
          "unknown-model",
          "Unknown model",
          "No published checkpoint is of a model \"%s\".%s"
              .formatted(pattern, published.isEmpty() ? " Publish checkpoints first." : ""),
          NearMisses.of(
              pattern, published.stream().map(CheckpointPublished::getModel).distinct().toList()));
    }
  }

  private static ProblemException nothingMatches(SweepOrder order) {
    return ProblemException.unprocessable(
        "no-checkpoint",
        "No checkpoint",
        "The models have checkpoints, but none at the steps \"%s\": choose other steps, or all."
            .formatted(order.steps()));
  }

  private static ProblemException allAreRetired() {
    return ProblemException.unprocessable(
        "retired",
        "Retired",
        "All checkpoints that match are retired, and cannot be loaded any more: publish them again if they can, or choose others.");
  }

  /**
   * Cancels a sweep; one that is cancelled stays so.
   *
   * @param by who is said to cancel; null for the caller
   * @throws ProblemException if there is no such sweep, it is another's, or it could not be written
   *     in time
   */
  public Sweep cancel(String id, String by, Caller caller) {
    return turn.take(() -> cancelInTurn(id, by, caller));
  }

  private Sweep cancelInTurn(String id, String by, Caller caller) {
    Sweep known = get(id);
    if (known instanceof Sweep.Requested(var requested, var digest)) {
      if (!caller.may(Role.OPERATOR) && !caller.name().equals(requested.getRequestedBy())) {
        throw ProblemException.forbidden(
            "Sweep %s is %s's: ask them, or an operator, to cancel it."
                .formatted(id, requested.getRequestedBy()));
      }
      SweepCancelled event =
          new SweepCancelled(
              id, caller.actingFor(by), Instant.now().truncatedTo(ChronoUnit.MILLIS));
      writer.write(Topic.SWEEPS, List.of(new EventWriter.Entry(event)));
    }
    return get(id);
  }

  /**
   * @throws ProblemException if there is no such sweep
   */
  public Sweep get(String id) {
    return views
        .sweeps()
        .get(id)
        .orElseThrow(
            () ->
                ProblemException.notFound(
                    "sweep",
                    id,
                    NearMisses.of(id, views.sweeps().rows().stream().map(Row::key).toList())));
  }
}
