package dev.castalia.scoring.template;

import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;

/**
 * What a rendering may take: a template comes from whoever may publish a task. Work is counted,
 * which unlike a clock ends a template at the same place on every machine; a unit of it, what it
 * takes to read a character, is about a nanosecond. Where nothing is rendered nothing is counted.
 */
final class Budget {

  /** Work of a step of a loop. */
  static final int STEP = 1000;

  /** Work of a comparison, apart from the characters that it reads. */
  static final int COMPARISON = 100;

  /** Work of a statement, or of any operation. */
  static final int OPERATION = 100;

  private static final long MOST_WORK = 500_000_000;

  /** Characters of a rendering, and of any text that it makes on the way. */
  private static final int MOST_CHARACTERS = 4_000_000;

  /** Bits of a whole number: more than Python writes. */
  private static final int MOST_BITS = 20_000;

  private static final int CHARACTER_MADE = 10;
  private static final int ITEM_READ = 10;
  private static final int ITEM_MADE = 200;

  /** Characters that are compared while one is read. */
  private static final int COMPARED_AT_ONCE = 16;

  private static final ScopedValue<Budget> RENDERING = ScopedValue.newInstance();

  private long left = MOST_WORK;

  private Budget() {}

  /**
   * @throws TemplateException if it takes too much
   */
  static void during(Runnable rendering) {
    ScopedValue.where(RENDERING, new Budget()).run(rendering);
  }

  /**
   * @throws TemplateException if there is not so much left
   */
  static void spend(long work) {
    if (RENDERING.isBound()) {
      Budget budget = RENDERING.get();
      budget.left -= work;
      if (budget.left < 0) {
        throw new TemplateException(
            "it takes too long: its loops, filters or patterns go over too much; make it simpler");
      }
    }
  }

  /** Pays for going over a value. */
  static <T> T read(T value) {
    spend(of(value, 1, ITEM_READ));
    return value;
  }

  /**
   * Pays for a value that came about.
   *
   * @throws TemplateException also if it is a text that is too long
   */
  static <T> T made(T value) {
    spend(of(value, CHARACTER_MADE, ITEM_MADE));
    if (value instanceof CharSequence text && RENDERING.isBound()) {
      bounded(text);
    }
    return value;
  }

  /** Pays for looking for a part of a text wherever it may be. */
  static void search(String text, String part) {
    spend(text.length() * (1 + (long) part.length() / COMPARED_AT_ONCE));
  }

  private static long of(Object value, int character, int item) {
    return OPERATION
        + switch (value) {
          case CharSequence text -> (long) character * text.length();
          case Collection<?> items -> (long) item * items.size();
          case Map<?, ?> map -> (long) item * map.size();
          case BigInteger whole -> whole.bitLength();
          case null, default -> 0;
        };
  }

  /**
   * @throws TemplateException if the text is too long
   */
  static <T extends CharSequence> T bounded(T text) {
    characters(text.length());
    return text;
  }

  /**
   * Before a text is made.
   *
   * @throws TemplateException if one of that length is too long
   */
  static void characters(long length) {
    if (length > MOST_CHARACTERS) {
      throw new TemplateException("its text is longer than " + MOST_CHARACTERS + " characters");
    }
  }

  /** Before a list is made; pays for it. */
  static void items(long size) {
    spend(ITEM_MADE * size);
  }

  /**
   * @throws TemplateException if the number is too large
   */
  static BigInteger bounded(BigInteger whole) {
    bits(whole.bitLength());
    return whole;
  }

  /**
   * Before a number is made.
   *
   * @throws TemplateException if one of so many bits is too large
   */
  static void bits(long bits) {
    if (bits > MOST_BITS) {
      throw new TemplateException("a number of more than " + MOST_BITS + " bits");
    }
  }
}
