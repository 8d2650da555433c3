package dev.castalia.scoring.score;

import dev.castalia.scoring.metric.Outcome;
import java.util.List;

/**
 * What the model did with one document.
 *
 * @param document its index in the task's data
 * @param responses to each of its requests: log-likelihood and whether greedy decoding agrees
 */
public record Observation(int document, Outcome outcome, List<Response> responses) {

  public record Response(double logLikelihood, boolean greedy) {}
}
