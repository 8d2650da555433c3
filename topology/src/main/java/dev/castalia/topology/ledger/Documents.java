package dev.castalia.topology.ledger;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.MetricScore;
import dev.castalia.events.Scorecard;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.documents.Counterparts;
import dev.castalia.topology.documents.DocumentValues;
import dev.castalia.topology.state.DocumentMetric;
import dev.castalia.topology.state.DocumentScores;
import dev.castalia.topology.state.LedgerRow;
import dev.castalia.topology.state.PackedMetric;
import dev.castalia.topology.state.SliceDocuments;
import dev.castalia.topology.state.UnitState;
import dev.castalia.topology.state.UnitStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The scores of single documents. They stand beside the rows, which are read and written with every
 * score, and are put one after the other where they are compared.
 */
final class Documents {

  /** A unit with what is kept of it. */
  private record Slice(UnitState unit, SliceDocuments documents) {}

  private final Books books;

  Documents(Books books) {
    this.books = books;
  }

  /** Of a checkpoint that continues another nothing is kept: no run differs in its data alone. */
  void keep(Evaluation evaluation, UnitState unit, SliceDocuments documents) {
    CheckpointPublished checkpoint = books.checkpoints.get(evaluation.checkpoint());
    boolean goesOn = checkpoint != null && checkpoint.getParent() != null;
    if (!documents.getMetrics().isEmpty() && !goesOn) {
      books.documents.put(Units.key(evaluation, unit), documents);
    }
  }

  /** The unit is to be scored anew. */
  void forget(Evaluation evaluation, UnitState unit) {
    books.documents.remove(Units.key(evaluation, unit));
  }

  /** The scores of all documents; empty while some are missing, or where they are not kept. */
  Optional<DocumentScores> of(Evaluation evaluation, Scorecard card, LedgerRow row) {
    List<Slice> slices = new ArrayList<>();
    int next = 0;
    for (UnitState unit : row.getUnits()) {
      if (unit.getStatus() == UnitStatus.SCORED) {
        SliceDocuments documents = books.documents.get(Units.key(evaluation, unit));
        if (unit.getStart() != next || documents == null) {
          return Optional.empty();
        }
        slices.add(new Slice(unit, documents));
        next = unit.getEnd();
      }
    }
    if (next != card.getOfDocuments() || card.getFingerprint() == null) {
      return Optional.empty();
    }
    List<DocumentMetric> metrics =
        card.getMetrics().stream().flatMap(it -> metric(it, slices).stream()).toList();
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

  private static Optional<DocumentMetric> metric(MetricScore score, List<Slice> slices) {
    String name = score.getSpec().getMetric();
    ByteBuffer values = joined(name, slices, PackedMetric::getValues);
    return values.hasRemaining()
        ? Optional.of(
            new DocumentMetric(
                name,
                score.getSpec().getAggregation().name(),
                values,
                joined(name, slices, PackedMetric::getWeights)))
        : Optional.empty();
  }

  /** Nothing where one of the slices has nothing. */
  private static ByteBuffer joined(
      String metric, List<Slice> slices, Function<PackedMetric, ByteBuffer> packed) {
    List<double[]> parts = new ArrayList<>();
    for (Slice slice : slices) {
      slice.documents().getMetrics().stream()
          .filter(it -> it.getMetric().equals(metric))
          .map(packed)
          .filter(ByteBuffer::hasRemaining)
          .findFirst()
          .map(it -> DocumentValues.unpack(it, slice.unit().getEnd() - slice.unit().getStart()))
          .ifPresent(parts::add);
    }
    return parts.size() == slices.size()
        ? DocumentValues.pack(parts.stream().flatMapToDouble(Arrays::stream).toArray())
        : DocumentValues.NONE;
  }
}
