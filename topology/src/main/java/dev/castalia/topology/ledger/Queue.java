package dev.castalia.topology.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.castalia.schemas.Keys;
import dev.castalia.topology.ledger.Catalog.ActiveSweep;
import dev.castalia.topology.state.LedgerRow;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.Section.Entries;
import dev.castalia.topology.state.UnitState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows that have units which may be issued, for every pool by the sweep that wants them, and
 * which sweep's turn it is.
 */
final class Queue {

  private final Books books;
  private final Catalog catalog;
  private final Standing standing;
  private final Rests rests;
  private final Backlog backlog;
  private final Pools pools;

  /** By pool. */
  private final Map<String, Turns> turns = new HashMap<>();

  /**
   * By sweep and pool: before which key nothing is queued any more. What was taken from a store
   * leaves marks that every look from the beginning would have to pass.
   */
  private final Map<String, String> taken = new HashMap<>();

  Queue(
      Books books, Catalog catalog, Standing standing, Rests rests, Backlog backlog, Pools pools) {
    this.books = books;
    this.catalog = catalog;
    this.standing = standing;
    this.rests = rests;
    this.backlog = backlog;
    this.pools = pools;
    pools.all().forEach(it -> turns.put(it.name(), new Turns()));
    sortAnew();
  }

  /**
   * Puts what waits where the pool that it is for takes it: the pools may be others than before.
   */
  void sortAnew() {
    taken.clear();
    books.queue.forEach(
        "",
        (text, mark) -> {
          QueueKey key = QueueKey.parse(text);
          String pool = poolOf(Evaluation.parse(key.evaluation())).name();
          if (!key.pool().equals(pool)) {
            books.queue.remove(text);
            books.queue.put(new QueueKey(key.sweep(), pool, key.evaluation()).toString(), mark);
          }
          ActiveSweep sweep = catalog.sweep(key.sweep());
          if (sweep != null) {
            turns.get(pool).add(key.sweep(), sweep.request().getPriority());
          }
        });
    backlog.countAnew();
  }

  private Pool poolOf(Evaluation evaluation) {
    return pools.of(books.checkpoints.get(evaluation.checkpoint()).getParameters());
  }

  /** Queues the row for every sweep that wants it, if it has units that may be issued. */
  void add(Evaluation evaluation, LedgerRow row) {
    if (!rests.anyReady(evaluation, row)) {
      return;
    }
    for (String id : row.getSweeps()) {
      ActiveSweep sweep = catalog.sweep(id);
      if (sweep != null) {
        String pool = poolOf(evaluation).name();
        String key = new QueueKey(id, pool, evaluation.key()).toString();
        books.queue.put(key, new Mark(""));
        taken.computeIfPresent(
            QueueKey.line(id, pool), (line, before) -> isBefore(key, before) ? null : before);
        turns.get(pool).add(id, sweep.request().getPriority());
      }
    }
  }

  /** In the order of the store. */
  private static boolean isBefore(String key, String other) {
    return Arrays.compareUnsigned(key.getBytes(UTF_8), other.getBytes(UTF_8)) < 0;
  }

  /**
   * Queues what waits of the checkpoint. It was taken out of the queue while nothing of it was to
   * be issued, and whoever plans finds the rows known.
   */
  void addAllOf(String checkpoint) {
    books.rows.forEach(checkpoint + Keys.SEPARATOR, (key, row) -> add(Evaluation.parse(key), row));
  }

  /** Whether the unit may be issued now. */
  boolean isReady(Evaluation evaluation, UnitState unit) {
    return rests.isReady(evaluation, unit);
  }

  /** The unit, which waits, is not to be issued for a while. */
  void rest(Evaluation evaluation, UnitState unit) {
    rests.begin(evaluation, unit);
  }

  /** Queues the rows of units whose rest is over. */
  void wake() {
    rests.end().forEach(it -> add(it, books.rows.get(it.key())));
  }

  /** Whose turn it is, who then goes behind its equals; null when nothing waits for the pool. */
  String turn(Pool pool) {
    return turns.get(pool.name()).next();
  }

  /**
   * The rows of one checkpoint that are next, which stay in the queue. When there are none, the
   * sweep has no turn any more.
   *
   * @param most how many rows at most
   */
  List<Evaluation> next(String sweep, Pool pool, int most) {
    List<Evaluation> next = nextOfOneCheckpoint(QueueKey.line(sweep, pool.name()), most);
    while (!next.isEmpty() && standing.isIdle(next.getFirst().checkpoint())) {
      next.forEach(it -> remove(sweep, pool, it));
      next = nextOfOneCheckpoint(QueueKey.line(sweep, pool.name()), most);
    }
    if (next.isEmpty()) {
      turns.get(pool.name()).remove(sweep);
    }
    return next;
  }

  private List<Evaluation> nextOfOneCheckpoint(String line, int most) {
    List<Evaluation> next = new ArrayList<>();
    try (Entries<Mark> queued = queued(line)) {
      while (queued.hasNext() && next.size() < most) {
        String key = queued.next().key;
        if (next.isEmpty()) {
          taken.put(line, key);
        }
        Evaluation evaluation = Evaluation.parse(key.substring(line.length()));
        if (!next.isEmpty() && !next.getFirst().checkpoint().equals(evaluation.checkpoint())) {
          break;
        }
        next.add(evaluation);
      }
    }
    return next;
  }

  private Entries<Mark> queued(String line) {
    // "}" follows "|", with which the line ends.
    String end = line.substring(0, line.length() - 1) + "}";
    return books.queue.between(taken.getOrDefault(line, line), end);
  }

  /** The row had its turn for the sweep: it stays queued if it still has units to be issued. */
  void issued(String sweep, Pool pool, Evaluation evaluation, LedgerRow row) {
    if (!rests.anyReady(evaluation, row)) {
      remove(sweep, pool, evaluation);
    }
  }

  /** The sweep does not want the row any more. */
  void remove(String sweep, Evaluation evaluation) {
    remove(sweep, poolOf(evaluation), evaluation);
  }

  private void remove(String sweep, Pool pool, Evaluation evaluation) {
    books.queue.remove(new QueueKey(sweep, pool.name(), evaluation.key()).toString());
  }

  /** Forgets what waits for that sweep alone. */
  void drop(String sweep) {
    books.queue.forEach(sweep + Keys.SEPARATOR, (key, mark) -> books.queue.remove(key));
    turns.forEach(
        (pool, waiting) -> {
          waiting.remove(sweep);
          taken.remove(QueueKey.line(sweep, pool));
        });
    backlog.countAnew();
  }
}
