package dev.castalia.topology.ledger;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.MetricScore;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.Scorecard;
import dev.castalia.events.TaskRegistered;
import dev.castalia.schemas.Confusion;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Moments;
import dev.castalia.schemas.Traces;
import dev.castalia.topology.documents.Counterparts;
import dev.castalia.topology.state.Changes;
import dev.castalia.topology.state.ConfusionCell;
import dev.castalia.topology.state.LedgerRow;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.MetricMoments;
import dev.castalia.topology.state.UnitState;
import dev.castalia.topology.state.UnitStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns rows into scorecards. Slices merge in document order, so the same scores give the same bits
 * in whatever order they came.
 */
final class Scorecards {

  private final Books books;
  private final Catalog catalog;
  private final Standing standing;
  private final Documents documents;
  private final Outbox outbox;
  private final Changes changes;

  /** The section's groups, in memory: few, and asked for with every scorecard. */
  private final Set<String> compared = new HashSet<>();

  /** By evaluation whose scorecard is to be sent: what is said of the trace of its last score. */
  private final Map<String, String> traces = new HashMap<>();

  Scorecards(Books books, Catalog catalog, Standing standing, Documents documents, Outbox outbox) {
    this.books = books;
    this.catalog = catalog;
    this.standing = standing;
    this.documents = documents;
    this.outbox = outbox;
    this.changes = new Changes(books.changedRows);
    books.compared.forEach("", (group, mark) -> compared.add(group));
  }

  /** The score that comes is a step of that trace, if it is one; its scorecard will be, too. */
  void follow(String evaluation, String trace) {
    if (trace != null) {
      traces.put(evaluation, trace);
    }
  }

  /** The row has another score: its scorecard is sent with the next tick. */
  void changed(Evaluation evaluation) {
    changes.add(evaluation.key());
  }

  void tick() {
    changes.tell(key -> send(Evaluation.parse(key), books.rows.get(key)));
    traces.clear();
  }

  /**
   * Sends the row's scorecard, unless a newer version of the task is scored; while nobody
   * registered the row's version, keeps in mind that it is to be sent.
   */
  void send(Evaluation evaluation, LedgerRow row) {
    TaskRegistered task = catalog.task(evaluation.task(), evaluation.version());
    if (task == null) {
      books.withoutTask.put(withoutTaskKey(evaluation), new Mark(""));
      return;
    }
    if (isSuperseded(evaluation, task)) {
      return;
    }
    CheckpointPublished checkpoint = books.checkpoints.get(evaluation.checkpoint());
    if (checkpoint == null || standing.isStoodFor(evaluation.checkpoint())) {
      return;
    }
    for (CheckpointPublished name : standing.names(checkpoint)) {
      Scorecard scorecard = scorecard(evaluation, row, task, name);
      outbox.send(
          Keys.of(scorecard),
          scorecard.getScoredAs() == null
              ? new LedgerOutput.Scored(scorecard)
              : new LedgerOutput.Given(scorecard),
          Traces.step(
              "change scorecard",
              traces.get(evaluation.key()),
              Map.of("checkpoint", Keys.of(name), "task", task.getTask())));
      if (isCompared(name)) {
        documents
            .of(evaluation, scorecard, row)
            .ifPresent(it -> outbox.send(it.getTask(), new LedgerOutput.Documented(it)));
      }
    }
  }

  /** Whether the checkpoint has scores in a newer version: they are on the same scorecard. */
  private boolean isSuperseded(Evaluation evaluation, TaskRegistered task) {
    return catalog.newerThan(task).stream()
        .map(it -> books.rows.get(evaluation.inVersion(it.getVersion()).key()))
        .anyMatch(row -> row != null && isScored(row));
  }

  private boolean isCompared(CheckpointPublished name) {
    String group = Counterparts.group(name);
    return group != null && compared.contains(group);
  }

  /** From now on the documents of these runs are sent; what is scored already is sent again. */
  void compare(String group) {
    if (!compared.add(group)) {
      return;
    }
    books.compared.put(group, new Mark(""));
    books.checkpoints.forEach(
        "",
        (key, checkpoint) -> {
          if (standing.names(checkpoint).stream()
              .anyMatch(name -> group.equals(Counterparts.group(name)))) {
            sendAll(key);
          }
        });
  }

