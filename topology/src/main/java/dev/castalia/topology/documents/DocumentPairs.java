package dev.castalia.topology.documents;

import dev.castalia.events.Aggregation;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.Bounds;
import dev.castalia.topology.findings.statistics.DocumentDifference;
import dev.castalia.topology.state.DocumentMetric;
import dev.castalia.topology.state.DocumentPair;
import dev.castalia.topology.state.DocumentScores;
import dev.castalia.topology.state.Section;
import dev.castalia.topology.state.Section.Entries;
import dev.castalia.topology.state.StatefulSupplier;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Where the documents of two checkpoints meet that differ in their data alone, for the error of the
 * difference of their scores: for each the first by name, {@link Bounds#COUNTERPARTS} at most.
 */
public final class DocumentPairs
    implements Processor<String, DocumentScores, String, DocumentPair> {

  private static final String STORE = "documents";

  private ProcessorContext<String, DocumentPair> context;

  /** By task|shots|dtype|group|step|variant|checkpoint. */
  private Section<DocumentScores> scores;

  private DocumentPairs() {}

  public static ProcessorSupplier<String, DocumentScores, String, DocumentPair> supplier() {
    return new StatefulSupplier<>(() -> new DocumentPairs(), STORE, DocumentScores.class);
  }

  @Override
  public void init(ProcessorContext<String, DocumentPair> context) {
    this.context = context;
    KeyValueStore<String, SpecificRecord> store = context.getStateStore(STORE);
    scores = new Section<>(store, 's', DocumentScores.class);
  }

  @Override
  public void process(Record<String, DocumentScores> record) {
    DocumentScores score = record.value();
    String comparable =
        String.join(
                Keys.SEPARATOR,
                score.getTask(),
                Integer.toString(score.getShots()),
                score.getDtype(),
                score.getGroup(),
                Long.toString(score.getStep()))
            + Keys.SEPARATOR;
    String key = comparable + score.getVariant() + Keys.SEPARATOR + score.getCheckpoint();
    if (score.equals(scores.get(key))) {
      return;
    }
    scores.put(key, score);
    boolean isStandard = score.getVariant().equals(Counterparts.STANDARD);
    String others = isStandard ? comparable : comparable + Counterparts.STANDARD + Keys.SEPARATOR;
    try (Entries<DocumentScores> found = scores.startingWith(others)) {
      for (int pairs = 0; pairs < Bounds.COUNTERPARTS && found.hasNext(); ) {
        DocumentScores that = found.next().value;
        if (that.getVariant().equals(Counterparts.STANDARD) != isStandard
            && that.getVersion().equals(score.getVersion())
            && that.getDocuments() == score.getDocuments()) {
          DocumentPair pair = isStandard ? pair(score, that) : pair(that, score);
          context.forward(record.withValue(pair));
          pairs++;
        }
      }
    }
  }

  private static DocumentPair pair(DocumentScores standard, DocumentScores other) {
    Map<String, Double> stderrs = new TreeMap<>();
    for (DocumentMetric metric : standard.getMetrics()) {
      other.getMetrics().stream()
          .filter(it -> it.getMetric().equals(metric.getMetric()))
          .mapToDouble(it -> stderr(metric, it, standard.getDocuments()))
          .filter(it -> !Double.isNaN(it))
          .findFirst()
          .ifPresent(it -> stderrs.put(metric.getMetric(), it));
    }
    return new DocumentPair(
        standard.getCheckpoint(),
        standard.getFingerprint(),
        other.getCheckpoint(),
        other.getFingerprint(),
        standard.getTask(),
        standard.getVersion(),
        standard.getShots(),
        standard.getDtype(),
        standard.getDocuments(),
        stderrs);
  }

  /** NaN when unknown. */
  private static double stderr(DocumentMetric standard, DocumentMetric other, int documents) {
    double[] weights = DocumentValues.unpack(standard.getWeights(), documents);
    if (!Arrays.equals(weights, DocumentValues.unpack(other.getWeights(), documents))) {
      return Double.NaN;
    }
    return DocumentDifference.stderr(
        Aggregation.valueOf(standard.getAggregation()),
        DocumentValues.unpack(standard.getValues(), documents),
        DocumentValues.unpack(other.getValues(), documents),
        weights);
  }
}
