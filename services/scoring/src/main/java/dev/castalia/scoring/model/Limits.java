package dev.castalia.scoring.model;

/**
 * What a device does well.
 *
 * @param tokens a batch, padding and those before and after each row included; one longer row still
 *     is one
 * @param row the longest row of several sequences: longer ones spend on attention what they save
 * @param start what one batch more costs, in tokens
 */
record Limits(int tokens, int row, int start) {

  Limits withTokens(int tokens) {
    return new Limits(tokens, row, start);
  }
}
