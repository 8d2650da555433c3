package dev.castalia.gateway.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the names that somebody may have meant. */
public final class NearMisses {

  private static final int MOST = 3;

  /** What is longer nobody mistyped, and to compare it with every name would take long. */
  private static final int LONGEST = 200;

  private NearMisses() {}

  /**
   * @return at most three names, the closest first: those with few letters different, or that hold
   *     the text
   */
  public static List<String> of(String text, Collection<String> names) {
    if (text.length() > LONGEST) {
      return List.of();
    }
    int tolerance = Math.max(1, text.length() / 3);
    return names.stream()
        .distinct()
        .filter(name -> Math.abs(name.length() - text.length()) <= tolerance || holds(name, text))
        .map(name -> new Candidate(name, distance(text, name)))
        .filter(candidate -> candidate.distance <= tolerance || holds(candidate.name, text))
        .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
        .limit(MOST)
        .map(Candidate::name)
        .toList();
  }

  private record Candidate(String name, int distance) {}

  private static boolean holds(String name, String text) {
    return text.length() >= 3
        && name.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
  }

  /** Levenshtein's distance. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
