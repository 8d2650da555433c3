package dev.castalia.topology.boards;

import dev.castalia.events.BoardEntry;
import dev.castalia.events.Leaderboard;
import dev.castalia.events.MetricSpec;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Traces;
import dev.castalia.topology.Pace;
import dev.castalia.topology.Ranks;
import dev.castalia.topology.Rhythm;
import dev.castalia.topology.Room;
import dev.castalia.topology.ScoreOrder;
import dev.castalia.topology.TaskScores;
import dev.castalia.topology.TopologyMonitor;
import dev.castalia.topology.Traffic;
import dev.castalia.topology.state.BoardHead;
import dev.castalia.topology.state.BoardPosition;
import dev.castalia.topology.state.Changes;
import dev.castalia.topology.state.Mark;
import dev.castalia.topology.state.ScoredMetric;
import dev.castalia.topology.state.Section;
import dev.castalia.topology.state.Section.Entries;
import dev.castalia.topology.state.StatefulSupplier;
import dev.castalia.topology.state.TaskScore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Ranks scores. Every checkpoint's entry is kept in the board's order; the top of it is what is
 * published. (To keep only the top would lose what is below for good when a score drops.)
 *
 * <p>Records are keyed by task.
 */
public final class Boards implements Processor<String, TaskScore, String, Leaderboard> {

  private static final String STORE = "boards";

  /** Of an entry, but for its names. */
  private static final int ENTRY_BYTES = 100;

  private static final int KEPT = 512;
  private static final int HEX_DIGITS = 16;

  /** Boards whose top is kept as objects. */
  private static final int TOPS = 128;

  private final Duration every;
  private final Pace pace;
  private final Traffic traffic;
  private final int top;
  private final TopologyMonitor monitor;
  private ProcessorContext<String, Leaderboard> context;

  /** By board: what it is about. */
  private Section<BoardHead> heads;

  /** By board|checkpoint: where the checkpoint's entry is. */
  private Section<BoardPosition> positions;

  /** By board|version|sortable value|checkpoint. */
  private Section<BoardEntry> order;

