package dev.castalia.cli.command;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.GatewayException;
import dev.castalia.cli.gateway.Published;
import dev.castalia.cli.gateway.ReportEntry;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;

/** Hands in what others measured, and waits until scorecards say it. */
final class ScoreDelivery {

  /** How long none of what was sent may come. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration PAUSE = Duration.ofMillis(200);

  /** Time as it passes. */
  interface Clock {

    Clock SYSTEM =
        new Clock() {
          @Override
          public Duration now() {
            return Duration.ofNanos(System.nanoTime());
          }

          @Override
          public void sleep(Duration time) throws InterruptedException {
            Thread.sleep(time);
          }
        };

    /** Since any fixed point. */
    Duration now();

    void sleep(Duration time) throws InterruptedException;
  }

  private final GatewayClient client;
  private final Clock clock;

  ScoreDelivery(GatewayClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** How many scores these are. */
  static int scores(List<ReportEntry> request) {
    return request.stream().mapToInt(ReportEntry::scores).sum();
  }

  /** Where these are too many for now, they are sent when the gateway says. */
  Published send(List<ReportEntry> request) throws InterruptedException {
    return granted(client::reportScores, request);
  }

  /**
   * Waits until the scorecards say what was sent.
   *
   * @throws CommandException if no more of them come
   */
  void settle(List<List<ReportEntry>> sent) throws InterruptedException {
    for (List<ReportEntry> request : sent) {
      // The last of it stands for the rest while there is nothing: asking for all costs as much as
      // sending it.
      for (List<ReportEntry> part :
          new LinkedHashSet<>(List.of(List.of(request.getLast()), request))) {
        settleOne(part);
      }
    }
  }

  private void settleOne(List<ReportEntry> part) throws InterruptedException {
    Duration since = clock.now();
    while (granted(client::compareScores, part).unchanged() < scores(part)) {
      if (clock.now().minus(since).compareTo(PATIENCE) > 0) {
        throw new CommandException(
            "the scores were sent, but no more scorecards of them have come: does the aggregator run?");
      }
      clock.sleep(PAUSE);
    }
  }

  private Published granted(
      Function<List<ReportEntry>, Published> request, List<ReportEntry> reports)
      throws InterruptedException {
    while (true) {
      try {
        return request.apply(reports);
      } catch (GatewayException e) {
        clock.sleep(e.retryAfter().orElseThrow(() -> e));
      }
    }
  }
}
