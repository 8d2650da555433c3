package dev.castalia.scoring.score;

import dev.castalia.scoring.tokens.TokenPair;
import java.util.List;

/** An item as tokens, independent of any model but for the tokenizer. */
sealed interface EncodedItem {

  /** Tokens that go through the model for this item, about: prefix tokens count, limits do not. */
  long cost();

  record Choices(List<TokenPair> pairs, int[] codePoints, int[] bytes, int[] gold)
      implements EncodedItem {

    @Override
    public long cost() {
      return pairs.stream().mapToLong(EncodedItem::cost).sum();
    }
  }

  record Continuation(TokenPair pair) implements EncodedItem {

    @Override
    public long cost() {
      return EncodedItem.cost(pair);
    }
  }

  record Text(int[] tokens, int words, int bytes) implements EncodedItem {

    @Override
    public long cost() {
      return tokens.length;
    }
  }

  /**
   * @param prefixed whether the prompt is to come after the prefix token, as a text's beginning
   *     does
   */
  record Memory(int[] prompt, int[] continuation, boolean prefixed) implements EncodedItem {

    @Override
    public long cost() {
      return (long) prompt.length + continuation.length;
    }
  }

  private static long cost(TokenPair pair) {
    return Math.max(1, pair.context().length) + pair.continuation().length - 1L;
  }
}
