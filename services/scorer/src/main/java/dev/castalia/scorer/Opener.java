package dev.castalia.scorer;

import dev.castalia.events.EvaluationRequested;
import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.ScoringException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.checkpoint.Fingerprint;
import dev.castalia.scoring.graph.Precision;
import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.tokens.Tokenizer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Opens checkpoints on a device: the next beside the one that is scored, if the memory suffices for
 * both, and else once that one is done. Safe for use by several threads.
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

  /**
   * Opens what a request is about.
   *
   * @throws ScoringException if it cannot be opened, even alone
   * @throws RefusedException if its weights are not those that were published
   */
  Opened open(EvaluationRequested request) throws InterruptedException {
    ModelOptions precise = options.withPrecision(Precision.of(request.getDtype()));
    Tokenizer tokenizer = shelf.tokenizer(request.getCheckpoint().getTokenizer());
    Checkpoint checkpoint =
        Checkpoint.open(shelf.checkpoint(request.getCheckpoint().getLocation()));
    // While the model is opened, so that the file's pages are brought into memory once.
    CompletableFuture<String> fingerprint =
        CompletableFuture.supplyAsync(() -> Fingerprint.of(checkpoint.weights()));
    Residents.Stay stay = residents.enter(bytes(checkpoint, precise));
    try {
      return open(request, checkpoint, precise, tokenizer, fingerprint, stay);
    } catch (EvaluationException e) {
      if (!e.isOutOfMemory() || stay.isAlone()) {
        throw e;
      }
    }
    residents.crowded(bytes(checkpoint, precise));
    return open(request, checkpoint, precise, tokenizer, fingerprint, residents.enterAlone());
  }

  /** Memory did not suffice to score it: the next as large is opened alone. */
  void crowded(Opened opened) {
    residents.crowded(opened.bytes());
  }

  private static long bytes(Checkpoint checkpoint, ModelOptions options) {
    return checkpoint.parameters() * options.precision().bytes();
  }

  private Opened open(
      EvaluationRequested request,
      Checkpoint checkpoint,
      ModelOptions options,
      Tokenizer tokenizer,
      CompletableFuture<String> fingerprint,
      Residents.Stay stay) {
    Instant start = Instant.now();
    Model model = null;
    try {
      model = opening.open(checkpoint, options);
      requirePublished(request, checkpoint, of(fingerprint));
      metrics.loaded(Duration.between(start, Instant.now()));
      return new Opened(model, bytes(checkpoint, options), tokenizer, of(fingerprint), stay);
    } catch (Throwable e) {
      if (model != null) {
        model.close();
      }
      stay.close();
      throw e;
    }
  }

  private static String of(CompletableFuture<String> fingerprint) {
    try {
      return fingerprint.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
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