  /** Sends the scorecards of a checkpoint whose facts are known now, or are others than before. */
  void sendAll(String checkpoint) {
    books.rows.forEach(
        checkpoint + Keys.SEPARATOR,
        (key, row) -> {
          if (isScored(row)) {
            send(Evaluation.parse(key), row);
          }
        });
  }

  /** Sends the scorecards that waited for this version of the task to be registered. */
  void sendWaiting(TaskRegistered task) {
    String prefix = Catalog.versionKey(task.getTask(), task.getVersion()) + Keys.SEPARATOR;
    books.withoutTask.forEach(
        prefix,
        (key, mark) -> {
          books.withoutTask.remove(key);
          String evaluation = key.substring(prefix.length());
          send(Evaluation.parse(evaluation), books.rows.get(evaluation));
        });
  }

  /** Sends the scorecards of a version that is current again, or of which other things are said. */
  void sendAgain(TaskRegistered task) {
    books.forEachRow(
        task,
        (evaluation, row) -> {
          if (isScored(row)) {
            send(evaluation, row);
          }
        });
  }

  private static boolean isScored(LedgerRow row) {
    return row.getUnits().stream().anyMatch(it -> it.getStatus() == UnitStatus.SCORED);
  }

  private static String withoutTaskKey(Evaluation evaluation) {
    return Catalog.versionKey(evaluation.task(), evaluation.version())
        + Keys.SEPARATOR
        + evaluation.key();
  }

  private Scorecard scorecard(
      Evaluation evaluation, LedgerRow row, TaskRegistered task, CheckpointPublished name) {
    List<UnitState> scored =
        row.getUnits().stream().filter(it -> it.getStatus() == UnitStatus.SCORED).toList();
    Mark fingerprint = books.fingerprints.get(evaluation.checkpoint());
    Mark replaced = books.replaced.get(evaluation.checkpoint());
    return new Scorecard(
        name,
        task.getTask(),
        task.getVersion(),
        task.getLanguage(),
        task.getTags(),
        evaluation.shots(),
        evaluation.dtype(),
        scored.stream().mapToInt(it -> it.getEnd() - it.getStart()).sum(),
        task.getDocuments(),
        scored.isEmpty()
            ? List.of()
            : task.getMetrics().stream().map(spec -> score(spec, scored)).toList(),
        scored.isEmpty() || fingerprint == null ? null : fingerprint.getText(),
        task.getRegisteredAt(),
        Instant.ofEpochMilli(
            scored.stream().mapToLong(UnitState::getScoredAt).max().orElse(outbox.now())),
        null,
        Keys.of(name).equals(evaluation.checkpoint()) ? null : evaluation.checkpoint(),
        replaced == null ? null : replaced.getText());
  }

  private static MetricScore score(MetricSpec spec, List<UnitState> scored) {
    List<MetricMoments> slices =
        scored.stream()
            .flatMap(unit -> unit.getMetrics().stream())
            .filter(metric -> metric.getMetric().equals(spec.getMetric()))
            .toList();
    return Confusion.has(spec.getAggregation()) ? ofClasses(spec, slices) : ofMoments(spec, slices);
  }

  private static MetricScore ofClasses(MetricSpec spec, List<MetricMoments> slices) {
    Confusion confusion = new Confusion();
    for (MetricMoments slice : slices) {
      for (ConfusionCell cell : slice.getCells()) {
        confusion.add(new Confusion.Cell(cell.getChosen(), cell.getRight()), cell.getCount());
      }
    }
    double stderr = confusion.standardError(spec.getAggregation());
    return new MetricScore(
        spec, confusion.value(spec.getAggregation()), Double.isNaN(stderr) ? null : stderr);
  }

  private static MetricScore ofMoments(MetricSpec spec, List<MetricMoments> slices) {
    Moments moments = Moments.EMPTY;
    for (MetricMoments slice : slices) {
      moments =
          moments.plus(
              new Moments(
                  slice.getCount(),
                  slice.getMeanX(),
                  slice.getM2X(),
                  slice.getMeanW(),
                  slice.getM2W(),
                  slice.getCXW()));
    }
    double stderr = moments.standardError(spec.getAggregation());
    return new MetricScore(
        spec, moments.value(spec.getAggregation()), Double.isNaN(stderr) ? null : stderr);
  }
}
