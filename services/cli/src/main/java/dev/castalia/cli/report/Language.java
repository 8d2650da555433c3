package dev.castalia.cli.report;

import java.util.Locale;

/** What a report can be written in. */
public enum Language {
  EN,
  KO;

  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
