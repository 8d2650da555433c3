package dev.castalia.scoring.model;

import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * The tokens of a batch, told apart from the places where they stand: how many kinds of them there
 * are is what the first layer's products cost. For one batch after another.
 */
final class Types {

  private static final int ABSENT = -1;

  /** What a row is padded with; nothing looks at it. */
  private static final int PADDING = 0;

  private final Scratch ids = new Scratch();
  private final Scratch tokens = new Scratch();

  /** Of each id of the vocabulary, its index among those of the batch. */
  private final int[] indices;

  Types(int vocabulary) {
    this.indices = new int[vocabulary];
    Arrays.fill(indices, ABSENT);
  }

  /**
   * @param ids of the tokens that there are, each once
   * @param tokens of the rows laid end to end with their padding, as indices into the ids
   */
  record Split(IntBuffer ids, IntBuffer tokens) {}

  /** Overwrites what it gave for the batch before. */
  Split split(Batch batch) {
    int places = Math.toIntExact(batch.places());
    Split split = new Split(ids.ints(places), tokens.ints(places));
    for (TokenTree row : batch.rows()) {
      for (int i = 0; i < batch.length(); i++) {
        split.tokens.put(index(i < row.size() ? row.token(i) : PADDING, split.ids));
      }
    }
    split.ids.flip();
    for (int i = 0; i < split.ids.limit(); i++) {
      indices[split.ids.get(i)] = ABSENT;
    }
    split.tokens.flip();
    return split;
  }

  private int index(int id, IntBuffer ids) {
    if (indices[id] == ABSENT) {
      indices[id] = ids.position();
      ids.put(id);
    }
    return indices[id];
  }
}
