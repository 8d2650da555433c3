package dev.castalia.topology.findings;

import dev.castalia.schemas.Keys;
import dev.castalia.topology.state.CheckpointDigest;
import dev.castalia.topology.state.RunDigest;
import dev.castalia.topology.state.RunSeries;
import dev.castalia.topology.state.SeriesCheckpoint;
import dev.castalia.topology.state.SeriesMetric;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;

/** Tells what a run's checkpoints are, in few bytes. */
final class RunDigests {

  /** What differs beyond is the rounding of sums. */
  private static final MathContext DIGITS = new MathContext(12);

  private static final String ID = "run ";

  private RunDigests() {}

  /**
   * @param tasks the run's series
   */
  static RunDigest of(List<RunSeries> tasks) {
    Map<String, CheckpointDigest> checkpoints = new HashMap<>();
    for (RunSeries task : tasks) {
      for (int i = 0; i < task.getCheckpoints().size(); i++) {
        SeriesCheckpoint checkpoint = task.getCheckpoints().get(i);
        String key = Keys.checkpoint(task.getModel(), checkpoint.getRevision());
        CheckpointDigest digest =
            checkpoints.computeIfAbsent(
                key, it -> new CheckpointDigest(key, checkpoint.getStep(), null, 0L, 0));
        if (checkpoint.getFingerprint() != null) {
          digest.setFingerprint(checkpoint.getFingerprint());
        }
        for (SeriesMetric metric : task.getMetrics()) {
          double value = metric.getValues().get(i);
          if (!Double.isNaN(value)) {
            digest.setResults(digest.getResults() ^ hash(task, metric, value));
            if (tells(value, metric.getStderrs().get(i))) {
              digest.setCount(digest.getCount() + 1);
            }
          }
        }
      }
    }
    RunSeries any = tasks.getFirst();
    return new RunDigest(
        any.getModel(),
        any.getSuite(),
        any.getParameters(),
        any.getSeed(),
        any.getParent(),
        any.getDtype(),
        any.getSource(),
        checkpoints.values().stream()
            .sorted(
                Comparator.comparingLong(CheckpointDigest::getStep)
                    .thenComparing(CheckpointDigest::getCheckpoint))
            .toList());
  }

  /** Whether a score is not the one that all models have that answer nothing right, or all. */
  private static boolean tells(double value, double stderr) {
    return value != 0 && value != 1 && stderr != 0;
  }

  /** Tells a run's digest from others, and from that of another parent, which is made elsewhere. */
  static String id(RunDigest run) {
    return ID + Findings.run(run.getModel(), run.getParent());
  }

  static boolean isId(String id) {
    return id.startsWith(ID);
  }

  /** In place of one that is withdrawn: a run without checkpoints. */
  static RunDigest withdrawn(String id) {
    String[] run = id.substring(ID.length()).split("\\|", 2);
    return new RunDigest(
        run[0], null, 0L, null, run.length > 1 ? run[1] : null, "", null, List.of());
  }

  private static long hash(RunSeries task, SeriesMetric metric, double value) {
    String rounded =
        Double.isFinite(value)
            ? new BigDecimal(value).round(DIGITS).toString()
            : Double.toString(value);
    String text =
        String.join(
            Keys.SEPARATOR,
            task.getTask(),
            Integer.toString(task.getShots()),
            metric.getMetric(),
            rounded);
    long low = Utils.murmur2(text.getBytes(StandardCharsets.UTF_8));
    long high = Utils.murmur2((rounded + text).getBytes(StandardCharsets.UTF_8));
    return high << 32 ^ low & 0xffffffffL;
  }
}
