package dev.castalia.gateway.catalog;

import dev.castalia.gateway.cluster.EventWriter;
import dev.castalia.gateway.cluster.Turn;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.view.View;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;

/**
 * Writes what is new or has changed, and leaves alone what is known. One request at a time, so that
 * two who publish the same at once count right.
 */
@Singleton
public class Publisher {

  private final EventWriter writer;
  private final Turn turn;

  Publisher(EventWriter writer) {
    this.writer = writer;
    this.turn = writer.turn();
  }

  /**
   * Publishes events as of now. Of two of one key the later counts.
   *
   * @param dated gives an item's event, with the time it is published at
   * @param keepingTime of a known event and a new one gives the new one, with the known one's time
   *     where that is to be kept
   * @throws ProblemException if they could not be written in time
   */
  public <I, E extends SpecificRecord> Published publish(
      View<E> view,
      List<I> items,
      Function<I, Function<Instant, E>> dated,
      Function<E, String> key,
      BinaryOperator<E> keepingTime) {
    return turn.take(
        () -> {
          Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
          Map<String, E> wanted = new LinkedHashMap<>();
          for (I item : items) {
            E event = dated.apply(item).apply(now);
            wanted.put(key.apply(event), event);
          }
          return write(view, wanted, keepingTime);
        });
  }

  private <E extends SpecificRecord> Published write(
      View<E> view, Map<String, E> wanted, BinaryOperator<E> keepingTime) {
    List<EventWriter.Entry> entries = new ArrayList<>();
    int created = 0;
    int unchanged = 0;
    for (var item : wanted.entrySet()) {
      E known = view.get(item.getKey()).orElse(null);
      E event = known == null ? item.getValue() : keepingTime.apply(known, item.getValue());
      if (event.equals(known)) {
        unchanged++;
      } else {
        created += known == null ? 1 : 0;
        entries.add(new EventWriter.Entry(event));
      }
    }
    writer.write(view.topic(), entries);
    return new Published(created, entries.size() - created, unchanged);
  }
}
