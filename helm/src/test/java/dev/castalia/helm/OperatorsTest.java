package dev.castalia.helm;

import static dev.castalia.helm.Chart.one;
import static dev.castalia.helm.Chart.render;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.helm.CustomResources.ApicurioRegistry3;
import dev.castalia.helm.CustomResources.Kafka;
import dev.castalia.helm.CustomResources.KafkaNodePool;
import dev.castalia.helm.CustomResources.KafkaUser;
import dev.castalia.helm.CustomResources.KafkaUser.Acl;
import dev.castalia.helm.CustomResources.ScaledObject;
import dev.castalia.schemas.Groups;
import dev.castalia.schemas.Permissions;
import dev.castalia.topology.ledger.Pools;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chart leaves to the operators of KEDA, Kafka and the registry. */
@Tag("slow")
class OperatorsTest {

  private static final String NO_ADDRESSES =
      """
      kafka: {bootstrapServers: "", strimzi: {enabled: true}}
      registry:
        url: ""
        apicurio:
          enabled: true
          database: {url: "jdbc:postgresql://db/registry", passwordSecret: db}
      """;

  private static final String TWO_POOLS =
      """
      monitoring: {prometheusUrl: "http://prometheus:9090"}
      scorer:
        pools:
          - {name: t4, flops: 8.0e+12, maxParameters: 1500000000, gpus: 1,
             autoscaling: {maxReplicas: 8, secondsPerReplica: 900}}
          - {name: h100, flops: 4.0e+14, gpus: 1, autoscaling: {minReplicas: 1, maxReplicas: 4}}
      """;

  @Test
  void aPoolIsScaledOnItsOwnBacklogDownToZero() {
    ScaledObject scaled = one(render(TWO_POOLS), ScaledObject.class, "mesh-scorer-t4");

    assertThat(scaled.spec().scaleTargetRef().name()).isEqualTo("mesh-scorer-t4");
    assertThat(scaled.spec().minReplicaCount()).isZero();
    assertThat(scaled.spec().maxReplicaCount()).isEqualTo(8);
    assertThat(scaled.spec().triggers().getFirst().metadata())
        .containsEntry("threshold", "900")
        .containsEntry("serverAddress", "http://prometheus:9090")
        .containsEntry(
            "query",
            "sum(castalia_ledger_backlog_gpu_seconds{namespace=\"lab\",pool=\"t4\"})"
                + " and sum(castalia_aggregator_running{namespace=\"lab\"}) > 0");
  }

  @Test
  void aPoolStaysAsLargeAsItIsWhereTheBacklogIsNotKnown() {
    ScaledObject scaled = one(render(TWO_POOLS), ScaledObject.class, "mesh-scorer-t4");

    assertThat(scaled.spec().triggers().getFirst().metadata())
        .containsEntry("ignoreNullValues", "false");
    assertThat(scaled.spec().fallback().behavior()).isEqualTo("currentReplicas");
  }

  @ParameterizedTest
  @CsvSource({
    "CastaliaLedgerIsGone, castalia_aggregator_running",
    "CastaliaGatewayIsGone, castalia_gateway_view_complete"
  })
  void aServiceThatDoesNotRunIsMissedAsMuchAsNone(String alert, String metric) {
    Rule rule = rule(render("monitoring: {alerts: true}"), alert);

    assertThat(rule.getExpr().getStrVal())
        .isEqualTo(
            "sum(%1$s{namespace=\"lab\"}) == 0 or absent(%1$s{namespace=\"lab\"})"
                .formatted(metric));
  }

  @Test
  void whatIsUnpackedAmongTemporaryFilesCannotFillTheNode() {
    List<HasMetadata> manifests = render(TWO_POOLS);

    Stream<PodSpec> pods =
        Stream.of(
            one(manifests, Deployment.class, "mesh-gateway").getSpec().getTemplate().getSpec(),
            one(manifests, StatefulSet.class, "mesh-aggregator").getSpec().getTemplate().getSpec(),
            one(manifests, Deployment.class, "mesh-scorer-t4").getSpec().getTemplate().getSpec());
    assertThat(pods)
        .allSatisfy(
            pod ->
                assertThat(pod.getVolumes())
                    .filteredOn(it -> it.getName().equals("tmp"))
                    .singleElement()
                    .satisfies(it -> assertThat(it.getEmptyDir().getSizeLimit()).isNotNull()));
  }

