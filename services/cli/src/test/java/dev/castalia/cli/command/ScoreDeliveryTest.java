package dev.castalia.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.RecordingGateway;
import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.GatewayException;
import dev.castalia.cli.gateway.MetricEntry;
import dev.castalia.cli.gateway.Published;
import dev.castalia.cli.gateway.ReportEntry;
import dev.castalia.cli.gateway.ReportEntry.MetricReport;
import dev.castalia.cli.gateway.ReportEntry.TaskReport;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScoreDeliveryTest {

  private static final String COMPARED = "POST /reported-scores";

  private final RecordingGateway gateway = new RecordingGateway();
  private final GatewayClient client = new GatewayClient(URI.create(gateway.url()));
  private final SteppedClock clock = new SteppedClock();
  private final ScoreDelivery delivery = new ScoreDelivery(client, clock);

  /** A minute passes whenever the time is asked for. */
  private static final class SteppedClock implements ScoreDelivery.Clock {

    private final List<Duration> slept = new ArrayList<>();
    private Duration now = Duration.ZERO;

    @Override
    public Duration now() {
      now = now.plusMinutes(1);
      return now;
    }

    @Override
    public void sleep(Duration time) {
      slept.add(time);
    }
  }

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
  }

  @Test
  void scorecardsMayTakeAnyTimeAsLongAsTheyCome() throws InterruptedException {
    List<List<ReportEntry>> sent = List.of(report(1), report(2), report(3), report(4));
    for (int i = 0; i < sent.size(); i++) {
      gateway.answers(COMPARED, published(0, 0)).answers(COMPARED, published(0, 1));
    }

    delivery.settle(sent);

    assertThat(clock.now).isGreaterThan(Duration.ofMinutes(4));
    assertThat(gateway.asked()).hasSize(8);
  }

  @Test
  void scorecardsThatDoNotComeAreGivenUp() {
    gateway.answers(COMPARED, published(0, 0));

    assertThatThrownBy(() -> delivery.settle(List.of(report(1))))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("does the aggregator run?");
  }

  @Test
  void whatIsTooMuchForNowIsSentWhenTheGatewaySays() throws InterruptedException {
    gateway
        .refuses("POST /reported-scores", 429, "too many requests")
        .answers("POST /reported-scores", published(1, 0));

    assertThat(delivery.send(report(1))).isEqualTo(new Published(1, 0, 0));
    assertThat(clock.slept).containsExactly(Duration.ofSeconds(60));
  }

  @Test
  void whatIsRefusedIsNotSentAgain() {
    gateway.refuses("POST /reported-scores", 503, "not ready");

    assertThatThrownBy(() -> delivery.send(report(1)))
        .isInstanceOf(GatewayException.class)
        .hasMessage("not ready");
  }

  private static List<ReportEntry> report(long step) {
    CheckpointEntry checkpoint =
        new CheckpointEntry(
            "m", "step" + step, step, 0, 9, null, "standard", null, "en", null, null, null, "", "");
    MetricEntry metric = new MetricEntry("acc", "MEAN", "HIGHER", null, null);
    return List.of(
        new ReportEntry(
            "s",
            checkpoint,
            List.of(
                new TaskReport(
                    "piqa",
                    "0",
                    "en",
                    List.of(),
                    0,
                    10,
                    null,
                    List.of(MetricReport.of(metric, 0.5, null))))));
  }

  private static String published(int created, int unchanged) {
    return "{\"created\": %d, \"updated\": 0, \"unchanged\": %d}".formatted(created, unchanged);
  }
}
