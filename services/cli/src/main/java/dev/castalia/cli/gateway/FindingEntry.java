package dev.castalia.cli.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A finding, as the gateway gives it; fields as in the event Finding.
 *
 * @param effect null where there is none; so are low, high and confidence
 * @param task null where it spans several; so are metric and shots
 * @param source who measured the scores; null for Castalia itself
 * @param computedAt ISO 8601
 * @param details what its kind alone has to tell; null where there are not enough data
 */
public record FindingEntry(
    String finding,
    String kind,
    String subject,
    String verdict,
    Double effect,
    Double low,
    Double high,
    Double confidence,
    Double pValue,
    Double qValue,
    String task,
    String metric,
    Integer shots,
    String dtype,
    String source,
    String suite,
    List<String> models,
    List<String> evidence,
    int expected,
    String method,
    JsonNode details,
    String computedAt) {}
