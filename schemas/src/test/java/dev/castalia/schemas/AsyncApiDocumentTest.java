package dev.castalia.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaParser;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The document that other languages read says what the code does. */
class AsyncApiDocumentTest {

  private static final Path MODULE = Path.of(System.getProperty("castalia.root"), "schemas");
  private static final Path DOCUMENT = MODULE.resolve("src/main/asyncapi/castalia.yaml");

  private final JsonNode document = read();

  private static JsonNode read() {
    try {
      return new YAMLMapper().readTree(DOCUMENT.toFile());
    } catch (IOException e) {
      throw new AssertionError("cannot read " + DOCUMENT, e);
    }
  }

  @Test
  void itIsOfAsyncApi3() {
    assertThat(document.path("asyncapi").asText()).isEqualTo("3.0.0");
  }

  @Test
  void theChannelsAreTheTopics() {
    assertThat(channels().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Topic.values()).map(Topic::topicName).toList());
  }

  @ParameterizedTest
  @EnumSource
  void aChannelHasTheMessagesOfItsTopic(Topic topic) {
    List<String> names = new ArrayList<>();
    channel(topic).path("messages").fieldNames().forEachRemaining(names::add);

    assertThat(names)
        .containsExactlyElementsOf(
            topic.events().isEmpty()
                ? List.of("DeadLetter")
                : topic.events().stream().map(Class::getSimpleName).toList());
  }

  @ParameterizedTest
  @EnumSource
  void aMessageHasTheKeyOfItsTopic(Topic topic) {
    for (JsonNode message : channel(topic).path("messages")) {
      JsonNode key = resolve(message).path("bindings").path("kafka").path("key");

      assertThat(key.path("type").asText()).isEqualTo("string");
      assertThat(key.path("description").asText()).isEqualTo(topic.keyFormat());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChannelSaysHowLongItsTopicKeepsRecords(Topic topic) {
    JsonNode settings = channel(topic).path("bindings").path("kafka").path("topicConfiguration");

    assertThat(settings.path("cleanup.policy").path(0).asText())
        .isEqualTo(topic.settings().get(TopicConfig.CLEANUP_POLICY_CONFIG));
    assertThat(settings.path("retention.ms").asText(null))
        .isEqualTo(topic.settings().get(TopicConfig.RETENTION_MS_CONFIG));
    assertThat(settings.path("max.message.bytes").asInt()).isEqualTo(topic.maxRecordBytes());
  }

  @Test
  void topicsOfOnePartitionSaySoAndTheOthersNameTheHash() {
    for (Topic topic : Topic.values()) {
      String description = channel(topic).path("description").asText();
      if (topic.partitions(4) == 1) {
        assertThat(description).isEqualTo("One partition.");
      } else {
        assertThat(description).contains("murmur2");
      }
    }
  }

  static List<Class<? extends SpecificRecord>> events() {
    return Arrays.stream(Topic.values()).flatMap(topic -> topic.events().stream()).toList();
  }

  @ParameterizedTest
  @MethodSource("events")
  void aPayloadIsTheSchemaThatIsCompiledIn(Class<? extends SpecificRecord> event)
      throws IOException {
    JsonNode payload = document.at("/components/messages/" + event.getSimpleName()).path("payload");
    Path file = DOCUMENT.resolveSibling(payload.path("schema").path("$ref").asText()).normalize();
    Schema compiled = SchemaRegistration.schema(event);

    assertThat(payload.path("schemaFormat").asText()).startsWith("application/vnd.apache.avro");
    assertThat(file)
        .exists()
        .isEqualTo(MODULE.resolve("src/main/avro").resolve(file.getFileName()));
    Schema written = schemas().get(compiled.getFullName());
    assertThat(SchemaNormalization.toParsingForm(written))
        .isEqualTo(SchemaNormalization.toParsingForm(compiled));
    assertThat(file.getFileName()).hasToString(written.getName() + ".avsc");
    for (Schema.Field field : compiled.getFields()) {
      assertThat(written.getField(field.name()).doc()).isEqualTo(field.doc());
      assertThat(written.getField(field.name()).defaultVal()).isEqualTo(field.defaultVal());
    }
  }

  @Test
  void everyReferenceWithinTheDocumentLeadsSomewhere() {
    assertThat(document.findValuesAsText("$ref"))
        .filteredOn(reference -> reference.startsWith("#"))
        .isNotEmpty()
        .allSatisfy(
            reference ->
                assertThat(document.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse());
  }

  private Map<String, JsonNode> channels() {
    return stream(document.path("channels"))
        .collect(Collectors.toMap(channel -> channel.path("address").asText(), node -> node));
  }

  private JsonNode channel(Topic topic) {
    return channels().get(topic.topicName());
  }

  private JsonNode resolve(JsonNode reference) {
    return document.at(reference.path("$ref").asText().substring(1));
  }

  private static Stream<JsonNode> stream(JsonNode parent) {
    List<JsonNode> children = new ArrayList<>();
    parent.forEach(children::add);
    return children.stream();
  }

  /** The .avsc files as they are written, each naming what it takes from the others. */
  private static Map<String, Schema> schemas() throws IOException {
    SchemaParser parser = new SchemaParser();
    try (Stream<Path> files = Files.list(MODULE.resolve("src/main/avro"))) {
      for (Path file : files.sorted().toList()) {
        parser.parse(file);
      }
    }
    return parser.getParsedNamedSchemas().stream()
        .collect(Collectors.toMap(Schema::getFullName, schema -> schema));
  }
}
