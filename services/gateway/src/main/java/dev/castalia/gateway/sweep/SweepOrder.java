package dev.castalia.gateway.sweep;

import dev.castalia.gateway.api.Dtypes;
import dev.castalia.gateway.api.Fields;
import dev.castalia.gateway.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A sweep, as a client asks for it. */
@Schema(name = "SweepOrder", description = "Evaluate these checkpoints on these tasks.")
public record SweepOrder(
    @Schema(
            description =
                "Id: letters, digits, dot, hyphen and underscore, at most 100. The same request"
                    + " under the same id is one sweep, however often it is sent. Left out, the"
                    + " gateway makes one.",
            examples = "nano-nightly")
        String sweep,
    @Schema(
            description = "Who asks; only operators may name another than the caller.",
            examples = "ada",
            defaultValue = "the caller")
        String requestedBy,
    @Schema(
            description =
                "Patterns, with * and ?, over model names or, where a pattern holds an @, over"
                    + " model@revision; at most 1000.",
            examples = "[\"nano-74k*\"]")
        List<String> models,
    @Schema(
            description =
                "Which steps: comma-separated all, log (0, 2^k and 1000·2^k), every:N, A..B or a"
                    + " number.",
            examples = "log",
            defaultValue = "all")
        String steps,
    @Schema(
            description =
                "Names of tasks, tags, or patterns with * and ?; with :N behind, at N shots. At"
                    + " most 1000.",
            examples = "[\"nano_agreement\", \"nano_bias:0\"]")
        List<String> tasks,
    @Schema(
            description = "Few-shot examples where a task does not say; null for the task's own.",
            nullable = true)
        Integer shots,
    @Schema(
            description = "Precision to compute in.",
            enumeration = {Dtypes.USUAL, "float16"},
            defaultValue = Dtypes.USUAL)
        String dtype,
    @Schema(
            description = "Also evaluate what matches and is published later.",
            defaultValue = "false")
        Boolean standing,
    @Schema(
            description =
                "Higher is issued first; producers give at most what the gateway is set to.",
            defaultValue = "0")
        Integer priority) {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
  private static final int MOST_TASKS = 1000;
  private static final List<String> DTYPES = List.of(Dtypes.USUAL, "float16");

  /**
   * The same with every default in its place.
   *
   * @throws ProblemException naming the field that is wrong
   */
  SweepOrder checked() {
    Fields fields = new Fields("the sweep");
    if (sweep != null && !ID.matcher(sweep).matches()) {
      throw fields.invalid(
          "sweep",
          "is \"%s\": use letters, digits, dots (not first), hyphens and underscores, at most 100"
              .formatted(sweep));
    }
    return new SweepOrder(
        sweep,
        requestedBy == null ? "anonymous" : fields.text("requestedBy", requestedBy),
        List.copyOf(fields.notEmpty("models", models)),
        steps == null ? "all" : fields.text("steps", steps),
        List.copyOf(fields.notEmpty("tasks", tasks, MOST_TASKS)),
        shots == null ? null : (int) fields.atLeast("shots", shots, 0),
        dtype == null ? Dtypes.USUAL : fields.oneOf("dtype", dtype, DTYPES),
        standing != null && standing,
        priority == null ? 0 : priority);
  }

  /** The same, asked for by somebody. */
  SweepOrder by(String who) {
    return new SweepOrder(sweep, who, models, steps, tasks, shots, dtype, standing, priority);
  }

  /** Equal for equal orders, the id apart. */
  String digest() {
    SweepOrder anonymous =
        new SweepOrder(null, requestedBy, models, steps, tasks, shots, dtype, standing, priority);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(anonymous.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
