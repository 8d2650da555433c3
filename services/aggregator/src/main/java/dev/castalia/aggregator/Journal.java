package dev.castalia.aggregator;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * What the ledger does with requests, in the log, with the ids by which scorers log them too; and
 * which findings cannot be computed.
 */
final class Journal {

  private static final Logger LOG = Logger.getLogger(Journal.class);

  private Journal() {}

  static void issued(String sweep, String checkpoint, String request, int units, double seconds) {
    with(
        ids(sweep, checkpoint, request),
        () -> LOG.infof("Issued %s: %d units, about %.1f s", request, units, seconds));
  }

  static void late(String checkpoint, String request, int units) {
    with(
        ids(null, checkpoint, request),
        () -> LOG.warnf("No answer to %d units of %s by its deadline", units, request));
  }

  static void givenUp(String checkpoint, String request, String unit, String reason) {
    with(ids(null, checkpoint, request), () -> LOG.warnf("Gave up %s: %s", unit, reason));
  }

  static void notComputed(String stage, String key, RuntimeException error) {
    LOG.errorf(
        error,
        "No %s for %s: those before stay until one of its scores changes; report this as a bug",
        stage,
        key);
  }

  private static Map<String, String> ids(String sweep, String checkpoint, String request) {
    Map<String, String> ids = new LinkedHashMap<>();
    ids.put("sweep", sweep);
    ids.put("checkpoint", checkpoint);
    ids.put("request", request);
    ids.values().removeIf(it -> it == null);
    return ids;
  }

  private static void with(Map<String, String> ids, Runnable work) {
    ids.forEach(MDC::put);
    try {
      work.run();
    } finally {
      ids.keySet().forEach(MDC::remove);
    }
  }
}
