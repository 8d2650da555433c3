package dev.castalia.scoring.model;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.checkpoint.StoredTensor;
import dev.castalia.scoring.graph.Precision;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Opens sessions of ONNX Runtime over a checkpoint's files. */
final class Sessions {

  private static final String EXTERNAL_DATA_FOLDER =
      "session.model_external_initializers_file_folder_path";

  /**
   * What the runtime says once CUDA has failed in a way that every later call of the process fails
   * in, too. Errors 1, 2 and 9 are about the one call: its arguments, its memory, its shape.
   */
  private static final Pattern DEVICE_LOST =
      Pattern.compile("CUDA failure (?!(?:1|2|9):)\\d+:|CUBLAS failure 1[34]:");

  private final Checkpoint checkpoint;
  private final ModelOptions options;
  private final Path root;

  Sessions(Checkpoint checkpoint, ModelOptions options) {
    this.checkpoint = checkpoint;
    this.options = options;
    this.root =
        checkpoint.weights().all().stream()
            .map(StoredTensor::file)
            .map(Path::getParent)
            .reduce(Sessions::common)
            .orElseThrow();
  }

  /** The folder that all of the checkpoint's files lie under. */
  Path root() {
    return root;
  }

  Checkpoint checkpoint() {
    return checkpoint;
  }

  Precision precision() {
    return options.precision();
  }

  boolean onGpu() {
    return options.device().isGpu();
  }

  /** Rows of logits that may be held at once. */
  int rowsAtOnce() {
    return Math.max(1, options.logitBudget() / checkpoint.config().vocabulary());
  }

  /** Opens a second session; if that fails, the body does not stay behind. */
  OrtSession openOrClose(Body body, byte[] graph) {
    try {
      return open(graph);
    } catch (Throwable e) {
      body.close();
      throw e;
    }
  }

  OrtSession open(byte[] graph) {
    try (OrtSession.SessionOptions session = settings(options)) {
      session.addConfigEntry(EXTERNAL_DATA_FOLDER, root.toString());
      if (options.recording()) {
        session.enableProfiling(System.getProperty("java.io.tmpdir") + "/castalia-operators");
      }
      return OnnxRuntime.ENVIRONMENT.createSession(graph, session);
    } catch (OrtException e) {
      throw failure(checkpoint, "loading", e);
    }
  }

  /** What every session is opened with, the caller's to close. */
  static OrtSession.SessionOptions settings(ModelOptions options) throws OrtException {
    OrtSession.SessionOptions session = new OrtSession.SessionOptions();
    session.setIntraOpNumThreads(options.threads());
    session.setInterOpNumThreads(1);
    // A thread that waits by spinning holds a processor: body and head have threads of their own,
    // other scorers share the machine, and a pod pays for it out of its quota.
    session.addConfigEntry("session.intra_op.allow_spinning", "0");
    // Shapes vary from batch to batch: a plan for each would only pile up.
    session.setMemoryPatternOptimization(false);
    options.device().addTo(session);
    return session;
  }

  static void close(OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("closing a session twice is the only way to fail", e);
    }
  }

  /**
   * Only what a GPU's failure is to blame for may pass by itself, on another one; memory may
   * suffice where fewer models are open.
   */
  static EvaluationException failure(Checkpoint checkpoint, String doing, OrtException e) {
    if (TokenBudget.isOutOfMemory(e)) {
      return EvaluationException.outOfMemory(
          "%s: no memory for its %d parameters: %s; run it where there is more"
              .formatted(checkpoint.folder(), checkpoint.parameters(), e.getMessage()),
          false,
          e);
    }
    if (DEVICE_LOST.matcher(e.getMessage()).find()) {
      return EvaluationException.deviceLost(
          "%s: %s failed with the GPU: %s; this process can use it no more: start it again, and look at the GPU if that recurs"
              .formatted(checkpoint.folder(), doing, e.getMessage()),
          e);
    }
    return new EvaluationException(
        "%s: %s failed: %s; the checkpoint passed every check, so please report this"
            .formatted(checkpoint.folder(), doing, e.getMessage()),
        false,
        e);
  }

  private static Path common(Path a, Path b) {
    Path common = a;
    while (!b.startsWith(common)) {
      common = common.getParent();
    }
    return common;
  }
}