  @ParameterizedTest
  @CsvSource({"30, 30m", "45, 45m", "2, 10m"})
  void nobodyIsCalledWhileNodesMayStillComeUp(int deadline, String wait) {
    List<HasMetadata> manifests =
        render(
            "{monitoring: {alerts: true}, aggregator: {requestDeadlineMinutes: %d}}"
                .formatted(deadline));

    Rule rule = rule(manifests, "CastaliaNothingIsScored");
    assertThat(rule.getFor()).isEqualTo(wait);
    assertThat(rule.getAnnotations().get("summary")).endsWith(wait);
  }

  @ParameterizedTest
  @CsvSource({
    "castalia_dead_letters_total, CastaliaRecordsAreUnreadable",
    "castalia_gateway_unreadable_records_total, CastaliaRecordsAreUnreadable",
    "castalia_findings_failed_computations_total, CastaliaFindingsFail"
  })
  void whatIsLostIsShownAndSomebodyIsTold(String metric, String alert) {
    List<HasMetadata> manifests = render("monitoring: {alerts: true, dashboards: {enabled: true}}");

    assertThat(rule(manifests, alert).getExpr().getStrVal()).contains(metric);
    assertThat(one(manifests, ConfigMap.class, "mesh-dashboards").getData().get("castalia.json"))
        .contains(metric);
  }

  @Test
  void whereKedaScalesAPoolItsReplicasAreNotSaid() {
    assertThat(one(render(TWO_POOLS), Deployment.class, "mesh-scorer-t4").getSpec().getReplicas())
        .isNull();
  }

  @Test
  void ledgerScorersAndSetupKnowTheSamePools() {
    List<HasMetadata> manifests = render(TWO_POOLS);
    String pools = aggregatorEnvironment(manifests, "CASTALIA_LEDGER_POOLS");

    assertThat(Pools.parse(List.of(pools.split(","))).all())
        .extracting(it -> it.name() + " " + it.flops() + " " + it.mostParameters())
        .containsExactly("t4 8.0E12 1.5E9", "h100 4.0E14 Infinity");
    assertThat(
            one(manifests, Deployment.class, "mesh-scorer-t4")
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getEnv())
        .anyMatch(it -> it.getName().equals("CASTALIA_SCORER_POOL") && it.getValue().equals("t4"));
    assertThat(setupArguments(manifests)).contains("--pools=t4,h100", "--standbys=1");
  }

  @Test
  void aRequestWaitsLongerThanANodeTakesToComeUp() {
    assertThat(aggregatorEnvironment(render("{}"), "CASTALIA_LEDGER_MIN_DEADLINE"))
        .isEqualTo("30m");
  }

  @ParameterizedTest
  @EnumSource(value = Permissions.class, mode = EnumSource.Mode.EXCLUDE, names = "READER")
  void aUserOfStrimzisMayDoWhatTheServiceNeedsAndNoMore(Permissions service) {
    KafkaUser user = one(render(NO_ADDRESSES), KafkaUser.class, "mesh-" + service.word());

    assertThat(user.spec().authentication().type()).isEqualTo("scram-sha-512");
    assertThat(user.spec().authorization().acls().stream().flatMap(OperatorsTest::rights))
        .containsExactlyInAnyOrderElementsOf(
            service.to("User:any").stream().map(OperatorsTest::right).toList());
  }

  @Test
  void theBrokersLetNobodyInWithoutPasswordAndTls() {
    Kafka kafka = one(render(NO_ADDRESSES), Kafka.class, "mesh-kafka");

    assertThat(kafka.spec().kafka().authorization().type()).isEqualTo("simple");
    assertThat(kafka.spec().kafka().listeners())
        .allSatisfy(
            it -> {
              assertThat(it.tls()).isTrue();
              assertThat(it.authentication().type()).isEqualTo("scram-sha-512");
            });
    assertThat(kafka.spec().kafka().config())
        .containsEntry("group.share.max.delivery.count.limit", Groups.DELIVERY_LIMIT)
        .containsEntry("min.insync.replicas", 2);
  }

