package dev.castalia.scoring.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.model.ModelOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogitsBenchmarkTest {

  @Test
  @Tag("manual")
  @Tag("load")
  void logitsOnlyWhereAskedForAreTwiceAsFastOnPythia70m(@TempDir Path folder) throws IOException {
    RandomCheckpoint.write(folder, RandomCheckpoint.PYTHIA_70M, 1);
    Checkpoint checkpoint = Checkpoint.open(folder);
    assertThat(checkpoint.parameters()).isEqualTo(70_426_624);

    LogitsBenchmark.Report report = LogitsBenchmark.run(checkpoint, ModelOptions.DEFAULT, 64, 3);

    assertThat(report.ratio()).as(report.toString()).isGreaterThanOrEqualTo(2);
  }
}
