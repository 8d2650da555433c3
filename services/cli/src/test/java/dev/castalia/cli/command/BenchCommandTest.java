package dev.castalia.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.cli.Execution;
import dev.castalia.cli.RecordingGateway;
import dev.castalia.cli.Suites;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class BenchCommandTest {

  private static final String MODEL =
      Suites.bundled().resolve("checkpoints/nano-74k/step512").toString();

  @Test
  void everyShapeOfTaskIsMeasured() {
    Execution bench =
        Execution.of(
            "bench", "speed", "--device=cpu", "--tokens=100", "--rounds=1", "--model", MODEL);

    assertThat(bench.status()).as(bench.err()).isZero();
    assertThat(bench.outLines())
        .anyMatch(line -> line.matches("float32 on cpu, \\d+ threads?: .*FLOP/s in products.*"))
        .anyMatch(line -> line.startsWith(MODEL + ": opened in "))
        .anyMatch(line -> line.matches("continuation +\\d+ +.* % +.* %"));
  }

  @Test
  void asJsonItSaysWhereTheTimeGoes() {
    Execution bench =
        Execution.of(
            "bench",
            "speed",
            "--device=cpu",
            "--tokens=100",
            "--rounds=1",
            "--operators",
            "--json",
            "--model",
            MODEL);

    assertThat(bench.status()).as(bench.err()).isZero();
    JsonNode model = RecordingGateway.json(bench.out()).path("models").path(0);
    assertThat(model.path("report").path("rows")).hasSize(4);
    // The last document goes over what was asked for, by less than its at most 121 tokens.
    assertThat(model.path("report").path("rows"))
        .filteredOn(row -> row.path("shape").asText().equals("CONTINUATION"))
        .singleElement()
        .satisfies(row -> assertThat(row.path("tokens").asInt()).isBetween(100, 220));
    assertThat(model.path("operatorSeconds").path("CHOICES").path("Gemm").isMissingNode())
        .isFalse();
  }
}
