package dev.castalia.gateway.catalog;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Scorecard;
import dev.castalia.gateway.view.Row;
import dev.castalia.gateway.view.View;
import dev.castalia.gateway.view.Views;
import dev.castalia.schemas.Keys;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * All training runs of which a checkpoint is published or scored, kept up with both: to tell them
 * from hundreds of thousands of scorecards on every request would take seconds. One thread writes,
 * any number read.
 */
@Startup
@Singleton
public class Runs {

  private final Map<String, Checkpoints> byModel = new ConcurrentHashMap<>();

  Runs(Views views) {
    views
        .checkpoints()
        .listen(
            new View.Listener<>() {
              @Override
              public void changed(Row<CheckpointPublished> before, Row<CheckpointPublished> after) {
                if (!after.isDeletion()) {
                  update(after.value(), known -> known.published(after.value()));
                } else if (before != null) {
                  update(before.value(), Known::unpublished);
                }
              }

              @Override
              public void cleared() {
                byModel.clear();
              }
            });
    views
        .scorecards()
        .listen(
            new View.Listener<>() {
              @Override
              public void changed(Row<Scorecard> before, Row<Scorecard> after) {
                // The new one first: a run with one scorecard is not gone while that changes.
                if (!after.isDeletion()) {
                  CheckpointPublished scored = after.value().getCheckpoint();
                  update(scored, known -> known.scored(scored));
                }
                if (before != null) {
                  update(before.value().getCheckpoint(), Known::unscored);
                }
              }

              @Override
              public void cleared() {
                byModel.clear();
              }
            });
  }

  /** All runs, by size and name. */
  List<Run> list() {
    return byModel.values().stream()
        .flatMap(checkpoints -> checkpoints.run().stream())
        .sorted(Comparator.comparingLong(Run::parameters).thenComparing(Run::model))
        .toList();
  }

  private void update(CheckpointPublished checkpoint, UnaryOperator<Known> change) {
    Checkpoints ofRun = byModel.computeIfAbsent(checkpoint.getModel(), model -> new Checkpoints());
    ofRun.update(Keys.of(checkpoint), change);
    if (ofRun.isEmpty()) {
      byModel.remove(checkpoint.getModel());
    }
  }

  /**
   * What is known of a checkpoint.
   *
   * @param published as it was published; null where it was not
   * @param scored as its latest scorecard describes it; null without any
   * @param scorecards how many there are
   */
  private record Known(CheckpointPublished published, CheckpointPublished scored, int scorecards) {

    private static final Known NOTHING = new Known(null, null, 0);

    Known published(CheckpointPublished now) {
      return new Known(now, scored, scorecards);
    }

    Known unpublished() {
      return new Known(null, scored, scorecards);
    }

    Known scored(CheckpointPublished now) {
      return new Known(published, now, scorecards + 1);
    }

    Known unscored() {
      return new Known(published, scorecards == 1 ? null : scored, scorecards - 1);
    }

    boolean isNothing() {
      return published == null && scorecards == 0;
    }

    CheckpointPublished description() {
      return published != null ? published : scored;
    }
  }

  /** The checkpoints of one run, and the run they make; that is kept until one changes. */
  private static final class Checkpoints {

    private final Map<String, Known> byKey = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();
    private volatile Summed summed = new Summed(-1, Optional.empty());

    private record Summed(long changes, Optional<Run> run) {}

    void update(String key, UnaryOperator<Known> change) {
      Known before = byKey.getOrDefault(key, Known.NOTHING);
      Known after = change.apply(before);
      if (after.isNothing()) {
        byKey.remove(key);
      } else {
        byKey.put(key, after);
      }
      if (after.description() != before.description()) {
        changes.incrementAndGet();
      }
    }

    boolean isEmpty() {
      return byKey.isEmpty();
    }

    /** Empty while the last of its checkpoints goes. */
    Optional<Run> run() {
      long now = changes.get();
      Summed known = summed;
      if (known.changes != now) {
        List<CheckpointPublished> all = byKey.values().stream().map(Known::description).toList();
        known = new Summed(now, all.isEmpty() ? Optional.empty() : Optional.of(Run.of(all)));
        summed = known;
      }
      return known.run;
    }
  }
}
