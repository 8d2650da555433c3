package dev.castalia.scoring.task.helper;

import dev.castalia.events.Aggregation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What a Python function of a task does, by the key that names it. */
public sealed interface Helper {

  /**
   * For {@code process_docs}: other documents from the split's; the given ones stay as they are.
   */
  record OfDocuments(UnaryOperator<List<Map<String, Object>>> process) implements Helper {}

  /** For {@code doc_to_text} and its like. */
  record OfDocument(Function<Map<String, Object>, Object> value) implements Helper {}

  /**
   * For {@code process_results}, where it does what the metrics of these names do by themselves.
   *
   * @param counted the text whose words and bytes count, if not the one that is scored
   */
  record OfResults(Optional<Function<Map<String, Object>, Object>> counted) implements Helper {}

  /** For a metric's {@code aggregation}. */
  record OfMetric(Aggregation aggregation) implements Helper {}
}
