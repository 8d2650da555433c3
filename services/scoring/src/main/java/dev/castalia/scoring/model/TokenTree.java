package dev.castalia.scoring.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A row in which several sequences lie depth first, so that what they begin with in common is there
 * once. A token's parent is the one before it in its sequence; a token sees its ancestors only.
 */
final class TokenTree {

  private static final int NONE = -1;

  /** Where a sequence ends. */
  record Leaf(Sequence sequence, int node) {}

  private final int base;
  private final List<Leaf> leaves = new ArrayList<>();
  private int[] tokens = new int[16];
  private int[] depths = new int[16];
  private int[] parents = new int[16];
  private int[] path = new int[16];
  private int size;
  private boolean branches;

  /**
   * @param base tokens of every sequence that went before this row
   */
  TokenTree(int base) {
    this.base = base;
  }

  /** A row of plain tokens, which nobody asks for by a sequence. */
  static TokenTree of(int[] row, int base) {
    TokenTree tree = new TokenTree(base);
    tree.grow(row.length, row.length);
    for (int token : row) {
      tree.append(token, tree.size);
    }
    return tree;
  }

  /**
   * Adds a sequence.
   *
   * @param shared tokens that it begins with as the one added before does; at least the base
   */
  void add(Sequence sequence, int shared) {
    int length = sequence.tokens().length;
    grow(size + length - shared, length - base);
    branches |= size > 0 && shared < base + depths[leaves.getLast().node()] + 1;
    for (int i = shared; i < length; i++) {
      append(sequence.tokens()[i], i - base);
    }
    leaves.add(new Leaf(sequence, path[length - base - 1]));
  }

  private void append(int token, int depth) {
    tokens[size] = token;
    depths[size] = depth;
    parents[size] = depth == 0 ? NONE : path[depth - 1];
    path[depth] = size++;
  }

  private void grow(int nodes, int depth) {
    if (nodes > tokens.length) {
      int capacity = Math.max(nodes, 2 * tokens.length);
      tokens = Arrays.copyOf(tokens, capacity);
      depths = Arrays.copyOf(depths, capacity);
      parents = Arrays.copyOf(parents, capacity);
    }
    if (depth > path.length) {
      path = Arrays.copyOf(path, Math.max(depth, 2 * path.length));
    }
  }

  /** The sequence that was added last. */
  Sequence last() {
    return leaves.getLast().sequence();
  }

  int size() {
    return size;
  }

  /** Whether a token may not see one before it: then the row needs a mask of its own. */
  boolean branches() {
    return branches;
  }

  int[] tokens(int from, int to) {
    return Arrays.copyOfRange(tokens, from, to);
  }

  int token(int node) {
    return tokens[node];
  }

  /** The node's place in its sequence, from 0. */
  int place(int node) {
    return base + depths[node];
  }

  /** The node before this in its sequence; negative for the first of the row. */
  int parent(int node) {
    return parents[node];
  }

  /** For each node, the first after it that is not one of its descendants. */
  int[] ends() {
    int[] ends = new int[size];
    for (int node = size - 1; node >= 0; node--) {
      ends[node] = Math.max(ends[node], node + 1);
      if (parents[node] != NONE) {
        ends[parents[node]] = Math.max(ends[parents[node]], ends[node]);
      }
    }
    return ends;
  }

  List<Leaf> leaves() {
    return leaves;
  }
}
