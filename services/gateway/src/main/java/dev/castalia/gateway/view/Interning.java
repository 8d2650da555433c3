package dev.castalia.gateway.view;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Finding;
import dev.castalia.events.MetricScore;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.Scorecard;
import dev.castalia.schemas.Keys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets scorecards share what is equal in them: a checkpoint has one for every task, and a task's
 * metrics, tags and names are the same in all of its. Hundreds of thousands then fit in memory.
 *
 * <p>Bounded by what it is asked to share: one checkpoint a key, and few distinct names. For one
 * thread.
 */
final class Interning {

  private static final int MAX_NAMES = 100_000;

  private final Map<String, CheckpointPublished> checkpoints = new HashMap<>();
  private final Map<Object, Object> names = new HashMap<>();

  Scorecard share(Scorecard card) {
    return new Scorecard(
        checkpoint(card.getCheckpoint()),
        same(card.getTask()),
        same(card.getVersion()),
        same(card.getLanguage()),
        same(card.getTags()),
        card.getShots(),
        same(card.getDtype()),
        card.getDocuments(),
        card.getOfDocuments(),
        card.getMetrics().stream().map(this::metric).toList(),
        card.getFingerprint() == null ? null : same(card.getFingerprint()),
        same(card.getTaskRegisteredAt()),
        card.getUpdatedAt(),
        card.getSource() == null ? null : same(card.getSource()),
        card.getScoredAs() == null ? null : same(card.getScoredAs()),
        card.getReplaced());
  }

  /** The names of a finding's evidence are those of many others. */
  Finding share(Finding finding) {
    return Finding.newBuilder(finding)
        .setModels(finding.getModels().stream().map(this::same).toList())
        .setEvidence(finding.getEvidence().stream().map(this::same).toList())
        .build();
  }

  private CheckpointPublished checkpoint(CheckpointPublished checkpoint) {
    String key = Keys.of(checkpoint);
    CheckpointPublished known = checkpoints.get(key);
    if (checkpoint.equals(known)) {
      return known;
    }
    CheckpointPublished shared =
        CheckpointPublished.newBuilder(checkpoint)
            .setModel(same(checkpoint.getModel()))
            .setVariant(same(checkpoint.getVariant()))
            .build();
    checkpoints.put(key, shared);
    return shared;
  }

  private MetricScore metric(MetricScore metric) {
    MetricSpec spec = same(metric.getSpec());
    return new MetricScore(spec, metric.getValue(), metric.getStderr());
  }

  @SuppressWarnings("unchecked")
  private <T> T same(T thing) {
    if (names.size() > MAX_NAMES) {
      names.clear();
    }
    Object key = thing instanceof List<?> list ? List.copyOf(list) : thing;
    return (T) names.computeIfAbsent(key, k -> k);
  }

  void clear() {
    checkpoints.clear();
    names.clear();
  }
}
