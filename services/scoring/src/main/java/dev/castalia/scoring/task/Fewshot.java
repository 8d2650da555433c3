package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Chooses the examples before each document, as lm-evaluation-harness's samplers do.
 *
 * @param where the task's file, for errors
 * @param pool the few-shot split
 * @param firstN take the first ones rather than draw
 * @param excludeItself the pool is the evaluated split, so a document may not be its own example
 */
record Fewshot(
    String where, List<Map<String, Object>> pool, boolean firstN, boolean excludeItself) {

  private static final long SEED = 1234;

  /**
   * For each document, in order, its examples. Drawing is one sequence over all documents, so all
   * are always drawn, whichever are evaluated.
   */
  List<List<Map<String, Object>>> examples(List<Map<String, Object>> documents, int shots) {
    if (shots == 0) {
      return documents.stream().map(document -> List.<Map<String, Object>>of()).toList();
    }
    PythonRandom random = new PythonRandom(SEED);
    List<List<Map<String, Object>>> examples = new ArrayList<>(documents.size());
    for (Map<String, Object> document : documents) {
      examples.add(firstN ? first(document, shots) : drawn(random, document, shots));
    }
    return examples;
  }

  private List<Map<String, Object>> first(Map<String, Object> document, int shots) {
    List<Map<String, Object>> first =
        pool.stream()
            .filter(example -> !excludeItself || !example.equals(document))
            .limit(shots)
            .toList();
    return enough(first, shots);
  }

  private List<Map<String, Object>> drawn(
      PythonRandom random, Map<String, Object> document, int shots) {
    List<Map<String, Object>> drawn = draw(random, pool, excludeItself ? shots + 1 : shots);
    if (excludeItself) {
      drawn = without(document, drawn).stream().limit(shots).toList();
    }
    if (drawn.size() < shots) {
      // Copies of the document were drawn too: draw anew from what is not the document.
      drawn = draw(random, without(document, pool), shots);
    }
    return drawn;
  }

  private List<Map<String, Object>> draw(
      PythonRandom random, List<Map<String, Object>> from, int count) {
    enough(from, count);
    return Arrays.stream(random.sample(from.size(), count)).mapToObj(from::get).toList();
  }

  private static List<Map<String, Object>> without(
      Map<String, Object> document, List<Map<String, Object>> examples) {
    return examples.stream().filter(example -> !example.equals(document)).toList();
  }

  private List<Map<String, Object>> enough(List<Map<String, Object>> examples, int wanted) {
    if (examples.size() < wanted) {
      throw new TaskException(
          "%s: %d examples are wanted, but the few-shot split has %d; ask for fewer shots"
              .formatted(where, wanted, examples.size()));
    }
    return examples;
  }
}
