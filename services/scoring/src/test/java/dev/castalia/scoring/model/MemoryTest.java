package dev.castalia.scoring.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.NanoSuite;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.checkpoint.DType;
import dev.castalia.scoring.checkpoint.NeoxConfig;
import dev.castalia.scoring.checkpoint.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryTest {

  private static final Checkpoint NANO = Checkpoint.open(NanoSuite.bundledCheckpoint());
  private static final ModelOptions SMALL =
      ModelOptions.DEFAULT.withTokenBudget(100).withLogitBudget(1000);

  @TempDir private Path root;

  @Test
  void theMachinesMemoryIsRead() throws IOException {
    machine();

    assertThat(Memory.read(root)).isEqualTo(new Memory(1_024_000, 2_048_000));
  }

  @Test
  void aControlGroupsLimitCountsWhereItIsLower() throws IOException {
    machine();
    Path group = Files.createDirectories(root.resolve("sys/fs/cgroup"));
    Files.writeString(group.resolve("memory.max"), "500000\n");
    Files.writeString(group.resolve("memory.current"), "400000\n");
    Files.writeString(group.resolve("memory.stat"), "anon 1\ninactive_file 50000\n");

    assertThat(Memory.read(root)).isEqualTo(new Memory(150_000, 500_000));
  }

  @Test
  void aControlGroupWithoutALimitChangesNothing() throws IOException {
    machine();
    Path group = Files.createDirectories(root.resolve("sys/fs/cgroup"));
    Files.writeString(group.resolve("memory.max"), "max\n");

    assertThat(Memory.read(root)).isEqualTo(new Memory(1_024_000, 2_048_000));
  }

  @Test
  void thisProcessHasMemory() {
    Memory memory = Memory.ofThisProcess();

    assertThat(memory.available()).isPositive().isLessThanOrEqualTo(memory.total());
  }

  @Test
  void whatDoesNotFitIsRefusedWithNeedAndHave() {
    // 74,624 parameters − 768 × 32 embeddings, logits 2 × 1000, a row as long as the context, which
    // is more than a batch of several: attention 2 × 4 × 256², 256 × (2 × 128 + 8 × 32) between two
    // layers; 4 bytes each and a fifth more.
    long need = Memory.needOf(NANO, SMALL);
    assertThat(need).isEqualTo(4L * (74_624 - 24_576 + 2000 + 524_288 + 131_072) * 6 / 5);

    assertThatCode(() -> new Memory(need, need).fitted(NANO, SMALL)).doesNotThrowAnyException();
    assertThatThrownBy(() -> new Memory(need - 1, need).fitted(NANO, SMALL))
        .isInstanceOfSatisfying(EvaluationException.class, e -> assertThat(e.passing()).isTrue())
        .hasMessageContaining("its 74,624 parameters need 4 MiB of memory, and 4 MiB of 4 MiB");
    assertThatThrownBy(() -> new Memory(need - 1, need - 1).fitted(NANO, SMALL))
        .isInstanceOfSatisfying(EvaluationException.class, e -> assertThat(e.passing()).isFalse());
  }

  @Test
  void keysAndValuesOfContinuedPromptsCountWhereTheyAreMoreThanAttention() {
    NeoxConfig config =
        new NeoxConfig(24, 4, 3, 40, 31, 16, 0.5, 10_000, 1e-5f, true, true, false, 0);
    Checkpoint deep = TinyCheckpoint.random(config, DType.F32, 1).write(root);

    // As above; but attention, 2 × 3 × 100 × 16, is less than keys and values twice, of 4 layers,
    // 24 wide, of 100 tokens.
    long packed = deep.parameters() - 31 * 24;
    assertThat(Memory.needOf(deep, SMALL))
        .isEqualTo(4L * (packed + 2000 + 4 * 4 * 24 * 100 + 100 * (2 * 40 + 8 * 24)) * 6 / 5);
  }

  @Test
  void whereMemoryIsShortABatchHasFewerTokens() {
    ModelOptions asked = ModelOptions.DEFAULT.withTokenBudget(2000).withLogitBudget(1000);
    long enough = Memory.needOf(NANO, asked.withTokenBudget(500));

    assertThat(new Memory(enough, enough).fitted(NANO, asked).tokenBudget()).isEqualTo(500);
    assertThat(new Memory(enough - 1, enough).fitted(NANO, asked).tokenBudget()).isEqualTo(250);
  }

  private void machine() throws IOException {
    Files.writeString(
        Files.createDirectories(root.resolve("proc")).resolve("meminfo"),
        "MemTotal:        2000 kB\nMemFree: 1 kB\nMemAvailable:    1000 kB\n");
  }
}
