package dev.castalia.scorer;

import dev.castalia.events.EvaluationRequested;
import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.ScoringException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.checkpoint.Fingerprint;
import dev.castalia.scoring.graph.Precision;
import dev.castalia.scoring.model.Device;
import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.source.HeldFolder;
import dev.castalia.scoring.tokens.Tokenizer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Opens checkpoints on a device: the next beside those that are scored, if the memory suffices for
 * all, and else once enough of them are done. Safe for use by several threads.
 */
final class Opener {

  private final ModelOptions options;
  private final Shelf shelf;
  private final ScorerMetrics metrics;
  private final Opening opening;
  private final Residents residents = new Residents();

  /** Loads a checkpoint's weights. */
  @FunctionalInterface
  interface Opening {
    Model open(Checkpoint checkpoint, ModelOptions options);
  }

  /**
   * @param options with the device
   */
  Opener(ModelOptions options, Shelf shelf, ScorerMetrics metrics) {
    this(options, shelf, metrics, Model::open);
  }

  Opener(ModelOptions options, Shelf shelf, ScorerMetrics metrics, Opening opening) {
    this.options = options;
    this.shelf = shelf;
    this.metrics = metrics;
    this.opening = opening;
  }

  Device device() {
    return options.device();
  }

  /**
   * Opens what a request is about.
   *
   * @return empty where the evaluation was over before there was room
   * @throws ScoringException if it cannot be opened, even alone, or was not fetched when the
   *     evaluation was over
   * @throws RefusedException if its weights are not those that were published
   */
  Optional<Opened> open(EvaluationRequested request, Evaluation evaluation)
      throws InterruptedException {
    HeldFolder folder =
        evaluation.fetch(() -> shelf.checkpoint(request.getCheckpoint().getLocation()));
    Optional<Opened> opened = Optional.empty();
    try {
      opened = open(request, evaluation, folder);
      return opened;
    } finally {
      if (opened.isEmpty()) {
        folder.close();
      }
    }
  }

  private Optional<Opened> open(
      EvaluationRequested request, Evaluation evaluation, HeldFolder folder)
      throws InterruptedException {
    ModelOptions precise = options.withPrecision(Precision.of(request.getDtype()));
    Tokenizer tokenizer =
        evaluation.fetch(() -> shelf.tokenizer(request.getCheckpoint().getTokenizer()));
    Checkpoint checkpoint = Checkpoint.open(folder.path());
    // While the model is opened, so that the file's pages are brought into memory once.
    CompletableFuture<String> fingerprint =
        CompletableFuture.supplyAsync(() -> Fingerprint.of(checkpoint.weights()));
    while (true) {
      Residents.Stay stay = residents.enter(checkpoint.parameters() * precise.precision().bytes());
      if (evaluation.isOver()) {
        stay.close();
        return Optional.empty();
      }
      try {
        Model model = open(request, checkpoint, precise, fingerprint);
        return Optional.of(new Opened(model, tokenizer, Futures.join(fingerprint), stay, folder));
      } catch (Throwable e) {
        boolean fewerMayDo =
            e instanceof EvaluationException failure
                && failure.isOutOfMemory()
                && stay.ranOutOfMemory();
        stay.close();
        if (!fewerMayDo) {
          throw e;
        }
      }
    }
  }

  private Model open(
      EvaluationRequested request,
      Checkpoint checkpoint,
      ModelOptions options,
      CompletableFuture<String> fingerprint) {
    Instant start = Instant.now();
    Model model = opening.open(checkpoint, options);
    try {
      requirePublished(request, checkpoint, Futures.join(fingerprint));
      metrics.loaded(Duration.between(start, Instant.now()));
      return model;
    } catch (Throwable e) {
      model.close();
      throw e;
    }
  }

  private static void requirePublished(
      EvaluationRequested request, Checkpoint checkpoint, String fingerprint) {
    String expected = request.getCheckpoint().getContentHash();
    if (expected != null && !expected.equals(fingerprint)) {
      throw new RefusedException(
          "%s has weights of fingerprint %s, but %s was published; give this scorer the weights that were published, or publish the checkpoint again"
              .formatted(checkpoint.folder(), fingerprint, expected));
    }
  }
}
