package dev.castalia.topology.ledger;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.topology.state.Bundle;
import dev.castalia.topology.state.UnitState;
import dev.castalia.topology.state.UnitStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The bundles that are handed out and not answered in full, and how much more there may be. */
final class Outstanding {

  /**
   * Answers a second that may be expected before the first one; each answer allows one more. A
   * process that has just started takes in answers many times slower than later on, and those of a
   * full window, if they came at once, would hold up every sweep for seconds.
   */
  private static final int FIRST_ANSWERS = 128;

  /**
   * For how long nothing is handed out after a score of before this state was read: all of them are
   * being read again, and what waits may be scored already.
   */
  private static final Duration READING_AGAIN = Duration.ofSeconds(2);

  /** How many times the estimate of all that is outstanding a request may go unanswered. */
  private static final int DEADLINE_SLACK = 10;

  private final Books books;
  private final LedgerSettings settings;

  /** By request. The section in memory: the windows keep it small. */
  private final Map<String, HandedOut> bundles = new TreeMap<>();

  /** By pool. */
  private final Map<String, Window> windows = new LinkedHashMap<>();

  /** In ms since the epoch. */
  private long readingAgainUntil;

  /**
   * @param heard as the window had it when the bundle was handed out, or this ledger began
   */
  private record HandedOut(Bundle bundle, Window window, long heard) {}

  /**
   * What of one pool is handed out. Every pool has its own: one whose scorers are slow, or not
   * there yet, holds up no other.
   */
  private static final class Window {

    int bundles;
    long answered;

    /** Scores and failures that its scorers have sent, for whatever request. */
    long heard;

    /** Answers a second that are to be expected, if all that is handed out is worked on at once. */
    double pace;
  }

  /**
   * A bundle whose deadline is over.
   *
   * @param heard whether scorers of its pool sent something since it was handed out
   */
  record Late(String request, Bundle bundle, boolean heard) {}

  Outstanding(Books books, LedgerSettings settings) {
    this.books = books;
    this.settings = settings;
    settings.pools().all().forEach(it -> windows.put(it.name(), new Window()));
    books.bundles.forEach("", this::remember);
  }

  private void remember(String request, Bundle bundle) {
    bundle.setUnanswered(unanswered(request, bundle));
    Evaluation first = Evaluation.parse(bundle.getEvaluations().getFirst());
    add(request, bundle, windowOf(books.checkpoints.get(first.checkpoint())));
  }

  /** Units of the bundle that are outstanding: the rows say so, whatever was stored with it. */
  private int unanswered(String request, Bundle bundle) {
    long count =
        bundle.getEvaluations().stream()
            .map(books.rows::get)
            .flatMap(row -> row.getUnits().stream())
            .filter(unit -> unit.getStatus() == UnitStatus.OUTSTANDING)
            .filter(unit -> request.equals(unit.getRequest()))
            .count();
    return Math.toIntExact(count);
  }

  private Window windowOf(CheckpointPublished checkpoint) {
    return windows.get(settings.pools().of(checkpoint.getParameters()).name());
  }

  /** Requests of the pool that are not answered in full. */
  int bundles(String pool) {
    return windows.get(pool).bundles;
  }

  /**
   * A score was read that was made before there was this state.
   *
   * @param now in ms since the epoch
   */
  void readAgain(long now) {
    readingAgainUntil = now + READING_AGAIN.toMillis();
  }

  /**
   * Whether the pool may be handed another bundle.
   *
   * @param now in ms since the epoch
   */
  boolean hasRoom(Pool pool, long now) {
    Window window = windows.get(pool.name());
    return now >= readingAgainUntil
        && window.bundles < settings.window()
        && window.pace < FIRST_ANSWERS + window.answered;
  }

  /**
   * Hands the draft out.
   *
   * @param now in ms since the epoch
   */
  Bundle handOut(Draft draft, long now) {
    Window window = windows.get(draft.pool().name());
    Bundle bundle = draft.bundle(deadline(draft, window, now));
    add(draft.request(), bundle, window);
    books.bundles.put(draft.request(), bundle);
    return bundle;
  }

  private long deadline(Draft draft, Window window, long now) {
    double queued =
        bundles.values().stream()
            .filter(it -> it.window() == window)
            .mapToDouble(it -> it.bundle().getEstimatedSeconds())
            .sum();
    // Scorers pass over what is due: where they are slower than thought, the next try has more
    // time.
    double patience =
        Math.max(
                settings.minDeadline().toMillis(),
                1000 * DEADLINE_SLACK * (queued + draft.seconds()))
            * (1L << Math.min(draft.attempt() - 1, 10));
    // What is thought to take longer than there are milliseconds is due at the end of time.
    return now + Math.min((long) patience, Long.MAX_VALUE - now);
  }

  private void add(String request, Bundle bundle, Window window) {
    window.bundles++;
    window.pace += pace(bundle, bundle.getUnanswered());
    bundles.put(request, new HandedOut(bundle, window, window.heard));
  }

  private static double pace(Bundle bundle, int units) {
    return units / Math.max(1, bundle.getEstimatedSeconds());
  }

  /** A scorer has sent something about the checkpoint. */
  void heardOf(String checkpoint) {
    CheckpointPublished published = books.checkpoints.get(checkpoint);
    if (published != null) {
      windowOf(published).heard++;
    }
  }

  /** The unit, if it is outstanding, will not be so any more. */
  void settle(UnitState unit) {
    HandedOut found =
        unit.getStatus() == UnitStatus.OUTSTANDING ? bundles.get(unit.getRequest()) : null;
    if (found == null) {
      return;
    }
    Bundle bundle = found.bundle();
    bundle.setUnanswered(bundle.getUnanswered() - 1);
    found.window().pace -= pace(bundle, 1);
    found.window().answered++;
    if (bundle.getUnanswered() == 0) {
      remove(unit.getRequest());
    }
  }

  /**
   * What is not answered by its deadline.
   *
   * @param now in ms since the epoch
   */
  List<Late> late(long now) {
    return bundles.entrySet().stream()
        .filter(entry -> entry.getValue().bundle().getDeadline() <= now)
        .map(entry -> late(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static Late late(String request, HandedOut found) {
    return new Late(request, found.bundle(), found.window().heard > found.heard());
  }

  /** The request is not waited for any more. */
  void remove(String request) {
    HandedOut gone = bundles.remove(request);
    gone.window().bundles--;
    gone.window().pace -= pace(gone.bundle(), gone.bundle().getUnanswered());
    books.bundles.remove(request);
  }
}
