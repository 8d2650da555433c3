package dev.castalia.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.cli.RecordingGateway;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.GatewayException;
import dev.castalia.cli.gateway.SweepProgress;
import dev.castalia.cli.text.Screen;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SweepWatchTest {

  private static final String PATH = "GET /sweeps/s1/progress";

  private final RecordingGateway gateway = new RecordingGateway();
  private final GatewayClient client = new GatewayClient(URI.create(gateway.url()));
  private final StringWriter printed = new StringWriter();
  private long nanos;

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
  }

  private SweepWatch watch(Duration patience) {
    return watch(false, patience);
  }

  private SweepWatch watch(boolean created, Duration patience) {
    return new SweepWatch(client, "s1", created, Duration.ofMillis(1), patience);
  }

  /** Every update is half a minute after the one before, so that none is left out. */
  private ProgressDisplay display() {
    return new ProgressDisplay(
        new PrintWriter(printed),
        Screen.NONE,
        SweepWatch.UNIT,
        () -> nanos += Duration.ofSeconds(30).toNanos());
  }

  private static String progress(String state, int checkpoints, int done) {
    return """
    {"sweep": "s1", "state": "%s", "checkpoints": %d, "ofCheckpoints": 4, "planned": %d,
     "done": %d, "failed": 0, "models": []}
    """
        .formatted(state, checkpoints, 10 * checkpoints, done);
  }

  @Test
  void planningIsShownUntilEverythingIsPlanned() throws InterruptedException {
    gateway
        .answers(PATH, progress("planning", 2, 0))
        .answers(PATH, progress("running", 4, 0))
        .answers(PATH, progress("done", 4, 40));

    SweepProgress end = watch(Duration.ZERO).show(display());

    assertThat(end.state()).isEqualTo("done");
    assertThat(printed.toString().lines())
        .containsExactly(
            "s1: 0/20 units, 0 %; planning: 2 of 4 checkpoints",
            "s1: 0/40 units, 0 %", "s1: 40/40 units, 100 %");
  }

  @Test
  void aGatewayThatIsAwayForAMomentIsWaitedFor() throws InterruptedException {
    gateway
        .answers(PATH, progress("running", 4, 0))
        .refuses(PATH, 503, "The gateway is still reading the topics.")
        .answers(PATH, progress("done", 4, 40));

    SweepProgress end = watch(Duration.ofMinutes(1)).show(display());

    assertThat(end.done()).isEqualTo(40);
    assertThat(printed.toString())
        .contains("waiting for the gateway: The gateway is still reading the topics.");
  }

  @Test
  void aProxyWhoseGatewayIsAwayForAMomentIsWaitedFor() throws InterruptedException {
    gateway
        .answers(PATH, 502, "text/html", "<html>Bad Gateway</html>")
        .answers(PATH, progress("done", 4, 40));

    SweepProgress end = watch(Duration.ofMinutes(1)).show(display());

    assertThat(end.done()).isEqualTo(40);
    assertThat(printed.toString()).contains("no gateway answers behind", "status is 502");
  }

  @Test
  void aGatewayThatStaysAwayIsAFailure() {
    gateway.refuses(PATH, 503, "The gateway is still reading the topics.");

    assertThatThrownBy(() -> watch(Duration.ofMillis(20)).show(display()))
        .isInstanceOf(GatewayException.class)
        .hasMessage("The gateway is still reading the topics.");
  }

  @Test
  void anotherGatewayThatHasNotReadOfACreatedSweepYetIsWaitedFor() throws InterruptedException {
    gateway
        .refuses(PATH, 404, "There is no sweep s1.")
        .answers(PATH, progress("running", 4, 0))
        .answers(PATH, progress("done", 4, 40));

    SweepProgress end = watch(true, Duration.ofMinutes(1)).show(display());

    assertThat(end.done()).isEqualTo(40);
  }

  @Test
  void anotherGatewayIsWaitedForOnceOneKnewTheSweep() throws InterruptedException {
    gateway
        .answers(PATH, progress("running", 4, 0))
        .refuses(PATH, 404, "There is no sweep s1.")
        .answers(PATH, progress("done", 4, 40));

    SweepProgress end = watch(Duration.ofMinutes(1)).show(display());

    assertThat(end.done()).isEqualTo(40);
  }

  @Test
  void aSweepThatNobodyKnowsIsAFailureAtOnce() {
    gateway.refuses(PATH, 404, "There is no sweep s1.").answers(PATH, progress("done", 4, 40));

    assertThatThrownBy(() -> watch(Duration.ofMinutes(1)).show(display()))
        .isInstanceOf(GatewayException.class)
        .hasMessage("There is no sweep s1.");
  }

  @Test
  void aSweepThatIsNotOverInTimeIsToldAsItIs() throws InterruptedException {
    gateway.answers(PATH, progress("running", 4, 1));

    SweepProgress end = watch(Duration.ZERO).each(change -> {}, Duration.ofMillis(5));

    assertThat(end.over()).isFalse();
    assertThat(end.done()).isEqualTo(1);
  }

  @Test
  void everyChangeIsToldOnce() throws InterruptedException {
    gateway
        .answers(PATH, progress("running", 4, 1))
        .answers(PATH, progress("running", 4, 1))
        .answers(PATH, progress("running", 4, 2))
        .answers(PATH, progress("cancelled", 4, 2));
    List<String> told = new ArrayList<>();

    watch(Duration.ZERO).each(change -> told.add(change.state() + " " + change.done()));

    assertThat(told).containsExactly("running 1", "running 2", "cancelled 2");
  }
}
