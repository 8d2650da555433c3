package dev.castalia.gateway.sweep;

import dev.castalia.gateway.GatewayConfig;
import dev.castalia.gateway.access.Caller;
import dev.castalia.gateway.access.Role;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.Sweep;
import dev.castalia.gateway.view.Views;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Keeps one producer from taking the mesh for itself. Operators have no quota. */
@Singleton
final class SweepQuota {

  private final Views views;
  private final int mostOpen;
  private final long mostUnits;
  private final int highestPriority;

  SweepQuota(Views views, GatewayConfig config) {
    this.views = views;
    this.mostOpen = config.gateway().access().quota().openSweeps();
    this.mostUnits = config.gateway().access().quota().units();
    this.highestPriority = config.gateway().access().quota().priority();
  }

  /**
   * @param priority of the sweep that is asked for
   * @param units of it
   * @throws ProblemException if the caller has no room for it, or may not put it before others
   */
  void require(Caller caller, int priority, long units) {
    if (caller.may(Role.OPERATOR)) {
      return;
    }
    if (priority > highestPriority) {
      throw ProblemException.forbidden(
          "The sweep has priority %d, and %s may give up to %d: give less, or ask an operator to ask for it."
              .formatted(priority, caller.name(), highestPriority));
    }
    if (units > mostUnits) {
      throw ProblemException.unprocessable(
          "sweep-too-large",
          "Sweep too large",
          "The sweep has %d units, and %s may ask for %d in one: ask for fewer checkpoints or tasks, or an operator to ask for it."
              .formatted(units, caller.name(), mostUnits));
    }
    long open = views.sweeps().rows().stream().filter(row -> isOpen(row, caller.name())).count();
    if (open >= mostOpen) {
      throw ProblemException.conflict(
          "too-many-sweeps",
          "Too many sweeps",
          "%s has %d sweeps open, and may have %d: wait until one is done, or cancel one."
              .formatted(caller.name(), open, mostOpen));
    }
  }

  private boolean isOpen(Row<Sweep> row, String producer) {
    return row.value() instanceof Sweep.Requested(var event, var digest)
        && event.getRequestedBy().equals(producer)
        && isOpen(SweepState.of(Optional.of(row.value()), views.progress().get(row.key())));
  }

  private static boolean isOpen(SweepState state) {
    return switch (state) {
      case PLANNING, RUNNING, STANDING -> true;
      case DONE, CANCELLED -> false;
    };
  }
}
