package dev.castalia.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is in the topics stays readable. The baselines are the schemas of each release, one folder a
 * version; they are added, never changed.
 */
class SchemaCompatibilityTest {

  private static final Path BASELINES =
      Path.of(System.getProperty("castalia.root"), "schemas/src/test/resources/baselines");
  private static final Map<String, Schema> CURRENT =
      SchemaRegistration.schemas().stream()
          .collect(Collectors.toMap(Schema::getName, Function.identity()));

  static List<Path> baselines() throws IOException {
    try (Stream<Path> files = Files.walk(BASELINES)) {
      return files.filter(file -> file.toString().endsWith(".avsc")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("baselines")
  void whatABaselineWroteIsReadToday(Path baseline) throws IOException {
    Schema written = new SchemaParser().parse(baseline).mainSchema();

    assertThat(CURRENT).containsKey(written.getName());
    assertThat(incompatibilities(CURRENT.get(written.getName()), written)).isEmpty();
  }

  @Test
  void everyEventHasABaseline() throws IOException {
    Set<String> released =
        baselines().stream()
            .map(file -> file.getFileName().toString().replace(".avsc", ""))
            .collect(Collectors.toSet());

    assertThat(released).containsExactlyInAnyOrderElementsOf(CURRENT.keySet());
  }

  @Test
  void aNewFieldWithoutADefaultIsFound() throws IOException {
    Schema written = new SchemaParser().parse(baselines().getFirst()).mainSchema();
    List<Schema.Field> fields = new ArrayList<>();
    written.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
    fields.add(new Schema.Field("added", SchemaBuilder.builder().longType(), "No default."));
    Schema changed =
        Schema.createRecord(
            written.getName(), written.getDoc(), written.getNamespace(), false, fields);

    assertThat(incompatibilities(changed, written))
        .singleElement()
        .asString()
        .contains("READER_FIELD_MISSING_DEFAULT_VALUE");
  }

  @Test
  void aFieldOfAnotherTypeIsFound() {
    Schema written = SchemaBuilder.record("Event").fields().requiredDouble("value").endRecord();
    Schema changed = SchemaBuilder.record("Event").fields().requiredLong("value").endRecord();

    assertThat(incompatibilities(changed, written)).isNotEmpty();
  }

  @Test
  void everyRecordEnumAndFieldIsDocumented() {
    List<String> undocumented = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    CURRENT.values().forEach(schema -> findUndocumented(schema, seen, undocumented));

    assertThat(seen).contains("dev.castalia.events.MetricSpec", "dev.castalia.events.Direction");
    assertThat(undocumented).isEmpty();
  }

  private static void findUndocumented(Schema schema, Set<String> seen, List<String> undocumented) {
    switch (schema.getType()) {
      case RECORD, ENUM -> {
        if (!seen.add(schema.getFullName())) {
          return;
        }
        if (isBlank(schema.getDoc())) {
          undocumented.add(schema.getFullName());
        }
        if (schema.getType() == Schema.Type.RECORD) {
          for (Schema.Field field : schema.getFields()) {
            if (isBlank(field.doc())) {
              undocumented.add(schema.getFullName() + "." + field.name());
            }
            findUndocumented(field.schema(), seen, undocumented);
          }
        }
      }
      case ARRAY -> findUndocumented(schema.getElementType(), seen, undocumented);
      case MAP -> findUndocumented(schema.getValueType(), seen, undocumented);
      case UNION -> schema.getTypes().forEach(type -> findUndocumented(type, seen, undocumented));
      default -> {
        // A primitive has nothing to say.
      }
    }
  }

  private static boolean isBlank(String doc) {
    return doc == null || doc.isBlank();
  }

  private static List<SchemaCompatibility.Incompatibility> incompatibilities(
      Schema reader, Schema writer) {
    var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult();
    return result.getCompatibility() == SchemaCompatibilityType.COMPATIBLE
        ? List.of()
        : result.getIncompatibilities();
  }
}
