package dev.castalia.cli.chaos;

import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.cluster.TopicRecords;
import dev.castalia.events.Aggregation;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.MetricScore;
import dev.castalia.events.MetricValues;
import dev.castalia.events.ModelProgress;
import dev.castalia.events.Scorecard;
import dev.castalia.events.SliceScored;
import dev.castalia.events.SweepProgress;
import dev.castalia.schemas.Confusion;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Moments;
import dev.castalia.schemas.Topic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What must hold once sweeps are over, whatever died meanwhile; read from the topics themselves, at
 * the time of its making.
 */
final class Invariants {

  private final List<SliceScored> answers = new ArrayList<>();

  /** The last answer of each unit. */
  private final Map<String, SliceScored> scores = new TreeMap<>();

  private final Map<String, SpecificRecord> scorecards;
  private final Map<String, SpecificRecord> progress;
  private final Map<String, SpecificRecord> failures;
  private final List<ConsumerRecord<String, byte[]>> deadLetters;
  private final List<String> violations = new ArrayList<>();

  private Invariants(LocalCluster cluster) {
    for (ConsumerRecord<String, SpecificRecord> record :
        TopicRecords.events(cluster, Topic.SCORES)) {
      answers.add((SliceScored) record.value());
      scores.put(record.key(), (SliceScored) record.value());
    }
    scorecards = TopicRecords.latest(cluster, Topic.SCORECARDS);
    progress = TopicRecords.latest(cluster, Topic.PROGRESS);
    failures = TopicRecords.latest(cluster, Topic.FAILURES);
    deadLetters = TopicRecords.bytes(cluster, Topic.DEAD_LETTERS);
  }

  /**
   * Compares a sweep that was disturbed with one of the same weights that was not.
   *
   * @param sweep a sweep that is over, over everything there is of the models and nothing else
   * @param models what it scored: copies of the undisturbed model under other names
   * @param undisturbed the model that was scored in peace
   * @return what does not hold, in sentences; empty when all of it does
   */
  public static List<String> violations(
      LocalCluster cluster, String sweep, List<String> models, String undisturbed) {
    Invariants all = new Invariants(cluster);
    all.noFailures(models);
    all.progressAddsUp(sweep, models);
    for (String model : models) {
      all.scorecardsAreThoseOf(model, undisturbed);
      all.scorecardsCountEachUnitOnce(model);
    }
    all.sameUnitsHaveSameScores();
    return all.violations;
  }

  private void noFailures(List<String> models) {
    deadLetters.forEach(it -> violations.add("There is a dead letter: " + it.key()));
    failures.forEach(
        (key, failure) -> {
          if (failure instanceof EvaluationFailed failed
              && failed.getUnit() != null
              && models.contains(Keys.model(failed.getUnit().getCheckpoint()))) {
            violations.add("%s is on record as failed: %s".formatted(key, failed.getReason()));
          }
        });
  }

  private void progressAddsUp(String sweep, List<String> models) {
    SweepProgress end = (SweepProgress) progress.get(sweep);
    if (end == null) {
      violations.add("Sweep " + sweep + " has no progress");
      return;
    }
    long scored = scores.values().stream().filter(it -> models.contains(modelOf(it))).count();
    require(!end.getPlanning(), "Sweep " + sweep + " is still being planned");
    requireEqual("planned units of " + sweep, scored, end.getPlanned());
    requireEqual("done units of " + sweep, scored, end.getDone());
    requireEqual("failed units of " + sweep, 0, end.getFailed());
    requireEqual(
        "done units of the models of " + sweep,
        end.getDone(),
        end.getModels().stream().mapToInt(ModelProgress::getDone).sum());
  }

  private void scorecardsAreThoseOf(String model, String undisturbed) {
    Map<String, Scorecard> expected = cards(undisturbed);
    Map<String, Scorecard> found = cards(model);
    requireEqual("scorecards of " + model, expected.keySet(), found.keySet());
    expected.forEach(
        (name, card) -> {
          Scorecard other = found.get(name);
          if (other != null) {
            String what = "%s of %s".formatted(name, model);
            requireEqual("metrics in " + what, card.getMetrics(), other.getMetrics());
            requireEqual("documents in " + what, card.getDocuments(), other.getDocuments());
            requireEqual("documents in " + what, other.getOfDocuments(), other.getDocuments());
          }
        });
  }

  /** The scorecards, computed anew from the last score of each unit. */
  private void scorecardsCountEachUnitOnce(String model) {
    cards(model)
        .forEach(
            (name, card) -> {
              List<SliceScored> units = unitsOf(card);
              requireEqual(
                  "documents in %s of %s".formatted(name, model),
                  units.stream()
                      .mapToInt(it -> it.getUnit().getEnd() - it.getUnit().getStart())
                      .sum(),
                  card.getDocuments());
              for (MetricScore metric : card.getMetrics()) {
                requireEqual(
                    "%s in %s of %s".formatted(metric.getSpec().getMetric(), name, model),
                    value(metric, units),
                    metric.getValue());
              }
            });
  }

  private List<SliceScored> unitsOf(Scorecard card) {
    return scores.values().stream()
        .filter(it -> it.getUnit().getCheckpoint().equals(Keys.of(card.getCheckpoint())))
        .filter(it -> it.getUnit().getTask().equals(card.getTask()))
        .filter(it -> it.getUnit().getVersion().equals(card.getVersion()))
        .filter(it -> it.getUnit().getShots() == card.getShots())
        .filter(it -> it.getUnit().getDtype().equals(card.getDtype()))
        .sorted(Comparator.comparing(it -> it.getUnit().getStart()))
        .toList();
  }

  private static double value(MetricScore metric, List<SliceScored> units) {
    Aggregation aggregation = metric.getSpec().getAggregation();
    Moments moments = Moments.EMPTY;
    Confusion confusion = new Confusion();
    for (SliceScored unit : units) {
      for (MetricValues values : unit.getMetrics()) {
        if (values.getMetric().equals(metric.getSpec().getMetric())) {
          double[] of = doubles(values.getValues());
          double[] weights = doubles(values.getWeights());
          if (Confusion.has(aggregation)) {
            Confusion.of(of, weights).counts().forEach(confusion::add);
          } else {
            moments = moments.plus(Moments.of(of, weights));
          }
        }
      }
    }
    return Confusion.has(aggregation) ? confusion.value(aggregation) : moments.value(aggregation);
  }

  private static double[] doubles(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private void sameUnitsHaveSameScores() {
    for (SliceScored answer : answers) {
      String key = Keys.of(answer.getUnit());
      requireEqual("scores of " + key, scores.get(key).getMetrics(), answer.getMetrics());
    }
  }

  /** The model's scorecards by everything but its name. */
  private Map<String, Scorecard> cards(String model) {
    Map<String, Scorecard> cards = new TreeMap<>();
    scorecards.forEach(
        (key, card) -> {
          if (key.startsWith(model + "@")) {
            cards.put(key.substring(model.length() + 1), (Scorecard) card);
          }
        });
    return cards;
  }

  private static String modelOf(SliceScored score) {
    return Keys.model(score.getUnit().getCheckpoint());
  }

  private void requireEqual(String what, Object expected, Object found) {
    require(
        expected.equals(found)
            || expected instanceof Number a
                && found instanceof Number b
                && a.doubleValue() == b.doubleValue(),
        "The %s should be %s, but are %s".formatted(what, expected, found));
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      violations.add(otherwise);
    }
  }
}
