package dev.castalia.cli.report;

import java.util.List;

/**
 * A claim of the literature, and what the data at hand say of it.
 *
 * @param title the claim itself
 * @param standing how the data stand to it
 * @param says what they say, with numbers
 * @param cannotSay what they cannot say, and why
 */
record Claim(String title, Standing standing, List<String> says, List<String> cannotSay) {

  enum Standing {
    AGREE,
    MIXED,
    DISAGREE,
    SILENT
  }
}
