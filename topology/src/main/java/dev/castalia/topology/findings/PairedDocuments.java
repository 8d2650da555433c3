package dev.castalia.topology.findings;

import dev.castalia.schemas.Keys;
import dev.castalia.topology.state.DocumentPair;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** What is known of differences of scores from documents that were compared one by one. */
record PairedDocuments(Map<String, SpecificRecord> rows) {

  /**
   * @param stderr standard error of the difference; NaN when unknown
   * @param documents how many were compared one by one; 0 where the scores are taken for
   *     independent
   */
  record Error(double stderr, int documents) {}

  /** The pair's row among those of its task. */
  static String key(DocumentPair pair) {
    return key(pair.getStandard(), pair.getOther(), pair.getShots());
  }

  private static String key(String standard, String other, int shots) {
    return String.join(Keys.SEPARATOR, "documents", standard, other, Integer.toString(shots));
  }

  /** The error of the difference of two scores, with what is known of these very weights. */
  Error of(Scores standard, int i, Scores other, int j) {
    if (standard.isOfDocuments()
        && rows.get(key(standard.key(i), other.key(j), standard.run().getShots()))
            instanceof DocumentPair pair
        && pair.getVersion().equals(standard.run().getVersion())
        && pair.getStandardFingerprint().equals(standard.checkpoint(i).getFingerprint())
        && pair.getOtherFingerprint().equals(other.checkpoint(j).getFingerprint())
        && pair.getStderrs().get(standard.name()) instanceof Double stderr) {
      return new Error(stderr, pair.getDocuments());
    }
    return new Error(Math.hypot(other.stderr(j), standard.stderr(i)), 0);
  }
}