  /** By board: the first of its order, for those published last. */
  private final Map<String, Top> tops =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Top> eldest) {
          return size() > TOPS;
        }
      };

  /** By board: its metric. */
  private Section<MetricSpec> metrics;

  /** Boards that were not published since their last change. */
  private Changes changes;

  /** By board that is not published: what is said of the trace of the first score new to it. */
  private final Map<String, String> traces = new HashMap<>();

  /** By board that is not published: when the first score was made that is new to it, in ms. */
  private final Map<String, Long> firstNew = new HashMap<>();

  private Boards(Rhythm rhythm, Traffic traffic, int top, TopologyMonitor monitor) {
    this.every = rhythm.every();
    this.pace = rhythm.pace();
    this.traffic = traffic;
    this.top = top;
    this.monitor = monitor;
  }

  /**
   * @param rhythm when changed boards are published
   * @param traffic told of every score
   * @param top entries published
   */
  public static ProcessorSupplier<String, TaskScore, String, Leaderboard> supplier(
      Rhythm rhythm, Traffic traffic, int top, TopologyMonitor monitor) {
    return new StatefulSupplier<>(
        () -> new Boards(rhythm, traffic, top, monitor),
        STORE,
        BoardHead.class,
        BoardPosition.class,
        BoardEntry.class,
        MetricSpec.class,
        Mark.class);
  }

  @Override
  public void init(ProcessorContext<String, Leaderboard> context) {
    this.context = context;
    KeyValueStore<String, SpecificRecord> store = context.getStateStore(STORE);
    heads = new Section<>(store, 'h', BoardHead.class, KEPT);
    positions = new Section<>(store, 'p', BoardPosition.class);
    order = new Section<>(store, 'o', BoardEntry.class);
    metrics = new Section<>(store, 'm', MetricSpec.class, KEPT);
    changes = new Changes(new Section<>(store, 'd', Mark.class));
    tops.clear();
    context.schedule(
        every,
        PunctuationType.WALL_CLOCK_TIME,
        time -> pace.run(time, () -> changes.tell(this::publish)));
  }

  @Override
  public void process(Record<String, TaskScore> record) {
    TaskScore score = record.value();
    traffic.score(context.currentSystemTimeMs());
    if (score.getMetrics().isEmpty()) {
      // Its weights were replaced and nothing of the new ones is scored yet.
      heads.forEach(
          score.getTask() + Keys.SEPARATOR,
          (board, head) -> {
            if (board.endsWith(Keys.SEPARATOR + TaskScores.measured(score))) {
              remove(board, TaskScores.checkpoint(score));
            }
          });
    }
    String trace = Traces.text(record.headers());
    for (ScoredMetric metric : score.getMetrics()) {
      put(score, metric);
      if (trace != null) {
        traces.putIfAbsent(board(score, metric.getMetric()), trace);
      }
    }
  }

  private void put(TaskScore score, ScoredMetric metric) {
    String board = board(score, metric.getMetric());
    String checkpoint = TaskScores.checkpoint(score);
    BoardHead before = heads.get(board);
    boolean replaces = before != null && takeOut(board, checkpoint, before);
    BoardHead head = head(board, before, score, TaskScores.spec(metric));
    String index =
        index(board, score.getVersion(), metrics.get(board), metric.getValue(), checkpoint);
    BoardEntry entry = entry(score, metric);
    order.put(index, entry);
    positions.put(board + Keys.SEPARATOR + checkpoint, new BoardPosition(index));
    boolean ranks = head.getVersion().equals(score.getVersion());
    if (ranks) {
      Top kept = tops.get(board);
      if (kept != null && kept.isOf(head.getVersion())) {
        kept.put(index, entry);
      }
      head.setTotal(head.getTotal() + 1);
      if (score.getUpdatedAt() > head.getUpdatedAt()) {
        head.setUpdatedAt(score.getUpdatedAt());
        firstNew.putIfAbsent(board, score.getUpdatedAt());
      }
    }
    if (ranks || replaces) {
      heads.put(board, head);
      changes.add(board);
    }
  }

  /**
   * What the board is about with this score: the newest version of the task, ranked by the metric
   * as it was described last. Without entries it is any version's.
   *
   * @param head what it was about; null for a new board
   */
  private BoardHead head(String board, BoardHead head, TaskScore score, MetricSpec spec) {
    boolean sameVersion = head != null && head.getVersion().equals(score.getVersion());
    boolean isFree = head == null || head.getTotal() == 0 && !sameVersion;
    int age = isFree ? 1 : compareAge(score, head);
    if (age < 0) {
      return head;
    }
    MetricSpec before = metrics.get(board);
    if (!spec.equals(before)) {
      metrics.put(board, spec);
    }
    if (age == 0 && ranksAlike(spec, before)) {
      return head;
    }
    return new BoardHead(
        score.getVersion(),
        score.getTaskRegisteredAt(),
        sort(board, score.getVersion(), spec),
        sameVersion ? head.getUpdatedAt() : 0L);
  }

  /** Above 0 where the score is of a newer version of the task, or of one registered again. */
  private static int compareAge(TaskScore score, BoardHead head) {
    // Sources do not say when a version was registered: theirs are as old as their names.
    int byTime = Long.compare(score.getTaskRegisteredAt(), head.getRegisteredAt());
    return byTime != 0 ? byTime : score.getVersion().compareTo(head.getVersion());
  }

  private static boolean ranksAlike(MetricSpec one, MetricSpec other) {
    return one.getDirection() == other.getDirection()
        && Objects.equals(one.getTarget(), other.getTarget());
  }

  /** Brings the entries that a version has already into the metric's order; says how many. */
  private int sort(String board, String version, MetricSpec metric) {
    int[] entries = new int[1];
    order.forEach(
        prefix(board, version),
        (before, entry) -> {
          String checkpoint = Keys.of(entry);
          String index = index(board, version, metric, entry.getValue(), checkpoint);
          order.remove(before);
          order.put(index, entry);
          positions.put(board + Keys.SEPARATOR + checkpoint, new BoardPosition(index));
          entries[0]++;
        });
    tops.remove(board);
    return entries[0];
  }

  private void remove(String board, String checkpoint) {
    BoardHead head = heads.get(board);
    if (takeOut(board, checkpoint, head)) {
      heads.put(board, head);
      changes.add(board);
    }
    positions.remove(board + Keys.SEPARATOR + checkpoint);
  }

  /** Takes the checkpoint's entry out of the order; true when it was one of those that rank. */
  private boolean takeOut(String board, String checkpoint, BoardHead head) {
    BoardPosition position = positions.get(board + Keys.SEPARATOR + checkpoint);
    if (position == null) {
      return false;
    }
    order.remove(position.getIndex());
    Top kept = tops.get(board);
    if (kept != null) {
      kept.remove(position.getIndex());
    }
    boolean ranked = position.getIndex().startsWith(prefix(board, head.getVersion()));
    head.setTotal(head.getTotal() - (ranked ? 1 : 0));
    return ranked;
  }

  private void publish(String board) {
    Leaderboard leaderboard = leaderboard(board);
    long now = context.currentSystemTimeMs();
    context.forward(
        new Record<>(
            Keys.of(leaderboard),
            leaderboard,
            now,
            Traces.step("publish board", traces.remove(board), Map.of("board", board))));
    Long scoredAt = firstNew.remove(board);
    if (scoredAt != null) {
      monitor.boardPublished(Duration.ofMillis(now - scoredAt));
    }
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
    String prefix = prefix(board, version);
    List<BoardEntry> entries = new ArrayList<>();
    List<String> values = new ArrayList<>();
    List<Map.Entry<String, BoardEntry>> first = top(board, version, prefix).first(top);
    for (Map.Entry<String, BoardEntry> next : Room.first(first, it -> bytes(it.getValue()))) {
      entries.add(next.getValue());
      values.add(next.getKey().substring(prefix.length(), prefix.length() + HEX_DIGITS));
    }
    int[] ranks = Ranks.of(entries.size(), i -> values.get(i).equals(values.get(i - 1)));
    List<BoardEntry> ranked = new ArrayList<>();
    for (int i = 0; i < ranks.length; i++) {
      BoardEntry entry = entries.get(i);
      ranked.add(
          ranked(
              entry,
              ranks[i],
              i == 0 ? null : apart(scoreOrder, entries.getFirst(), entry),
              i == 0 ? null : apart(scoreOrder, entries.get(i - 1), entry)));
    }
    return ranked;
  }

  private static int bytes(BoardEntry entry) {
    return ENTRY_BYTES
        + Utils.utf8Length(entry.getModel())
        + Utils.utf8Length(entry.getRevision())
        + Utils.utf8Length(entry.getVariant());
  }

  private Top top(String board, String version, String prefix) {
    Top kept = tops.get(board);
    if (kept == null || !kept.isOf(version) || !kept.has(top)) {
      try (Entries<BoardEntry> all = order.startingWith(prefix)) {
        kept = new Top(version, top, all);
      }
      tops.put(board, kept);
    }
    return kept;
  }

  private static BoardEntry ranked(
      BoardEntry entry, int rank, Boolean apartFromFirst, Boolean apartFromPrevious) {
    return new BoardEntry(
        rank,
        entry.getModel(),
        entry.getRevision(),
        entry.getStep(),
        entry.getParameters(),
        entry.getVariant(),
        entry.getSeed(),
        entry.getValue(),
        entry.getStderr(),
        entry.getDocuments(),
        entry.getOfDocuments(),
        apartFromFirst,
        apartFromPrevious);
  }

  private static Boolean apart(ScoreOrder scoreOrder, BoardEntry one, BoardEntry other) {
    return scoreOrder.apart(one.getValue(), one.getStderr(), other.getValue(), other.getStderr());
  }

  private static String board(TaskScore score, String metric) {
    return Keys.leaderboard(
        score.getTask(), metric, score.getShots(), score.getDtype(), score.getSource());
  }

  private static String prefix(String board, String version) {
    return String.join(Keys.SEPARATOR, board, version, "");
  }

  private static String index(
      String board, String version, MetricSpec metric, double value, String checkpoint) {
    return prefix(board, version)
        + sortableHex(ScoreOrder.of(metric).sortable(value))
        + Keys.SEPARATOR
        + checkpoint;
  }

  private static BoardEntry entry(TaskScore score, ScoredMetric metric) {
    return new BoardEntry(
        0,
        score.getModel(),
        score.getRevision(),
        score.getStep(),
        score.getParameters(),
        score.getVariant(),
        score.getSeed(),
        metric.getValue(),
        metric.getStderr(),
        score.getDocuments(),
        score.getOfDocuments(),
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
