package dev.castalia.cli.progress;

import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.GatewayException;
import dev.castalia.cli.gateway.SweepProgress;
import dev.castalia.cli.progress.Work.Count;
import dev.castalia.cli.progress.Work.Part;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Follows a sweep until it is over. A gateway that goes away for less than a minute, as for a
 * restart, is waited for.
 */
public final class SweepWatch {

  /** What a sweep's progress is counted in. */
  public static final String UNIT = "units";

  private static final Duration INTERVAL = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  private final GatewayClient gateway;
  private final String sweep;
  private final boolean created;
  private final Duration interval;
  private final Duration patience;

  public SweepWatch(GatewayClient gateway, String sweep) {
    this(gateway, sweep, false, INTERVAL, PATIENCE);
  }

  /**
   * @param created whether there is such a sweep, so that a gateway that does not know it will
   * @param patience how long a gateway may be away, or not know it
   */
  SweepWatch(
      GatewayClient gateway, String sweep, boolean created, Duration interval, Duration patience) {
    this.gateway = gateway;
    this.sweep = sweep;
    this.created = created;
    this.interval = interval;
    this.patience = patience;
  }

  /**
   * Of a sweep that was asked for a moment ago. Behind one address there may be several gateways,
   * and another than the one that took it has to read of it first.
   */
  public static SweepWatch ofCreated(GatewayClient gateway, String sweep) {
    return new SweepWatch(gateway, sweep, true, INTERVAL, PATIENCE);
  }

  /**
   * Shows the sweep's progress until it is over; a standing sweep never is. Blocks.
   *
   * @return its last state: done or cancelled
   * @throws GatewayException if the gateway does not know the sweep, or stays away
   * @throws InterruptedException if the thread is interrupted
   */
  public SweepProgress show(ProgressDisplay display) throws InterruptedException {
    Follower follower =
        new Follower() {
          private Work last = new Work(sweep, new Count(0, 0, 0), List.of(), null);

          @Override
          public void changed(SweepProgress progress) {
            last = work(progress);
            display.update(last);
          }

          @Override
          public void away(GatewayException why) {
            display.update(last.with("waiting for the gateway: " + why.getMessage()));
          }
        };
    SweepProgress end = follow(follower, FOREVER);
    display.finish(work(end));
    return end;
  }

  /**
   * Tells every change of the sweep's progress, the last included.
   *
   * @return the last state: done or cancelled
   */
  public SweepProgress each(Consumer<SweepProgress> change) throws InterruptedException {
    return each(change, FOREVER);
  }

  /**
   * The same for some time.
   *
   * @return the last state: done or cancelled, unless the time was over before
   */
  public SweepProgress each(Consumer<SweepProgress> change, Duration atMost)
      throws InterruptedException {
    return follow(
        new Follower() {
          private SweepProgress last;

          @Override
          public void changed(SweepProgress progress) {
            if (!progress.equals(last)) {
              change.accept(progress);
            }
            last = progress;
          }

          @Override
          public void away(GatewayException why) {}
        },
        atMost);
  }

  private interface Follower {

    void changed(SweepProgress progress);

    void away(GatewayException why);
  }

  private SweepProgress follow(Follower follower, Duration atMost) throws InterruptedException {
    boolean known = created;
    long begun = System.nanoTime();
    long answered = begun;
    while (true) {
      try {
        SweepProgress progress = gateway.progress(sweep);
        known = true;
        answered = System.nanoTime();
        follower.changed(progress);
        if (progress.over() || answered - begun >= atMost.toNanos()) {
          return progress;
        }
      } catch (GatewayException e) {
        boolean passing = e.passing() || e.unknown() && known;
        if (!passing || System.nanoTime() - answered > patience.toNanos()) {
          throw e;
        }
        follower.away(e);
      }
      Thread.sleep(interval);
    }
  }

  /** A sweep's progress as work to show, model by model. */
  static Work work(SweepProgress progress) {
    return new Work(
        progress.sweep(),
        new Count(progress.planned(), progress.done(), progress.failed()),
        progress.models().stream()
            .map(
                model ->
                    new Part(
                        model.model(), new Count(model.planned(), model.done(), model.failed())))
            .toList(),
        note(progress));
  }

  private static String note(SweepProgress progress) {
    return switch (progress.state()) {
      case "planning" ->
          progress.ofCheckpoints() == null
              ? "planning"
              : "planning: %d of %d checkpoints"
                  .formatted(progress.checkpoints(), progress.ofCheckpoints());
      case "standing" -> "standing: waiting for checkpoints to be published";
      case "cancelled" -> "cancelled";
      default -> null;
    };
  }
}