  @Test
  void everyServiceReadsItsPasswordFromAFile(@TempDir Path folder) throws Exception {
    List<HasMetadata> manifests = render(NO_ADDRESSES);
    String text =
        one(manifests, ConfigMap.class, "mesh-kafka-clients").getData().get("client.properties");

    Files.writeString(folder.resolve("sasl.jaas.config"), "who and how");
    Properties properties = properties(text.replace("/etc/castalia/kafka-user", folder.toString()));
    properties.put("bootstrap.servers", "none:1");
    AdminClientConfig settings = new AdminClientConfig(properties);
    assertThat(settings.getString("security.protocol")).isEqualTo("SASL_SSL");
    assertThat(settings.getPassword("sasl.jaas.config").value()).isEqualTo("who and how");
    for (String service : List.of("gateway", "aggregator", "scorer", "setup")) {
      assertThat(volumes(manifests, service))
          .anyMatch(
              it ->
                  it.getSecret() != null
                      && it.getSecret().getSecretName().equals("mesh-" + service));
    }
  }

  @Test
  void theMeshFindsTheKafkaAndRegistryThatItBrings() {
    List<HasMetadata> manifests = render(NO_ADDRESSES);

    assertThat(setupArguments(manifests))
        .contains(
            "--bootstrap-servers=mesh-kafka-kafka-bootstrap:9093",
            "--registry-url=http://mesh-registry-app-service:8080/apis/registry/v3");
    assertThat(one(manifests, ApicurioRegistry3.class, "mesh-registry").spec().app().storage())
        .extracting(it -> it.sql().dataSource().url())
        .isEqualTo("jdbc:postgresql://db/registry");
    assertThat(
            one(manifests, NetworkPolicy.class, "mesh-scorer").getSpec().getEgress().stream()
                .flatMap(it -> it.getPorts().stream())
                .map(it -> it.getPort().getIntVal()))
        .contains(9093);
  }

  @ParameterizedTest
  @ValueSource(ints = {21, 42, 53})
  void whatOperatorsNameAfterKafkaAndRegistryIsNotTooLong(int length) {
    List<HasMetadata> manifests = render("r".repeat(length), NO_ADDRESSES);
    String kafka = name(manifests, Kafka.class);

    assertThat(kafka + "-" + name(manifests, KafkaNodePool.class) + "-98")
        .hasSizeLessThanOrEqualTo(63);
    assertThat(kafka + "-kafka-bootstrap").hasSizeLessThanOrEqualTo(63);
    assertThat(name(manifests, ApicurioRegistry3.class) + "-app-service")
        .hasSizeLessThanOrEqualTo(63);
  }

