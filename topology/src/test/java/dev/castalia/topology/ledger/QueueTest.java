package dev.castalia.topology.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.topology.Mesh;
import dev.castalia.topology.state.LedgerRow;
import dev.castalia.topology.state.Twins;
import dev.castalia.topology.state.UnitState;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In which order rows are taken from the queue, and which are not. */
class QueueTest {

  private static final String SWEEP = "s";
  private static final Evaluation FIRST = evaluation("m@step1", "recall");
  private static final Evaluation SECOND = evaluation("m@step1", "sum");
  private static final Evaluation OTHER = evaluation("m@step2", "recall");

  private final LedgerSettings settings = LoneLedger.SETTINGS;
  private final Pool pool = settings.pools().all().getFirst();
  private Standing standing;
  private Queue queue;

  @BeforeEach
  void askFor() {
    MockProcessorContext<String, LedgerOutput> context = new MockProcessorContext<>();
    context.setCurrentSystemTimeMs(0);
    KeyValueStore<String, SpecificRecord> store = LoneLedger.store();
    store.init(context.getStateStoreContext(), store);
    Books books = new Books(store);
    books.checkpoints.put("m@step1", Mesh.checkpoint("m", 1));
    books.checkpoints.put("m@step2", Mesh.checkpoint("m", 2));
    Catalog catalog = new Catalog(books);
    catalog.put(sweep());
    standing = new Standing(books);
    queue =
        new Queue(
            books,
            catalog,
            standing,
            new Rests(books, new Outbox(context), settings),
            new Backlog(books, catalog, standing, settings.pools()),
            settings.pools());
  }

  @Test
  void theRowsOfOneCheckpointAreNextTogether() {
    add(OTHER);
    add(SECOND);
    add(FIRST);

    assertThat(next()).containsExactly(FIRST, SECOND);
  }

  @Test
  void whatIsQueuedBeforeWhatWasTakenIsNext() {
    add(OTHER);
    next();
    queue.remove(SWEEP, OTHER);
    add(FIRST);

    assertThat(next()).containsExactly(FIRST);
  }

  @Test
  void aRowIsNextUntilAllItsUnitsAreIssued() {
    add(FIRST);
    queue.issued(SWEEP, pool, FIRST, row(Units.waiting(0, 10)));

    assertThat(next()).containsExactly(FIRST);

    queue.issued(SWEEP, pool, FIRST, row());

    assertThat(next()).isEmpty();
  }

  @Test
  void aCheckpointThatAnotherStandsForIsPassedOver() {
    add(FIRST);
    add(SECOND);
    add(OTHER);
    standing.put(new Twins("m@step1", "weights", "elder", List.of()));

    assertThat(next()).containsExactly(OTHER);
  }

  @Test
  void aRowOfUnitsThatRestIsNotQueued() {
    UnitState unit = Units.waiting(0, 10);
    unit.setAttempts(1);
    queue.rest(FIRST, unit);
    queue.add(FIRST, row(unit));

    assertThat(queue.turn(pool)).isNull();
    assertThat(next()).isEmpty();
  }

  @Test
  void aSweepOfWhichNothingWaitsHasNoTurnUntilSomethingDoes() {
    add(FIRST);
    queue.remove(SWEEP, FIRST);
    assertThat(queue.turn(pool)).isEqualTo(SWEEP);

    next();
    assertThat(queue.turn(pool)).isNull();

    add(OTHER);
    assertThat(queue.turn(pool)).isEqualTo(SWEEP);
  }

  private void add(Evaluation evaluation) {
    queue.add(evaluation, row(Units.waiting(0, 10)));
  }

  private List<Evaluation> next() {
    return queue.next(SWEEP, pool, settings.maxBundleUnits());
  }

  private static LedgerRow row(UnitState... units) {
    return new LedgerRow(List.of(SWEEP), List.of(units));
  }

  private static Evaluation evaluation(String checkpoint, String task) {
    return new Evaluation(checkpoint, task, "v1", 0, "float32");
  }

  private static SweepRequested sweep() {
    return SweepRequested.newBuilder()
        .setSweep(SWEEP)
        .setRequestedBy("test")
        .setRequestedAt(LoneLedger.NOW)
        .setModels(List.of("m"))
        .setTasks(List.of(new SweepTask("sum", "v1", null)))
        .build();
  }
}
