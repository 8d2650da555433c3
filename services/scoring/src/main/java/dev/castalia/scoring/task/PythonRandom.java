package dev.castalia.scoring.task;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Python's {@code random.Random(seed)}: the Mersenne Twister MT19937 seeded by {@code
 * init_by_array} (Matsumoto and Nishimura, 1998), and {@code random}, {@code randrange} and {@code
 * sample} as CPython computes them, so that draws equal the harness's. Not thread-safe.
 */
public final class PythonRandom {

  private static final int N = 624;
  private static final int M = 397;

  private final int[] state = new int[N];
  private int at = N;

  /**
   * @param seed from 0 to 2³² − 1
   */
  public PythonRandom(long seed) {
    seedBy(19650218);
    int i = 1;
    for (int k = N; k > 0; k--) {
      state[i] = (state[i] ^ (mixed(i) * 1664525)) + (int) seed;
      i = next(i);
    }
    for (int k = N - 1; k > 0; k--) {
      state[i] = (state[i] ^ (mixed(i) * 1566083941)) - i;
      i = next(i);
    }
    state[0] = 0x80000000;
  }

  private void seedBy(int seed) {
    state[0] = seed;
    for (int i = 1; i < N; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  private int mixed(int i) {
    return state[i - 1] ^ (state[i - 1] >>> 30);
  }

  private int next(int i) {
    if (i + 1 < N) {
      return i + 1;
    }
    state[0] = state[N - 1];
    return 1;
  }

  /** Uniform in [0, 1), of 53 bits. */
  public double random() {
    int a = word() >>> 5;
    int b = word() >>> 6;
    return (a * 67108864.0 + b) / 9007199254740992.0;
  }

  /** Uniform in [0, n), for n from 1 to 2³¹ − 1. */
  int below(int n) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(n);
    int drawn;
    do {
      drawn = word() >>> (Integer.SIZE - bits);
    } while (Integer.compareUnsigned(drawn, n) >= 0);
    return drawn;
  }

  /**
   * The indices that {@code sample(population, k)} takes from a population of {@code n}.
   *
   * @throws IllegalArgumentException if k is more than n
   */
  int[] sample(int n, int k) {
    if (k > n) {
      throw new IllegalArgumentException("a sample of " + k + " from " + n);
    }
    // CPython takes a pool or a set, whichever is smaller; the draws differ.
    double setSize = 21;
    if (k > 5) {
      setSize += Math.pow(4, Math.ceil(Math.log(k * 3) / Math.log(4)));
    }
    return n <= setSize ? sampleFromPool(n, k) : sampleDistinct(n, k);
  }

  private int[] sampleFromPool(int n, int k) {
    int[] pool = new int[n];
    Arrays.setAll(pool, i -> i);
    int[] sample = new int[k];
    for (int i = 0; i < k; i++) {
      int j = below(n - i);
      sample[i] = pool[j];
      pool[j] = pool[n - i - 1];
    }
    return sample;
  }

  private int[] sampleDistinct(int n, int k) {
    BitSet taken = new BitSet();
    int[] sample = new int[k];
    for (int i = 0; i < k; i++) {
      int j = below(n);
      while (taken.get(j)) {
        j = below(n);
      }
      taken.set(j);
      sample[i] = j;
    }
    return sample;
  }

  private int word() {
    if (at == N) {
      twist();
    }
    int y = state[at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  private void twist() {
    for (int k = 0; k < N; k++) {
      int y = (state[k] & 0x80000000) | (state[(k + 1) % N] & 0x7fffffff);
      state[k] = state[(k + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
    }
    at = 0;
  }
}
