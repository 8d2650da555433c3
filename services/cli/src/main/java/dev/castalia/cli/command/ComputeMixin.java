package dev.castalia.cli.command;

import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.graph.Precision;
import dev.castalia.scoring.model.Device;
import dev.castalia.scoring.model.ModelOptions;
import picocli.CommandLine.Option;

/** What a model is computed in, and on what, for commands that run one in their own process. */
final class ComputeMixin {

  @Option(
      names = "--dtype",
      paramLabel = "D",
      defaultValue = "float32",
      description = "What it is computed in: float32 or float16; ${DEFAULT-VALUE} unless given.")
  private String dtype;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description =
          "cpu, cuda, cuda:N, or auto: a GPU where one can be used; ${DEFAULT-VALUE} unless given.")
  private String device;

  /**
   * @throws EvaluationException if that device cannot be used
   */
  Device.Found found() {
    return Device.find(device);
  }

  /**
   * @param threads of the runtime; one a processor for null
   * @throws EvaluationException if nothing computes in that
   */
  ModelOptions options(Device.Found found, Integer threads) {
    return ModelOptions.DEFAULT
        .withThreads(threads == null ? Runtime.getRuntime().availableProcessors() : threads)
        .withPrecision(Precision.of(dtype))
        .withDevice(found.device());
  }
}
