package dev.castalia.gateway.finding;

import dev.castalia.events.Finding;
import dev.castalia.gateway.api.Numbers;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema.Field;
import org.apache.avro.specific.SpecificRecord;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A finding, as the gateway gives it. */
@Schema(name = "Finding", description = "What the scores so far support, with the evidence.")
public record FindingForm(
    @Schema(description = "Its id: kind|subject.") String finding,
    @Schema(description = "The question.", examples = "acquisition") String kind,
    @Schema(description = "What it is about.") String subject,
    @Schema(description = "The answer, a code of its kind.", examples = "sudden") String verdict,
    @Schema(description = "Size of the effect.", nullable = true) Double effect,
    @Schema(description = "Lower end of its interval.", nullable = true) Double low,
    @Schema(description = "Upper end of its interval.", nullable = true) Double high,
    @Schema(description = "Confidence of that interval.", nullable = true) Double confidence,
    @Schema(description = "Of data like these if there were nothing.", nullable = true)
        Double pValue,
    @Schema(description = "Adjusted for false discoveries.", nullable = true) Double qValue,
    @Schema(description = "The task; null where it spans several.", nullable = true) String task,
    @Schema(description = "The metric; null where it spans several.", nullable = true)
        String metric,
    @Schema(description = "Few-shot examples.", nullable = true) Integer shots,
    @Schema(description = "Precision computed in.", nullable = true) String dtype,
    @Schema(description = "Who measured the scores; null for Castalia.", nullable = true)
        String source,
    @Schema(description = "The suite of the runs.", nullable = true) String suite,
    @Schema(description = "The runs it is about.") List<String> models,
    @Schema(description = "Checkpoints it rests on.") List<String> evidence,
    @Schema(description = "How many there would be if nothing were missing.") int expected,
    @Schema(description = "Name of the statistical method.") String method,
    @Schema(description = "What its kind alone has to tell: the event's record.", nullable = true)
        Map<String, Object> details,
    @Schema(description = "When it was computed.") Instant computedAt) {

  public static FindingForm of(Finding event) {
    return new FindingForm(
        event.getFinding(),
        event.getKind(),
        event.getSubject(),
        event.getVerdict(),
        Numbers.finite(event.getEffect()),
        Numbers.finite(event.getLow()),
        Numbers.finite(event.getHigh()),
        event.getConfidence(),
        Numbers.finite(event.getPValue()),
        Numbers.finite(event.getQValue()),
        event.getTask(),
        event.getMetric(),
        event.getShots(),
        event.getDtype(),
        event.getSource(),
        event.getSuite(),
        event.getModels(),
        event.getEvidence(),
        event.getExpected(),
        event.getMethod(),
        event.getDetails() instanceof SpecificRecord details ? fields(details) : null,
        event.getComputedAt());
  }

  private static Map<String, Object> fields(SpecificRecord record) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (Field field : record.getSchema().getFields()) {
      fields.put(field.name(), value(record.get(field.pos())));
    }
    return fields;
  }

  private static Object value(Object value) {
    return switch (value) {
      case SpecificRecord record -> fields(record);
      case List<?> list -> list.stream().map(FindingForm::value).toList();
      case Double number -> Numbers.finite(number);
      case null, default -> value;
    };
  }
}
