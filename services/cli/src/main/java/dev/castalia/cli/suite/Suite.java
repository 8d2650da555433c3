package dev.castalia.cli.suite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.schemas.Keys;
import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.checkpoint.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A folder with a {@code suite.json}, which lists models and the facts that their files do not
 * hold, the checkpoints under {@code checkpoints/<model>/step<N>}, and tasks under {@code tasks}.
 *
 * @param folder absolute
 * @param tokenizer absolute path of the tokenizer of all models
 */
public record Suite(Path folder, String name, Path tokenizer, List<Model> models) {

  private static final String FILE = "suite.json";
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);

  /** Which of the listed steps are meant. Of either, only what is on disk can be published. */
  public enum Steps {
    /** All that are listed. */
    LISTED,
    /** The few that are enough for a demonstration. */
    DEMO
  }

  /**
   * A training run, as {@code suite.json} has it.
   *
   * @param parameters null to count them in the weights' header
   * @param nonEmbeddingParameters null to count them
   * @param variant null for the usual
   * @param seed null when unknown
   * @param language null for the usual
   * @param tokensPerStep training tokens a step
   * @param parent the checkpoint that training went on from; null for a run from scratch
   * @param learningRate peak; null when unknown
   * @param demoSteps null for none
   */
  public record Model(
      String model,
      Long parameters,
      Long nonEmbeddingParameters,
      String variant,
      Long seed,
      String language,
      Long tokensPerStep,
      List<Long> steps,
      List<Long> demoSteps,
      Parent parent,
      Double learningRate) {

    List<Long> steps(Steps which) {
      return switch (which) {
        case LISTED -> steps;
        case DEMO -> demoSteps == null ? List.of() : demoSteps;
      };
    }
  }

  /** The checkpoint that a run continues. */
  public record Parent(String model, String revision) {}

  /** The file itself. */
  private record Listing(String suite, String tokenizer, List<Model> models) {}

  /** Whether a folder is a suite. */
  static boolean isAt(Path folder) {
    return Files.isRegularFile(folder.resolve(FILE));
  }

  /**
   * @throws CommandException if the listing is missing, or is not one
   */
  public static Suite read(Path folder) {
    Path root = folder.toAbsolutePath().normalize();
    Path file = root.resolve(FILE);
    Listing listing;
    try {
      listing = JSON.readValue(Files.readAllBytes(file), Listing.class);
    } catch (JsonProcessingException e) {
      throw new CommandException(file + ": not a suite's listing: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CommandException(
          file + ": cannot be read (" + e + "); a suite is a folder with suite.json", e);
    }
    require(listing.suite != null, file, "suite is missing: give the suite's name");
    require(
        listing.models != null && !listing.models.isEmpty(), file, "models is missing or empty");
    for (Model model : listing.models) {
      require(model.model != null, file, "a model has no name: give it as model");
      require(model.steps != null, file, model.model + " has no steps: list its checkpoints");
      require(
          model.tokensPerStep != null && model.tokensPerStep > 0,
          file,
          model.model + ": tokensPerStep is " + model.tokensPerStep + ": give a number above 0");
    }
    String tokenizer = listing.tokenizer == null ? "tokenizer.json" : listing.tokenizer;
    return new Suite(
        root, listing.suite, root.resolve(tokenizer).normalize(), List.copyOf(listing.models));
  }

  private static void require(boolean right, Path file, String otherwise) {
    if (!right) {
      throw new CommandException(file + ": " + otherwise);
    }
  }

  /**
   * The suite's tasks, and those of its checkpoints that are on disk, naming those that are not.
   */
  public Announcement announcement(Steps which) {
    List<CheckpointEntry> checkpoints = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (Model model : models) {
      List<Long> missing = new ArrayList<>();
      for (long step : model.steps(which)) {
        Path location = location(model, step);
        if (Files.isRegularFile(location.resolve("config.json"))) {
          checkpoints.add(entry(model, step, location));
        } else {
          missing.add(step);
        }
      }
      if (!missing.isEmpty()) {
        left.add(
            "%s: listed in %s, but not in %s, so left out: %s"
                .formatted(
                    model.model,
                    FILE,
                    location(model, 0).getParent(),
                    missing.stream().map(step -> "step" + step).collect(Collectors.joining(", "))));
      }
    }
    if (checkpoints.isEmpty()) {
      throw new CommandException(
          "%s: none of the suite's checkpoints is on disk: %s"
              .formatted(folder, String.join("; ", left)));
    }
    Announcement announcement = new Announcement(List.of(), checkpoints, left, List.of());
    Path tasks = folder.resolve("tasks");
    return Files.isDirectory(tasks)
        ? TaskSource.read(tasks, tokenizer, new TaskChoice()).plus(announcement)
        : announcement;
  }

  private Path location(Model model, long step) {
    return folder.resolve("checkpoints").resolve(model.model).resolve("step" + step);
  }

  /**
   * A checkpoint of one of the suite's models, listed or not.
   *
   * @throws CommandException if the folder is not that of a model's step
   */
  CheckpointEntry entry(Path location, Checkpoint checkpoint) {
    String name = location.getParent().getFileName().toString();
    long step =
        CheckpointSource.stepOf(location)
            .orElseThrow(() -> new CommandException(location + ": not named after its step"));
    Model model =
        models.stream()
            .filter(it -> it.model.equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new CommandException(
                        "%s: model %s is not in %s: add it there"
                            .formatted(location, name, folder.resolve(FILE))));
    return entry(
        model, step, location, checkpoint.parameters(), checkpoint.nonEmbeddingParameters());
  }

  /** One that cannot be opened is published all the same: who scores it says what is wrong. */
  private CheckpointEntry entry(Model model, long step, Path location) {
    Long parameters = model.parameters;
    Long nonEmbedding = model.nonEmbeddingParameters;
    try {
      Checkpoint checkpoint = Checkpoint.open(location);
      return entry(
              model,
              step,
              location,
              parameters == null ? checkpoint.parameters() : parameters,
              nonEmbedding == null ? checkpoint.nonEmbeddingParameters() : nonEmbedding)
          .withContentHash(Fingerprint.of(checkpoint.weights()));
    } catch (CheckpointException e) {
      if (parameters == null) {
        throw e;
      }
      return entry(model, step, location, parameters, nonEmbedding);
    }
  }

  private CheckpointEntry entry(
      Model model, long step, Path location, Long parameters, Long nonEmbedding) {
    Parent parent = model.parent;
    return new CheckpointEntry(
        model.model,
        "step" + step,
        step,
        step * model.tokensPerStep,
        parameters,
        nonEmbedding,
        model.variant,
        model.seed,
        model.language,
        parent == null ? null : Keys.checkpoint(parent.model, parent.revision),
        model.learningRate,
        name,
        tokenizer.toString(),
        location.toString());
  }
}
