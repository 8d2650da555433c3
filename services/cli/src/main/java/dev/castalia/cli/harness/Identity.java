package dev.castalia.cli.harness;

import dev.castalia.cli.gateway.CheckpointEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whose results a file holds. A map counts before the file's configuration, and that before the
 * file's path.
 *
 * @param shots of tasks for which the file gives none
 * @param contradictions between the file's configuration and its path, for people
 */
record Identity(CheckpointEntry checkpoint, int shots, List<String> contradictions) {

  private static final Pattern SHOTS =
      Pattern.compile("(?i)(\\d{1,3})-?shot|(zero|one|two|three|four|five|eight|ten)-shot");
  private static final Map<String, Integer> WORDS =
      Map.of(
          "zero", 0, "one", 1, "two", 2, "three", 3, "four", 4, "five", 5, "eight", 8, "ten", 10);

  /** How many folders above a file may say what it is. */
  private static final int FOLDERS = 4;

  /**
   * @throws UnreadableResultsException if it cannot be told
   */
  static Identity of(Path file, HarnessFile results, NameMap map)
      throws UnreadableResultsException {
    NameMap.Facts told = map.of(file);
    List<String> path = segments(file);
    List<String> contradictions = new ArrayList<>();
    Optional<RunName> inPath = runInPath(path, results.iteration() != null);
    RunName run = run(results, path, inPath, told, contradictions);
    long step = step(results, path, run, told, contradictions);
    return new Identity(
        checkpoint(results, run, step, told),
        shots(results, path, told, contradictions),
        contradictions);
  }

  private static RunName run(
      HarnessFile results,
      List<String> path,
      Optional<RunName> inPath,
      NameMap.Facts told,
      List<String> contradictions)
      throws UnreadableResultsException {
    if (told.model() != null) {
      return RunName.named(told.model());
    }
    Optional<RunName> configured = configured(results, path);
    if (configured.isEmpty() && inPath.isEmpty()) {
      throw new UnreadableResultsException(
          "does not say what model it is of, nor does its path: say so with --map");
    }
    if (configured.isPresent()
        && inPath.isPresent()
        && !configured.get().model().equals(inPath.get().model())) {
      contradictions.add(
          "its configuration is of %s, its path of %s"
              .formatted(configured.get().model(), inPath.get().model()));
    }
    return configured.or(() -> inPath).orElseThrow();
  }

  private static Optional<RunName> configured(HarnessFile results, List<String> path) {
    if (results.pretrained() == null) {
      return results.names().stream()
          .flatMap(name -> RunName.ofPythia(name, String.join("/", path)).stream())
          .findFirst();
    }
    return results.step() == null
        ? RunName.ofPretrained(results.pretrained())
        : Optional.of(RunName.named(results.pretrained()));
  }

  /** The file's name counts before its folder, and that before the one above. */
  private static Optional<RunName> runInPath(List<String> path, boolean neox) {
    String whole = String.join("/", path);
    if (!neox && !whole.toLowerCase(java.util.Locale.ROOT).contains("pythia")) {
      return Optional.empty();
    }
    return path.reversed().stream()
        .flatMap(segment -> RunName.ofPythia(segment, whole).stream())
        .findFirst();
  }

  private static long step(
      HarnessFile results,
      List<String> path,
      RunName run,
      NameMap.Facts told,
      List<String> contradictions)
      throws UnreadableResultsException {
    if (told.step() != null) {
      return told.step();
    }
    OptionalLong inPath = OptionalLong.empty();
    for (String segment : path.reversed()) {
      if (inPath.isEmpty()) {
        inPath = Steps.in(segment);
      }
    }
    OptionalLong configured = OptionalLong.empty();
    if (results.step() != null) {
      configured = OptionalLong.of(results.step());
    } else if (results.iteration() != null) {
      configured = OptionalLong.of(results.iteration());
    } else if (results.revision() != null && Steps.in(results.revision()).isPresent()) {
      configured = Steps.in(results.revision());
    } else if (results.pretrained() != null) {
      configured = Steps.in(results.pretrained());
    }
    if (configured.isPresent() && inPath.isPresent() && !configured.equals(inPath)) {
      contradictions.add(
          "its configuration is of step %d, its path of step %d"
              .formatted(configured.getAsLong(), inPath.getAsLong()));
    }
    if (configured.isPresent()) {
      return configured.getAsLong();
    }
    if (inPath.isPresent()) {
      return inPath.getAsLong();
    }
    if (run.lastStep() == null) {
      throw new UnreadableResultsException(
          "does not say at which training step %s was, nor does its path: say so with --map"
              .formatted(run.model()));
    }
    return run.lastStep();
  }

  private static CheckpointEntry checkpoint(
      HarnessFile results, RunName run, long step, NameMap.Facts told)
      throws UnreadableResultsException {
    Long parameters =
        first(told.parameters(), run.parameters(), results.parameters(), run.parametersInName());
    if (parameters == null) {
      throw new UnreadableResultsException(
          "does not say how many parameters %s has: say so with --map".formatted(run.model()));
    }
    HarnessFile.Training training = results.training();
    String revision = told.revision();
    if (revision == null
        && results.revision() != null
        && (results.step() != null || Steps.in(results.revision()).isPresent())) {
      revision = results.revision();
    }
    return new CheckpointEntry(
        run.model(),
        revision == null ? "step" + step : revision,
        step,
        first(told.tokensSeen(), step * run.tokensPerStep()),
        parameters,
        run.nonEmbeddingParameters(),
        first(told.variant(), training.variant(), run.variant()),
        first(told.seed(), training.seed(), run.seed()),
        first(told.language(), training.language(), "en"),
        first(told.parent(), training.parent()),
        first(told.learningRate(), training.learningRate()),
        first(told.suite(), run.suite()),
        "",
        "");
  }

  private static int shots(
      HarnessFile results, List<String> path, NameMap.Facts told, List<String> contradictions) {
    if (told.shots() != null) {
      return told.shots();
    }
    Integer inPath = null;
    for (String segment : path.reversed()) {
      Matcher found = SHOTS.matcher(segment);
      if (inPath == null && found.find()) {
        inPath =
            found.group(1) == null
                ? WORDS.get(found.group(2).toLowerCase(java.util.Locale.ROOT))
                : Integer.valueOf(found.group(1));
      }
    }
    if (results.shots() != null && inPath != null && !results.shots().equals(inPath)) {
      contradictions.add(
          "its configuration is of %d shots, its path of %d".formatted(results.shots(), inPath));
    }
    return first(results.shots(), inPath, 0);
  }

  /** The file's name without its ending, and of its folders the nearest; the nearest last. */
  private static List<String> segments(Path file) {
    Path whole = file.toAbsolutePath().normalize();
    List<String> segments = new ArrayList<>();
    for (int i = Math.max(0, whole.getNameCount() - 1 - FOLDERS); i < whole.getNameCount(); i++) {
      segments.add(whole.getName(i).toString());
    }
    segments.set(segments.size() - 1, segments.getLast().replaceAll("(?i)\\.json$", ""));
    return segments;
  }

  @SafeVarargs
  private static <T> T first(T... values) {
    for (T value : values) {
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}
