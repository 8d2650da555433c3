package dev.castalia.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.events.RetryRequested;
import dev.castalia.events.Slice;
import dev.castalia.events.SweepCancelled;
import dev.castalia.events.UnitId;
import dev.castalia.schemas.ClusterSetup;
import dev.castalia.schemas.EventSerdes;
import dev.castalia.schemas.Groups;
import dev.castalia.schemas.SchemaRegistration;
import dev.castalia.schemas.Topic;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What clients of other languages rely on, against a real broker and a real registry. */
@OnSharedMesh
class EventsOnTheWireTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final SweepCancelled EVENT =
      new SweepCancelled("s", "누군가", Instant.ofEpochMilli(1_700_000_000_000L));

  private static LocalCluster cluster;

  @BeforeAll
  static void take(LocalCluster mesh) {
    cluster = mesh;
  }

  @Test
  void anEventIsReadByAPlainAvroDecoderAndTheSchemaOfItsId() throws Exception {
    ByteBuffer bytes = ByteBuffer.wrap(serialized(EVENT));

    assertThat(bytes.get()).as("magic byte").isZero();
    Schema schema = new Schema.Parser().parse(schemaById(bytes.getInt()));
    GenericRecord record =
        new GenericDatumReader<GenericRecord>(schema)
            .read(
                null,
                DecoderFactory.get()
                    .binaryDecoder(bytes.array(), bytes.position(), bytes.remaining(), null));
    assertThat(record.get("sweep")).hasToString("s");
    assertThat(record.get("cancelledBy")).hasToString("누군가");
    assertThat(record.get("cancelledAt")).isEqualTo(1_700_000_000_000L);
  }

  @Test
  void everyEventIsRegisteredUnderItsFullName() throws Exception {
    JsonNode subjects = JSON.readTree(get("/subjects"));

    assertThat(subjects)
        .extracting(JsonNode::asText)
        .containsAll(SchemaRegistration.schemas().stream().map(Schema::getFullName).toList());
  }

  @Test
  void theSchemaThatASerializerUsesIsTheOneThatWasRegistered() throws Exception {
    String versions = get("/subjects/" + EVENT.getSchema().getFullName() + "/versions");
    serialized(EVENT);

    assertThat(get("/subjects/" + EVENT.getSchema().getFullName() + "/versions"))
        .isEqualTo(versions)
        .isEqualTo("[1]");
  }

  @Test
  void theRegistryRefusesASchemaThatCannotReadWhatIsThere() throws Exception {
    Schema more = withField(EVENT.getSchema(), "{\"name\":\"required\",\"type\":\"string\"}");

    assertThat(register(more)).isEqualTo(409);
  }

  /** A service and its next version beside it: one writes a field that the other does not know. */
  @Test
  void oldAndNewVersionsOfAServiceReadEachOther() throws Exception {
    RetryRequested event =
        new RetryRequested(
            new UnitId("m@step1", "task", "v1", 0, "float32", 0, 10),
            "somebody",
            Instant.ofEpochMilli(1_700_000_000_000L));
    byte[] ofTheOld = serialized(event);
    Schema next =
        withField(event.getSchema(), "{\"name\":\"why\",\"type\":\"string\",\"default\":\"\"}");
    assertThat(register(next)).isEqualTo(200);

    GenericRecord changed = read(ofTheOld, next);
    assertThat(changed.get("requestedBy")).hasToString("somebody");
    assertThat(changed.get("why")).hasToString("");
    changed.put("why", "the disk is back");
    byte[] ofTheNew = written(changed, idOf(next));
    try (Serde<SpecificRecord> old =
        new EventSerdes(cluster.registryUrl()).of(SpecificRecord.class)) {
      assertThat(old.deserializer().deserialize("t", ofTheNew)).isEqualTo(event);
    }
    assertThat(serialized(event)).as("the old one goes on").isEqualTo(ofTheOld);
  }

  @Test
  void poolsAndStandbysAreSetUp() throws Exception {
    Admin admin = cluster.admin();
    new ClusterSetup(
            ClusterSetup.DEFAULT_PARTITIONS,
            (short) 1,
            ClusterSetup.DEFAULT_LOCK,
            List.of("h100"),
            1)
        .apply(admin);

    await()
        .untilAsserted(
            () -> {
              assertThat(groupSetting(admin, Groups.scorers("h100"), "share.isolation.level"))
                  .isEqualTo("read_committed");
              assertThat(groupSetting(admin, Groups.AGGREGATOR, "streams.num.standby.replicas"))
                  .isEqualTo("1");
            });
  }

  private static String groupSetting(Admin admin, String group, String setting) throws Exception {
    return setting(admin, new ConfigResource(ConfigResource.Type.GROUP, group), setting);
  }

  private static String setting(Admin admin, ConfigResource resource, String setting)
      throws Exception {
    var known = admin.describeConfigs(Set.of(resource)).all().get().get(resource).get(setting);
    return known == null ? "" : known.value();
  }

  @Test
  void anEventComesBackAsItWas() {
    EventSerdes serdes = new EventSerdes(cluster.registryUrl());
    try (Serde<SpecificRecord> serde = serdes.of(SpecificRecord.class)) {
      assertThat(serde.deserializer().deserialize("t", serialized(EVENT))).isEqualTo(EVENT);
    }
  }

  @Test
  void bytesThatAreNoEventAreRefusedAndNotReadAsOne() {
    EventSerdes serdes = new EventSerdes(cluster.registryUrl());
    try (Serde<Slice> serde = serdes.of(Slice.class)) {
      assertThatThrownBy(() -> serde.deserializer().deserialize("t", new byte[] {0, 9, 9, 9, 9, 1}))
          .isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void theTopicsAreThereWithTheirPartitionsAndSettings() throws Exception {
    Admin admin = cluster.admin();
    Set<String> names = admin.listTopics().names().get();
    assertThat(names).containsAll(Arrays.stream(Topic.values()).map(Topic::topicName).toList());
    var scores =
        admin
            .describeTopics(Set.of(Topic.SCORES.topicName()))
            .allTopicNames()
            .get()
            .get(Topic.SCORES.topicName());
    assertThat(scores.partitions()).hasSize(ClusterSetup.DEFAULT_PARTITIONS);
    assertThat(groupSetting(admin, Groups.SCORERS, "share.auto.offset.reset"))
        .isEqualTo("earliest");
  }

  @Test
  void setupCanBeRepeatedAndMendsSettings() throws Exception {
    Admin admin = cluster.admin();
    ConfigResource scores = new ConfigResource(ConfigResource.Type.TOPIC, Topic.SCORES.topicName());
    admin
        .incrementalAlterConfigs(
            Map.of(
                scores,
                Set.of(
                    new AlterConfigOp(
                        new org.apache.kafka.clients.admin.ConfigEntry("compression.type", "gzip"),
                        AlterConfigOp.OpType.SET))))
        .all()
        .get();
    // A broker answers before it has applied a change itself.
    await().until(() -> setting(admin, scores, "compression.type").equals("gzip"));
    ClusterSetup.local().apply(admin);

    await().until(() -> setting(admin, scores, "compression.type").equals("zstd"));
  }

  /** A gateway sets up, too, and may not have been told how many copies there are. */
  @Test
  void whatATopicAcknowledgesFollowsTheCopiesThatItHas() throws Exception {
    Admin admin = cluster.admin();
    ConfigResource scores = new ConfigResource(ConfigResource.Type.TOPIC, Topic.SCORES.topicName());

    new ClusterSetup(ClusterSetup.DEFAULT_PARTITIONS, (short) 3, ClusterSetup.DEFAULT_LOCK)
        .apply(admin);

    await()
        .during(Duration.ofMillis(500))
        .until(() -> setting(admin, scores, "min.insync.replicas").equals("1"));
  }

  @Test
  void setupRefusesTopicsOfAnotherWidth() {
    assertThatThrownBy(
            () -> new ClusterSetup(7, (short) 1, ClusterSetup.DEFAULT_LOCK).apply(cluster.admin()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("castalia.", "4 partitions", "7");
  }

  private static byte[] serialized(SpecificRecord event) {
    try (Serde<SpecificRecord> serde =
        new EventSerdes(cluster.registryUrl()).of(SpecificRecord.class)) {
      return serde.serializer().serialize(Topic.SWEEPS.topicName(), event);
    }
  }

  /** The schema with one more field, before the others of the record itself. */
  private static Schema withField(Schema schema, String field) {
    return new Schema.Parser()
        .parse(schema.toString().replaceFirst("\"fields\":\\[", "\"fields\":[" + field + ","));
  }

  /** The registry's answer, as a status. */
  private static int register(Schema schema) throws Exception {
    return HTTP.send(
            HttpRequest.newBuilder(
                    URI.create(
                        cluster.confluentUrl() + "/subjects/" + schema.getFullName() + "/versions"))
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        JSON.writeValueAsString(Map.of("schema", schema.toString()))))
                .build(),
            BodyHandlers.ofString())
        .statusCode();
  }

  /** The id of the schema that was registered last under its name. */
  private static int idOf(Schema schema) throws Exception {
    return JSON.readTree(get("/subjects/" + schema.getFullName() + "/versions/latest"))
        .get("id")
        .asInt();
  }

  /** As a reader that has that schema sees it. */
  private static GenericRecord read(byte[] framed, Schema reader) throws Exception {
    ByteBuffer bytes = ByteBuffer.wrap(framed, 1, framed.length - 1);
    Schema writer = new Schema.Parser().parse(schemaById(bytes.getInt()));
    return new GenericDatumReader<GenericRecord>(writer, reader)
        .read(
            null,
            DecoderFactory.get().binaryDecoder(framed, bytes.position(), bytes.remaining(), null));
  }

  private static byte[] written(GenericRecord record, int id) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0);
    bytes.write(ByteBuffer.allocate(Integer.BYTES).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static String schemaById(int id) throws Exception {
    return JSON.readTree(get("/schemas/ids/" + id)).get("schema").asText();
  }

  private static String get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(cluster.confluentUrl() + path)).build();
    return HTTP.send(request, BodyHandlers.ofString()).body();
  }
}
