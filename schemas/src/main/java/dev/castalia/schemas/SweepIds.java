package dev.castalia.schemas;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Ids of sweeps that nobody named. */
public final class SweepIds {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);
  private static final int SUFFIXES = 36 * 36 * 36;

  private SweepIds() {}

  /** A new one: the time in UTC, and what tells apart those of one moment. */
  public static String create() {
    String suffix = Integer.toString(SUFFIXES + new SecureRandom().nextInt(SUFFIXES), 36);
    return TIME.format(Instant.now()) + "-" + suffix;
  }
}
