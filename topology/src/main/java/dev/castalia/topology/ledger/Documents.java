package dev.castalia.topology.ledger;

import dev.castalia.events.MetricScore;
import dev.castalia.events.Scorecard;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.documents.Counterparts;
import dev.castalia.topology.documents.DocumentValues;
import dev.castalia.topology.state.DocumentMetric;
import dev.castalia.topology.state.DocumentScores;
import dev.castalia.topology.state.LedgerRow;
import dev.castalia.topology.state.MetricMoments;
import dev.castalia.topology.state.UnitState;
import dev.castalia.topology.state.UnitStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Puts the documents of a row's slices one after the other. */
final class Documents {

  private Documents() {}

  /** The scores of all documents; empty while some are missing, or where they are not kept. */
  static Optional<DocumentScores> of(Scorecard card, LedgerRow row) {
    List<UnitState> scored = new ArrayList<>();
    int next = 0;
    for (UnitState unit : row.getUnits()) {
      if (unit.getStatus() == UnitStatus.SCORED) {
        if (unit.getStart() != next) {
          return Optional.empty();
        }
        scored.add(unit);
        next = unit.getEnd();
      }
    }
    if (next != card.getOfDocuments() || card.getFingerprint() == null) {
      return Optional.empty();
    }
    List<DocumentMetric> metrics =
        card.getMetrics().stream().flatMap(it -> metric(it, scored).stream()).toList();
    if (metrics.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new DocumentScores(
            Keys.of(card.getCheckpoint()),
            Counterparts.group(card.getCheckpoint()),
            card.getCheckpoint().getVariant(),
            card.getCheckpoint().getStep(),
            card.getFingerprint(),
            card.getTask(),
            card.getVersion(),
            card.getShots(),
            card.getDtype(),
            card.getOfDocuments(),
            metrics));
  }

  private static Optional<DocumentMetric> metric(MetricScore score, List<UnitState> units) {
    String name = score.getSpec().getMetric();
    ByteBuffer values = joined(name, units, MetricMoments::getValues);
    return values.hasRemaining()
        ? Optional.of(
            new DocumentMetric(
                name,
                score.getSpec().getAggregation().name(),
                values,
                joined(name, units, MetricMoments::getWeights)))
        : Optional.empty();
  }

  /** Nothing where one of the slices has nothing. */
  private static ByteBuffer joined(
      String metric, List<UnitState> units, Function<MetricMoments, ByteBuffer> packed) {
    List<double[]> parts = new ArrayList<>();
    for (UnitState unit : units) {
      unit.getMetrics().stream()
          .filter(it -> it.getMetric().equals(metric))
          .map(packed)
          .filter(ByteBuffer::hasRemaining)
          .findFirst()
          .map(it -> DocumentValues.unpack(it, unit.getEnd() - unit.getStart()))
          .ifPresent(parts::add);
    }
    return parts.size() == units.size()
        ? DocumentValues.pack(parts.stream().flatMapToDouble(Arrays::stream).toArray())
        : DocumentValues.NONE;
  }
}