  @Test
  void brokersWhoseNamesFitStayThoseOfTheFirstPool() {
    String release = "r".repeat(20);

    assertThat(name(render(release, NO_ADDRESSES), KafkaNodePool.class))
        .isEqualTo(release + "-kafka-brokers");
    assertThatThrownBy(
            () ->
                render(
                    release,
                    "kafka: {bootstrapServers: '', strimzi: {enabled: true, brokers: 11}}"))
        .hasMessageContaining("kafka.strimzi.brokers: 11");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          scorer: {pools: [{name: a}]}                                                   | flops
          scorer: {pools: [{name: a, flops: 1, maxParameters: 5}]}                       | exactly one takes models of any size
          scorer: {pools: [{name: a, flops: 1}, {name: b, flops: 1}]}                    | exactly one takes models of any size
          scorer: {pools: [{name: a, flops: 1}, {name: a, flops: 1, maxParameters: 5}]}  | two have the same name
          scorer: {pools: [{name: a, flops: 1, autoscaling: {maxReplicas: 2}}]}          | monitoring.prometheusUrl: give
          scorer: {pools: [{name: a, flops: 1, replicas: 1, autoscaling: {maxReplicas: 2}}]} | replicas and autoscaling
          scorer: {pools: [{name: a, flops: 1, autoscaling: {minReplicas: 1}}]}          | maxReplicas
          scorer: {pools: [{name: a, flops: 1, autoscaling: {minReplicas: 4, maxReplicas: 2}}]} | a has minReplicas: 4 and maxReplicas: 2
          aggregator: {replicas: 1}                                                      | aggregator.standbys: 1 copies
          kafka: {strimzi: {enabled: true}}                                              | kafka.bootstrapServers: leave it out
          kafka: {strimzi: {version: "4.2.0"}}                                           | version
          kafka: {bootstrapServers: "", strimzi: {enabled: true, brokers: 1}}            | kafka.replicationFactor: 3 copies on 1 brokers
          registry: {apicurio: {enabled: true}}                                          | registry.url: leave it out
          registry: {url: "", apicurio: {enabled: true}}                                 | registry.apicurio.database.url: name
          tracing: {ratio: 2}                                                            | ratio
          """)
  void wrongValuesAreRefusedByName(String values, String named) {
    assertThatThrownBy(() -> render(values)).hasMessageContaining(named);
  }

  private static String name(List<HasMetadata> manifests, Class<? extends HasMetadata> type) {
    return manifests.stream()
        .filter(type::isInstance)
        .map(it -> it.getMetadata().getName())
        .findAny()
        .orElseThrow();
  }

  private static Rule rule(List<HasMetadata> manifests, String alert) {
    return one(manifests, PrometheusRule.class, "mesh-alerts")
        .getSpec()
        .getGroups()
        .getFirst()
        .getRules()
        .stream()
        .filter(it -> it.getAlert().equals(alert))
        .findAny()
        .orElseThrow(() -> new AssertionError("no alert " + alert));
  }

  private static String aggregatorEnvironment(List<HasMetadata> manifests, String name) {
    return one(manifests, StatefulSet.class, "mesh-aggregator")
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getEnv()
        .stream()
        .filter(it -> it.getName().equals(name))
        .findAny()
        .orElseThrow()
        .getValue();
  }

  private static List<String> setupArguments(List<HasMetadata> manifests) {
    return one(manifests, Job.class, "mesh-setup-1")
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getArgs();
  }

  private static List<Volume> volumes(List<HasMetadata> manifests, String service) {
    return switch (service) {
      case "setup" ->
          one(manifests, Job.class, "mesh-setup-1").getSpec().getTemplate().getSpec().getVolumes();
      case "aggregator" ->
          one(manifests, StatefulSet.class, "mesh-aggregator")
              .getSpec()
              .getTemplate()
              .getSpec()
              .getVolumes();
      default ->
          one(
                  manifests,
                  Deployment.class,
                  service.equals("scorer") ? "mesh-scorer-cpu" : "mesh-" + service)
              .getSpec()
              .getTemplate()
              .getSpec()
              .getVolumes();
    };
  }

  private static Properties properties(String text) throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(text));
    return properties;
  }

  private static java.util.stream.Stream<String> rights(Acl acl) {
    String type = acl.resource().type();
    String where =
        type.equals("cluster")
            ? "cluster"
            : type + " " + acl.resource().name() + " " + acl.resource().patternType();
    return acl.operations().stream().map(operation -> where + " " + operation);
  }

  private static String right(AclBinding binding) {
    var pattern = binding.pattern();
    String type =
        Map.of(
                ResourceType.TOPIC, "topic",
                ResourceType.GROUP, "group",
                ResourceType.TRANSACTIONAL_ID, "transactionalId",
                ResourceType.CLUSTER, "cluster")
            .get(pattern.resourceType());
    String where =
        type.equals("cluster")
            ? "cluster"
            : type
                + " "
                + pattern.name()
                + " "
                + (pattern.patternType() == PatternType.PREFIXED ? "prefix" : "literal");
    return where + " " + words(binding.entry().operation().name());
  }

  /** ALTER_CONFIGS as AlterConfigs. */
  private static String words(String name) {
    return Arrays.stream(name.split("_"))
        .map(it -> it.charAt(0) + it.substring(1).toLowerCase(java.util.Locale.ROOT))
        .collect(Collectors.joining());
  }
}
