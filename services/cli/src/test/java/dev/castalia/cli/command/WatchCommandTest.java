package dev.castalia.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.cli.Execution;
import dev.castalia.cli.RecordingGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchCommandTest {

  private final RecordingGateway gateway = new RecordingGateway();

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static String progress(String state, int done, int failed) {
    return """
    {"sweep": "s1", "state": "%s", "checkpoints": 2, "ofCheckpoints": 2, "planned": 10,
     "done": %d, "failed": %d,
     "models": [{"model": "nano-74k", "planned": 10, "done": %d, "failed": %d}],
     "updatedAt": "2026-01-01T00:00:00Z"}
    """
        .formatted(state, done, failed, done, failed);
  }

  @Test
  void whenEverythingIsScoredItEndsWell() {
    gateway
        .answers("GET /sweeps/s1/progress", progress("running", 4, 0))
        .answers("GET /sweeps/s1/progress", progress("done", 10, 0));

    Execution watch = Execution.against(gateway, "watch", "s1");

    assertThat(watch.status()).isZero();
    assertThat(watch.outLines()).containsExactly("s1: 4/10 units, 40 %", "s1: 10/10 units, 100 %");
  }

  @Test
  void whenUnitsFailedItSaysHowManyAndHowToSeeThem() {
    gateway.answers("GET /sweeps/s1/progress", progress("done", 7, 3));

    Execution watch = Execution.against(gateway, "watch", "s1");

    assertThat(watch.status()).isEqualTo(1);
    assertThat(watch.outLines()).containsExactly("s1: 7/10 units, 100 %, 3 failed");
    assertThat(watch.errLines())
        .containsExactly(
            "castalia: 3 of 10 units of sweep s1 failed: see 'castalia failures --sweep s1'");
  }

  @Test
  void aCancelledSweepIsAFailure() {
    gateway.answers("GET /sweeps/s1/progress", progress("cancelled", 7, 0));

    Execution watch = Execution.against(gateway, "watch", "s1");

    assertThat(watch.status()).isEqualTo(1);
    assertThat(watch.errLines())
        .containsExactly("castalia: sweep s1 was cancelled after 7 of 10 units");
  }

  @Test
  void asJsonEveryChangeIsALine() {
    gateway
        .answers("GET /sweeps/s1/progress", progress("running", 4, 0))
        .answers("GET /sweeps/s1/progress", progress("running", 4, 0))
        .answers("GET /sweeps/s1/progress", progress("done", 10, 0));

    Execution watch = Execution.against(gateway, "watch", "s1", "--json");

    assertThat(watch.outLines())
        .extracting(line -> RecordingGateway.json(line).path("done").asInt())
        .containsExactly(4, 10);
  }

  @Test
  void anUnknownSweepIsAFailure() {
    gateway.refuses("GET /sweeps/s2/progress", 404, "There is no sweep s2. Did you mean s1?");

    Execution watch = Execution.against(gateway, "watch", "s2");

    assertThat(watch.status()).isEqualTo(1);
    assertThat(watch.errLines())
        .containsExactly("castalia: There is no sweep s2. Did you mean s1?");
  }

  @Test
  void withoutASweepItIsWrongUsage() {
    assertThat(Execution.against(gateway, "watch").status()).isEqualTo(2);
  }
}
