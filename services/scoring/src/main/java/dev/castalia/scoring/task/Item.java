package dev.castalia.scoring.task;

import dev.castalia.scoring.metric.Outcome;
import java.util.List;

/** A document made into what is asked of the model, as text. */
public sealed interface Item {

  /**
   * @param pairs context and continuation of each choice; for acc_mutual_info, the same again
   *     without context
   * @param choices the choices' own texts, whose lengths normalise
   * @param gold the right choices, as the {@link Outcome.Choice} has them
   */
  record Choices(List<Pair> pairs, List<String> choices, int[] gold) implements Item {}

  record Continuation(Pair pair) implements Item {}

  /**
   * @param counted the text whose words and bytes are counted: mostly the same
   */
  record Text(String text, String counted) implements Item {}

  /** A text that the model may have been trained on. */
  record Memory(String text) implements Item {}

  /** A sequence of tokens that the model was trained on. */
  record Sequence(List<Integer> tokens) implements Item {}

  record Pair(String context, String continuation) {}
}
