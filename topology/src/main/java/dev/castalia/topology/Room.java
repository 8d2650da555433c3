package dev.castalia.topology;

import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.LongStream;

/** What of a list has room in a record, see {@link Bounds#BYTES}. */
public final class Room {

  private Room() {}

  /**
   * All where they have room; else as many of the first as have.
   *
   * @param bytes that one takes at most
   */
  public static <T> List<T> first(List<T> all, ToIntFunction<T> bytes) {
    long sum = 0;
    for (int i = 0; i < all.size(); i++) {
      sum += bytes.applyAsInt(all.get(i));
      if (sum > Bounds.BYTES) {
        return all.subList(0, i);
      }
    }
    return all;
  }

  /**
   * All where they have room; else some that lie evenly, the first and the last among them.
   *
   * @param bytes that one takes at most
   */
  public static <T> List<T> evenly(List<T> all, ToIntFunction<T> bytes) {
    long sum = 0;
    int largest = 1;
    for (T one : all) {
      int size = bytes.applyAsInt(one);
      sum += size;
      largest = Math.max(largest, size);
    }
    if (sum <= Bounds.BYTES) {
      return all;
    }
    long last = all.size() - 1;
    long gaps = Math.max(1, Bounds.BYTES / largest - 1);
    return LongStream.rangeClosed(0, gaps).mapToObj(i -> all.get((int) (i * last / gaps))).toList();
  }
}
