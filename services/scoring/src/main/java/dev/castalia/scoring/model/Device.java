package dev.castalia.scoring.model;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import dev.castalia.scoring.EvaluationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a model runs: on the CPU, or on one GPU with CUDA.
 *
 * @param gpu the GPU's number, or {@link #NO_GPU}
 */
public record Device(int gpu) {

  private static final int NO_GPU = -1;

  /** What the runtime says before what is the matter. */
  private static final Pattern RUNTIME =
      Pattern.compile("^.*\\[ONNXRuntimeError\\] : \\d+ : \\w+ : ", Pattern.DOTALL);

  private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

  public static final Device CPU = new Device(NO_GPU);

  /**
   * A device that was found, and why it is not the one hoped for; no reason where it is.
   *
   * @param fallback null unless it is the CPU for want of a GPU
   */
  public record Found(Device device, String fallback) {

    /** The device and, for want of a GPU, why not that. */
    @Override
    public String toString() {
      return fallback == null ? device.toString() : device + " (no GPU: " + fallback + ")";
    }
  }

  /**
   * The device that is wanted, once it is known to work.
   *
   * @param wanted {@code cpu}; {@code cuda} or {@code cuda:N}, which nothing stands in for; or
   *     {@code auto}: the first GPU, or the CPU where there is none that can be used
   * @throws EvaluationException if the name means nothing, or it is a GPU that cannot be used
   */
  public static Found find(String wanted) {
    if (wanted.equals("cpu")) {
      return new Found(CPU, null);
    }
    boolean any = wanted.equals("auto");
    Matcher cuda = CUDA.matcher(wanted);
    if (!any && !cuda.matches()) {
      throw new EvaluationException(
          "device '%s' is not known; ask for auto, cpu, cuda or cuda:N".formatted(wanted),
          false,
          null);
    }
    Device gpu = new Device(any || cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
    String trouble = gpu.trouble();
    if (trouble == null) {
      return new Found(gpu, null);
    }
    if (any) {
      return new Found(CPU, trouble);
    }
    throw new EvaluationException(
        "device %s cannot be used: %s; mend that, or ask for auto or cpu"
            .formatted(wanted, trouble),
        false,
        null);
  }

  boolean isGpu() {
    return gpu != NO_GPU;
  }

  /** Why this GPU cannot be used; null if it can. */
  private String trouble() {
    if (!OnnxRuntime.ENVIRONMENT.getAvailableProviders().contains(OrtProvider.CUDA)) {
      return "this build computes on the CPU alone; build with CASTALIA_PROFILE=cuda ./castalia";
    }
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      addTo(options);
      return null;
    } catch (OrtException e) {
      return RUNTIME.matcher(e.getMessage()).replaceFirst("").strip();
    }
  }

  /**
   * Has a session run here. On a GPU, a node that the GPU has no kernel for is an error when the
   * session opens: nothing runs on the CPU unseen.
   */
  void addTo(OrtSession.SessionOptions session) throws OrtException {
    if (!isGpu()) {
      return;
    }
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(gpu)) {
      // By doubling, the arena would take up to twice what the largest batch needs.
      cuda.add("arena_extend_strategy", "kSameAsRequested");
      session.addCUDA(cuda);
    }
    session.addConfigEntry("session.disable_cpu_ep_fallback", "1");
  }

  /** Tokens a batch, if nothing else is asked for: enough to keep every core busy. */
  int tokens() {
    return isGpu() ? 1 << 14 : 1 << 11;
  }

  /** Most logits at once, if nothing else is asked for. */
  int logits() {
    return isGpu() ? 1 << 27 : 1 << 24;
  }

  /** What it does well in batches of at most so many tokens. */
  Limits limits(int tokens) {
    return isGpu() ? new Limits(tokens, 512, 1 << 10) : new Limits(tokens, 256, 64);
  }

  /** As torch names it: {@code cpu}, or {@code cuda:N}. */
  @Override
  public String toString() {
    return isGpu() ? "cuda:" + gpu : "cpu";
  }
}
