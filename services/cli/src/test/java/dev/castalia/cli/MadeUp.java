package dev.castalia.cli;

import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.MetricEntry;
import dev.castalia.cli.gateway.TaskEntry;
import java.util.List;

/** Checkpoints and tasks that are announced and have no files. */
public final class MadeUp {

  /** The one metric of a task. */
  public static final MetricEntry ACC = new MetricEntry("acc", "MEAN", "HIGHER", null, 0.5);

  private MadeUp() {}

  /**
   * @param tokens of a document
   */
  public static TaskEntry task(String name, int slices, int sliceDocuments, int tokens) {
    return new TaskEntry(
        name,
        "v1",
        "en",
        slices * sliceDocuments,
        sliceDocuments,
        tokens,
        "multiple_choice",
        0,
        List.of(ACC),
        List.of(),
        "/nowhere/" + name + ".yaml");
  }

  public static CheckpointEntry checkpoint(String model, int step, long parameters) {
    return new CheckpointEntry(
        model,
        "step" + step,
        step,
        step,
        parameters,
        null,
        "standard",
        null,
        "en",
        null,
        null,
        null,
        "/nowhere/tokenizer.json",
        "/nowhere/" + model);
  }
}
