package dev.castalia.topology.boards;

import dev.castalia.events.BoardEntry;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Leaderboard;
import dev.castalia.events.MetricScore;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.Scorecard;
import dev.castalia.schemas.Keys;
import dev.castalia.topology.Pace;
import dev.castalia.topology.Ranks;
import dev.castalia.topology.Rhythm;
import dev.castalia.topology.ScoreOrder;
import dev.castalia.topology.state.BoardHead;
import dev.castalia.topology.state.BoardPosition;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.Section;
import dev.castalia.topology.state.Section.Entries;
import dev.castalia.topology.state.StateSerde;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Ranks scorecards. Every checkpoint's entry is kept in the board's order; the top of it is what is
 * published. (To keep only the top would lose what is below for good when a score drops.)
 *
 * <p>Records are keyed by {@link #key}; one task's boards share a key.
 */
public final class Boards implements Processor<String, Scorecard, String, Leaderboard> {

  private static final String STORE = "boards";

  private static final int REST = 30;
  private static final int KEPT = 512;

  private final Duration every;
  private final int top;
  private ProcessorContext<String, Leaderboard> context;
  private final Pace pace;

  /** By board: what it is about. */
  private Section<BoardHead> heads;

  /** By board|checkpoint: where the checkpoint's entry is. */
  private Section<BoardPosition> positions;

  /** By board|version|sortable value|checkpoint. */
  private Section<BoardEntry> order;

  /** By board: its metric. */
  private Section<MetricSpec> metrics;

  /** By board: not published since its last change. */
  private Section<Mark> dirty;

  private Boards(Rhythm rhythm, int top) {
    this.every = rhythm.every();
    this.pace = rhythm.pace(REST);
    this.top = top;
  }

  /**
   * @param rhythm when changed boards are published
   * @param top entries published
   */
  public static ProcessorSupplier<String, Scorecard, String, Leaderboard> supplier(
      Rhythm rhythm, int top) {
    return new ProcessorSupplier<>() {
      @Override
      public Processor<String, Scorecard, String, Leaderboard> get() {
        return new Boards(rhythm, top);
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return Set.of(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(STORE),
                    Serdes.String(),
                    new StateSerde(
                        BoardHead.class,
                        BoardPosition.class,
                        BoardEntry.class,
                        MetricSpec.class,
                        Mark.class))
                .withCachingEnabled());
      }
    };
  }

  /** What scorecards that stand on the same boards have in common. */
  public static String key(Scorecard scorecard) {
    return scorecard.getTask() + Keys.SEPARATOR + measured(scorecard);
  }

  private static String measured(Scorecard scorecard) {
    return Keys.measured(scorecard.getShots(), scorecard.getDtype(), scorecard.getSource());
  }

  @Override
  public void init(ProcessorContext<String, Leaderboard> context) {
    this.context = context;
    KeyValueStore<String, SpecificRecord> store = context.getStateStore(STORE);
    heads = new Section<>(store, 'h', BoardHead.class, KEPT);
    positions = new Section<>(store, 'p', BoardPosition.class);
    order = new Section<>(store, 'o', BoardEntry.class);
    metrics = new Section<>(store, 'm', MetricSpec.class, KEPT);
    dirty = new Section<>(store, 'd', Mark.class);
    context.schedule(every, PunctuationType.WALL_CLOCK_TIME, time -> pace.run(time, this::publish));
  }

  @Override
  public void process(Record<String, Scorecard> record) {
    Scorecard scorecard = record.value();
    if (scorecard.getMetrics().isEmpty()) {
      // Its weights were replaced and nothing of the new ones is scored yet.
      heads.forEach(
          scorecard.getTask() + Keys.SEPARATOR, (board, head) -> remove(board, scorecard));
    }
    for (MetricScore score : scorecard.getMetrics()) {
      put(scorecard, score);
    }
  }

  private void put(Scorecard scorecard, MetricScore score) {
    String board = board(scorecard, score.getSpec().getMetric());
    BoardHead head = heads.get(board);
    if (head == null || isNewer(scorecard, head)) {
      int total =
          head != null && head.getVersion().equals(scorecard.getVersion()) ? head.getTotal() : 0;
      long registeredAt = scorecard.getTaskRegisteredAt().toEpochMilli();
      head = new BoardHead(scorecard.getVersion(), registeredAt, total, 0L);
      metrics.put(board, score.getSpec());
    } else if (!head.getVersion().equals(scorecard.getVersion())) {
      return;
    }
    String checkpoint = Keys.of(scorecard.getCheckpoint());
    boolean added = !takeOut(board, checkpoint, head.getVersion());
    String index =
        String.join(
            Keys.SEPARATOR,
            board,
            head.getVersion(),
            sortableHex(ScoreOrder.of(score.getSpec()).sortable(score.getValue())),
            checkpoint);
    order.put(index, entry(scorecard, score));
    positions.put(board + Keys.SEPARATOR + checkpoint, new BoardPosition(index));
    head.setTotal(head.getTotal() + (added ? 1 : 0));
    head.setUpdatedAt(Math.max(head.getUpdatedAt(), scorecard.getUpdatedAt().toEpochMilli()));
    heads.put(board, head);
    dirty.put(board, new Mark(""));
  }

  /** Sources do not say when a version was registered: theirs are as old as their names. */
  private static boolean isNewer(Scorecard scorecard, BoardHead head) {
    int byTime =
        Long.compare(scorecard.getTaskRegisteredAt().toEpochMilli(), head.getRegisteredAt());
    return byTime > 0 || byTime == 0 && scorecard.getVersion().compareTo(head.getVersion()) > 0;
  }

  private void remove(String board, Scorecard scorecard) {
    BoardHead head = heads.get(board);
    String checkpoint = Keys.of(scorecard.getCheckpoint());
    boolean sameBoards = board.endsWith(Keys.SEPARATOR + measured(scorecard));
    if (sameBoards && takeOut(board, checkpoint, head.getVersion())) {
      positions.remove(board + Keys.SEPARATOR + checkpoint);
      head.setTotal(head.getTotal() - 1);
      heads.put(board, head);
      dirty.put(board, new Mark(""));
    }
  }

  /** Takes the checkpoint's entry out of the order; true when it was one of this version. */
  private boolean takeOut(String board, String checkpoint, String version) {
    BoardPosition position = positions.get(board + Keys.SEPARATOR + checkpoint);
    if (position == null) {
      return false;
    }
    order.remove(position.getIndex());
    return position.getIndex().startsWith(board + Keys.SEPARATOR + version + Keys.SEPARATOR);
  }

  private void publish() {
    dirty.forEach(
        "",
        (board, mark) -> {
          dirty.remove(board);
          Leaderboard leaderboard = leaderboard(board);
          context.forward(
              new Record<>(Keys.of(leaderboard), leaderboard, context.currentSystemTimeMs()));
        });
  }

  private Leaderboard leaderboard(String board) {
    BoardHead head = heads.get(board);
    MetricSpec metric = metrics.get(board);
    String[] parts = board.split("\\|");
    return new Leaderboard(
        parts[0],
        head.getVersion(),
        metric,
        Integer.parseInt(parts[2]),
        parts[3],
        ranked(board, head.getVersion(), ScoreOrder.of(metric)),
        head.getTotal(),
        Instant.ofEpochMilli(head.getUpdatedAt()),
        parts.length > 4 ? parts[4] : null);
  }

  private List<BoardEntry> ranked(String board, String version, ScoreOrder scoreOrder) {
    List<BoardEntry> entries = new ArrayList<>();
    try (Entries<BoardEntry> best =
        order.startingWith(board + Keys.SEPARATOR + version + Keys.SEPARATOR)) {
      while (entries.size() < top && best.hasNext()) {
        entries.add(best.next().value);
      }
    }
    int[] ranks =
        Ranks.of(entries.stream().mapToDouble(it -> scoreOrder.sortable(it.getValue())).toArray());
    for (int i = 0; i < ranks.length; i++) {
      entries.set(
          i,
          BoardEntry.newBuilder(entries.get(i))
              .setRank(ranks[i])
              .setApartFromFirst(i == 0 ? null : apart(scoreOrder, entries, i, 0))
              .setApartFromPrevious(i == 0 ? null : apart(scoreOrder, entries, i, i - 1))
              .build());
    }
    return entries;
  }

  private static Boolean apart(
      ScoreOrder scoreOrder, List<BoardEntry> entries, int one, int other) {
    BoardEntry a = entries.get(one);
    BoardEntry b = entries.get(other);
    return scoreOrder.apart(a.getValue(), a.getStderr(), b.getValue(), b.getStderr());
  }

  private static String board(Scorecard scorecard, String metric) {
    return Keys.leaderboard(
        scorecard.getTask(),
        metric,
        scorecard.getShots(),
        scorecard.getDtype(),
        scorecard.getSource());
  }

  private static BoardEntry entry(Scorecard scorecard, MetricScore score) {
    CheckpointPublished checkpoint = scorecard.getCheckpoint();
    return new BoardEntry(
        0,
        checkpoint.getModel(),
        checkpoint.getRevision(),
        checkpoint.getStep(),
        checkpoint.getParameters(),
        checkpoint.getVariant(),
        checkpoint.getSeed(),
        score.getValue(),
        score.getStderr(),
        scorecard.getDocuments(),
        scorecard.getOfDocuments(),
        null,
        null);
  }

  /** Hexadecimal digits that sort as the numbers do. */
  static String sortableHex(double value) {
    long bits = Double.doubleToLongBits(value);
    long sortable = bits ^ ((bits >> 63) | Long.MIN_VALUE);
    return HexFormat.of().toHexDigits(sortable);
  }
}
