package dev.castalia.scoring.model;

import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.checkpoint.NeoxConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The memory there is for a model, in bytes.
 *
 * @param available now, what the kernel could take back from its caches included
 * @param total if nothing else ran
 */
record Memory(long available, long total) {

  private static final int LEAST_TOKENS = 128;

  /** That of this process: the machine's, or its control group's where that has less. */
  static Memory ofThisProcess() {
    return read(Path.of("/"));
  }

  /**
   * @param root where proc and sys lie
   */
  static Memory read(Path root) {
    Path info = root.resolve("proc/meminfo");
    long total =
        kibibytes(info, "MemTotal:")
            .orElseGet(
                () ->
                    ManagementFactory.getPlatformMXBean(
                            com.sun.management.OperatingSystemMXBean.class)
                        .getTotalMemorySize());
    long available = kibibytes(info, "MemAvailable:").orElse(total);
    Path group = root.resolve("sys/fs/cgroup");
    OptionalLong limit = number(group.resolve("memory.max"));
    if (limit.isPresent()) {
      long used = number(group.resolve("memory.current")).orElse(0);
      long cache = field(group.resolve("memory.stat"), "inactive_file ").orElse(0);
      total = Math.min(total, limit.getAsLong());
      available = Math.min(available, Math.max(0, limit.getAsLong() - used + cache));
    }
    return new Memory(available, total);
  }

  /**
   * What a model needs of its own while it runs. The weights as they are computed with, whatever
   * the file has: the runtime packs every matrix anew and lets go of the file's pages. Of the
   * embeddings the rows are read from the file. And the largest intermediate results: logits and
   * their softmax, attention and its softmax, and what a batch has between two layers. Or, in place
   * of the attention where that is less, the keys and values that all layers keep of prompts that
   * are continued, twice: those before a step are there until it is done. A fifth more, since the
   * runtime's arena grows by doubling: measured on Linux, where the longest row that the context
   * allows is read and every token asked for, 14M, 70M and 160M shapes take 0.86 to 0.99 of the sum
   * when they compute in float32, whatever the file has. For float16 and for continued prompts it
   * is reckoned.
   */
  static long needOf(Checkpoint checkpoint, ModelOptions options) {
    NeoxConfig config = checkpoint.config();
    long table = (long) config.vocabulary() * config.hidden();
    long packed = checkpoint.parameters() - (config.tiedEmbeddings() ? 0 : table);
    long logits = 2L * Math.max(options.logitBudget(), config.vocabulary());
    long piece = Math.min(Model.LONGEST_PIECE, config.context());
    long tokens = Math.max(options.tokenBudget(), piece);
    long batch = tokens * (2L * config.intermediate() + 8L * config.hidden());
    long row = Math.min(options.tokenBudget(), config.context());
    long seen = Math.max(options.tokenBudget() * row, piece * config.context());
    long attention = 2L * config.heads() * seen;
    long kept = 4L * config.layers() * config.hidden() * options.tokenBudget();
    long computed = packed + Math.max(attention, kept) + batch;
    return (options.precision().bytes() * computed + Float.BYTES * logits) * 6 / 5;
  }

  /**
   * The options with as many tokens a batch as there is room for, down to {@value #LEAST_TOKENS}.
   *
   * @throws EvaluationException if the model does not fit even so; passing where it would if less
   *     else ran
   */
  ModelOptions fitted(Checkpoint checkpoint, ModelOptions options) {
    ModelOptions fitted = options;
    while (needOf(checkpoint, fitted) > available && fitted.tokenBudget() > LEAST_TOKENS) {
      fitted = fitted.withTokenBudget(Math.max(LEAST_TOKENS, fitted.tokenBudget() / 2));
    }
    long need = needOf(checkpoint, fitted);
    if (need > available) {
      throw EvaluationException.outOfMemory(
          "%s: its %,d parameters need %s of memory, and %s of %s are available; run it where there is more"
              .formatted(
                  checkpoint.folder(),
                  checkpoint.parameters(),
                  mebibytes(need),
                  mebibytes(available),
                  mebibytes(total)),
          need <= total,
          null);
    }
    return fitted;
  }

  private static String mebibytes(long bytes) {
    return "%,d MiB".formatted((bytes + (1 << 20) - 1) >> 20);
  }

  private static OptionalLong kibibytes(Path file, String name) {
    OptionalLong value = field(file, name);
    return value.isPresent() ? OptionalLong.of(value.getAsLong() * 1024) : value;
  }

  /** The number behind a name at the beginning of a line. */
  private static OptionalLong field(Path file, String name) {
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(name)) {
          return parse(line.substring(name.length()).strip().split(" ")[0]);
        }
      }
    } catch (IOException e) {
      // Other systems, and kernels without control groups, have no such file.
    }
    return OptionalLong.empty();
  }

  private static OptionalLong number(Path file) {
    try {
      return parse(Files.readString(file).strip());
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong parse(String text) {
    return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }
}
