package dev.castalia.scoring.score;

import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.model.Passage;
import dev.castalia.scoring.model.Progress;
import dev.castalia.scoring.model.Reading;
import dev.castalia.scoring.model.Readings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Exact greedy decoding of continuations whose text is known, in few passes and without a cache of
 * keys and values. Jacobi iteration (Santilli et al., "Accelerating Transformer Inference for
 * Translation via Parallel Decoding", ACL 2023): guess the whole continuation, at first the true
 * one; one pass tells the likeliest token at every place. Up to the first place where guess and
 * likeliest differ, and at that place, the likeliest tokens are what greedy decoding gives, since
 * all before them is; the others become the next guess. A text known by heart takes one pass.
 */
final class GreedyRecall {

  /** One continuation on its way to its fixed point. */
  private static final class Decoding {
    private final int[] prompt;
    private int[] guess;
    private int sure;

    Decoding(int[] prompt, int[] guess) {
      this.prompt = prompt;
      this.guess = guess.clone();
    }

    Passage passage() {
      int[] input = Arrays.copyOf(prompt, prompt.length + guess.length - 1);
      System.arraycopy(guess, 0, input, prompt.length, guess.length - 1);
      return new Passage(input, Arrays.copyOfRange(guess, sure, guess.length));
    }

    /** Takes what the model says from the first unsure place on; true when all is sure. */
    boolean settle(int[] likeliest) {
      int agreed = Arrays.mismatch(Arrays.copyOfRange(guess, sure, guess.length), likeliest);
      System.arraycopy(likeliest, 0, guess, sure, likeliest.length);
      sure = agreed < 0 ? guess.length : sure + agreed + 1;
      return sure == guess.length;
    }
  }

  private final Model model;
  private final Progress progress;
  private long tokens;

  GreedyRecall(Model model, Progress progress) {
    this.model = model;
    this.progress = progress;
  }

  /** Tokens that went through the model so far. */
  long tokens() {
    return tokens;
  }

  /**
   * The greedy continuations of the prompts, as long as the true ones.
   *
   * @param prompts token ids with the prefix token
   */
  List<int[]> continuations(List<int[]> prompts, List<int[]> truths) {
    List<Decoding> all = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      all.add(new Decoding(prompts.get(i), truths.get(i)));
    }
    List<Decoding> open = all;
    while (!open.isEmpty()) {
      Readings readings = model.read(open.stream().map(Decoding::passage).toList(), progress);
      tokens += readings.tokens();
      List<Decoding> still = new ArrayList<>();
      for (int i = 0; i < open.size(); i++) {
        Reading reading = readings.all().get(i);
        if (!open.get(i).settle(reading.likeliest())) {
          still.add(open.get(i));
        }
      }
      open = still;
    }
    return all.stream().map(decoding -> decoding.guess).toList();
  }
}
