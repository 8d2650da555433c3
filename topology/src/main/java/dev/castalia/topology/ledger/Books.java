package dev.castalia.topology.ledger;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Scorecard;
import dev.castalia.events.SweepCancelled;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.TaskRegistered;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.state.Bundle;
import dev.castalia.topology.state.LedgerRow;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.Section;
import dev.castalia.topology.state.SliceDocuments;
import dev.castalia.topology.state.SweepCounts;
import dev.castalia.topology.state.Twins;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.state.KeyValueStore;

/** The sections of the ledger's store. */
final class Books {

  static final String STORE = "ledger";

  /** All that the store holds. */
  static final List<Class<? extends SpecificRecord>> TYPES =
      List.of(
          SweepRequested.class,
          SweepCancelled.class,
          TaskRegistered.class,
          CheckpointPublished.class,
          LedgerRow.class,
          Bundle.class,
          SweepCounts.class,
          Mark.class,
          Twins.class,
          SliceDocuments.class,
          Scorecard.class);

  /** Scores come by the bundle: each of a bundle's changes one of a few rows and counts. */
  private static final int KEPT = 256;

  /** Under the empty key: since when there is this store, in ms since the epoch. */
  private final Section<Mark> begun;

  /** By sweep: SweepRequested, or SweepCancelled in its place. */
  final Section<SpecificRecord> sweeps;

  /** By sweep that is traced: what is said of its trace. */
  final Section<Mark> traces;

  /** By sweep: the last checkpoint planned, while there are more to plan. */
  final Section<Mark> planning;

  /** By task|version. */
  final Section<TaskRegistered> tasks;

  /** By checkpoint. */
  final Section<CheckpointPublished> checkpoints;

  /** By checkpoint: the fingerprint of the weights that its scores come from. */
  final Section<Mark> fingerprints;

  /**
   * By checkpoint: the fingerprint of the weights that it was scored with before those, since it
   * was last published with other files.
   */
  final Section<Mark> replaced;

  /** By checkpoint with a content hash: what was last told of its twins. */
  final Section<Twins> twins;

  /** By scorecard|elder: what elders gave to the checkpoints of this partition. */
  final Section<Scorecard> given;

  /** By group: runs whose documents are compared. */
  final Section<Mark> compared;

  /** By evaluation. */
  final Section<LedgerRow> rows;

  /** By evaluation|start: what is kept of each document of a scored unit. */
  final Section<SliceDocuments> documents;

  /** By sweep|pool|evaluation: rows of a sweep that may have units waiting. */
  final Section<Mark> queue;

  /** By time, in ms since the epoch and padded, |evaluation: rows to be queued then. */
  final Section<Mark> resting;

  /** By evaluation|start of a unit that rests: until when, in ms since the epoch. */
  final Section<Mark> rests;

  /** By evaluation|start of a unit that was only refused of late: since when. */
  final Section<Mark> refused;

  /** By request. */
  final Section<Bundle> bundles;

  /** By sweep|checkpoint. */
  final Section<SweepCounts> counts;

  /** By task|version|evaluation: rows with scores whose task version nobody registered. */
  final Section<Mark> withoutTask;

  /** By evaluation: rows whose scorecard is to be sent with the next tick. */
  final Section<Mark> changedRows;

  /** By sweep|checkpoint: counts that are to be sent with the next tick. */
  final Section<Mark> changedCounts;

  /** By sweep|task: when to say that nobody registered the task, in ms since the epoch. */
  final Section<Mark> missing;

  Books(KeyValueStore<String, SpecificRecord> store) {
    begun = new Section<>(store, 'a', Mark.class);
    sweeps = new Section<>(store, 's', SpecificRecord.class);
    traces = new Section<>(store, 'h', Mark.class, KEPT);
    planning = new Section<>(store, 'p', Mark.class);
    tasks = new Section<>(store, 't', TaskRegistered.class);
    checkpoints = new Section<>(store, 'c', CheckpointPublished.class, KEPT);
    fingerprints = new Section<>(store, 'f', Mark.class, KEPT);
    replaced = new Section<>(store, 'x', Mark.class, KEPT);
    twins = new Section<>(store, 'w', Twins.class);
    given = new Section<>(store, 'g', Scorecard.class);
    compared = new Section<>(store, 'v', Mark.class);
    rows = new Section<>(store, 'r', LedgerRow.class, KEPT);
    documents = new Section<>(store, 'e', SliceDocuments.class);
    queue = new Section<>(store, 'q', Mark.class);
    resting = new Section<>(store, 'l', Mark.class);
    rests = new Section<>(store, 'y', Mark.class);
    refused = new Section<>(store, 'z', Mark.class);
    bundles = new Section<>(store, 'b', Bundle.class);
    counts = new Section<>(store, 'n', SweepCounts.class, KEPT);
    withoutTask = new Section<>(store, 'o', Mark.class);
    changedRows = new Section<>(store, 'd', Mark.class);
    changedCounts = new Section<>(store, 'u', Mark.class);
    missing = new Section<>(store, 'm', Mark.class);
  }

  /** Since when there is this store, in ms since the epoch: what is of before was read again. */
  long begun(long now) {
    Mark known = begun.get("");
    if (known != null) {
      return Long.parseLong(known.getText());
    }
    begun.put("", new Mark(Long.toString(now)));
    return now;
  }

  /** Calls with every row of that version of the task whose checkpoint is known. */
  void forEachRow(TaskRegistered task, BiConsumer<Evaluation, LedgerRow> action) {
    String version = Catalog.versionKey(task.getTask(), task.getVersion());
    checkpoints.forEach(
        "",
        (checkpoint, published) ->
            rows.forEach(
                String.join(Keys.SEPARATOR, checkpoint, version, ""),
                (key, row) -> action.accept(Evaluation.parse(key), row)));
  }
}
