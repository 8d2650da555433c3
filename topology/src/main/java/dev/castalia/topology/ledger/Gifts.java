package dev.castalia.topology.ledger;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Scorecard;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.state.Twins;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The scorecards that elders give to the checkpoints they stand for. They come to the latter's
 * partition, where it is known who stands for it and for which weights: elders are in partitions of
 * their own, and when one follows another, either may be the later. What comes too early is kept
 * until it counts.
 */
public final class Gifts {

  private final Books books;
  private final Outbox outbox;

  Gifts(Books books, Outbox outbox) {
    this.books = books;
    this.outbox = outbox;
  }

  /** Lets through what comes from who stands for its checkpoint. Shares the ledger's store. */
  public static ProcessorSupplier<String, Scorecard, String, Scorecard> supplier() {
    return Arrivals::new;
  }

  /** The checkpoint's elder is known now: what it gave already counts. */
  void show(Twins twins) {
    books.given.forEach(
        twins.getCheckpoint() + Keys.SEPARATOR,
        (key, card) -> {
          if (counts(card, twins)) {
            outbox.send(Keys.of(card), new LedgerOutput.Scored(card));
          }
        });
  }

  /** Who stood for the checkpoint does so no more: what was given to it counts no longer. */
  void takeBack(CheckpointPublished checkpoint) {
    Twins twins = books.twins.get(Keys.of(checkpoint));
    if (twins == null || twins.getElder() == null) {
      return;
    }
    books.given.forEach(
        Keys.of(checkpoint) + Keys.SEPARATOR,
        (key, card) -> {
          if (twins.getContentHash().equals(card.getFingerprint())) {
            // An earlier elder's, too: it is shown until the next one gives its own.
            outbox.send(Keys.of(card), new LedgerOutput.Scored(empty(card, checkpoint)));
          }
          if (counts(card, twins)) {
            books.given.remove(key);
          }
        });
  }

  private Scorecard empty(Scorecard card, CheckpointPublished checkpoint) {
    return Scorecard.newBuilder(card)
        .setCheckpoint(checkpoint)
        .setDocuments(0)
        .setMetrics(List.of())
        .setFingerprint(null)
        .setUpdatedAt(Instant.ofEpochMilli(outbox.now()))
        .setScoredAs(null)
        .setReplaced(null)
        .build();
  }

  private static boolean counts(Scorecard card, Twins twins) {
    return card.getScoredAs().equals(twins.getElder())
        && twins.getContentHash().equals(card.getFingerprint());
  }

  private static final class Arrivals implements Processor<String, Scorecard, String, Scorecard> {

    private ProcessorContext<String, Scorecard> context;
    private Books books;

    @Override
    public void init(ProcessorContext<String, Scorecard> context) {
      this.context = context;
      books = new Books(context.getStateStore(Books.STORE));
    }

    @Override
    public void process(Record<String, Scorecard> record) {
      Scorecard card = record.value();
      books.given.put(record.key() + Keys.SEPARATOR + card.getScoredAs(), card);
      Twins twins = books.twins.get(Keys.of(card.getCheckpoint()));
      if (twins != null && counts(card, twins)) {
        context.forward(record);
      }
    }
  }
}
