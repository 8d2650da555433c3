package dev.castalia.helm;

import static dev.castalia.helm.Chart.one;
import static dev.castalia.helm.Chart.render;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class ChartTest {

  @Test
  void helmFindsNothingToSay() {
    var result = new Helm(Chart.FOLDER).lint().strict().call();

    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "image: {repository: ghcr.io/lab, tag: '1', pullSecrets: [lab]}",
        "kafka: {clientConfigSecrets: {gateway: g, aggregator: a, scorer: s, setup: t}}",
        "setup: {enabled: false}",
        "gateway: {autoscaling: {enabled: true}}",
        "gateway: {ingress: {enabled: true, host: castalia.lab, tlsSecret: tls, className: nginx}}",
        "aggregator: {replicas: 3, storage: {size: 1Ti, class: fast}}",
        "scorer: {pools: [{name: a100, flops: 1, gpus: 2, slots: 2}, {name: cpu, flops: 1, maxParameters: 9, replicas: 0}]}",
        "scorer: {checkpoints: {existingClaim: shelf}, pools: [{name: a, flops: 1, cache: {size: 2Ti}}]}",
        "scorer: {pools: [{name: a, flops: 1, cache: {existingClaim: c}, nodeSelector: {gpu: h100}}]}",
        "monitoring: {podMonitor: true, alerts: true, dashboards: {enabled: true}, namespace: watch}",
        "tracing: {otlpEndpoint: 'http://collector:4317', ratio: 0.1}",
        "logging: {json: false}",
        "kafka: {bootstrapServers: '', strimzi: {enabled: true}}",
        "{registry: {url: '', apicurio: {enabled: true, database: {url: 'jdbc:postgresql://db/r', passwordSecret: s}}}}",
        "networkPolicies: {enabled: false}",
        "networkPolicies: {hub: {cidrs: [10.0.0.0/8]}, kafka: {to: [{podSelector: {}}], ports: [9093]}}"
      })
  void everyPodIsLockedDown(String values) {
    List<PodSpec> pods = render(values).stream().flatMap(ChartTest::pods).toList();

    assertThat(pods).hasSizeGreaterThanOrEqualTo(3);
    for (PodSpec pod : pods) {
      assertThat(pod.getAutomountServiceAccountToken()).isFalse();
      assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
      assertThat(pod.getSecurityContext().getSeccompProfile().getType())
          .isEqualTo("RuntimeDefault");
      for (Container container : pod.getContainers()) {
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getCapabilities().getDrop())
            .containsExactly("ALL");
        assertThat(container.getResources().getLimits()).as(container.getName()).isNotNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "services/Dockerfile",
        "services/cli/Dockerfile",
        "services/scorer/Dockerfile.cuda"
      })
  void anImageThatIsBuiltAndPushedAsItsFileSaysIsOneThatPodsAskFor(String file) throws IOException {
    List<HasMetadata> manifests =
        render(
            "{image: {repository: REGISTRY/GROUP}, scorer: {pools: [{name: cpu, flops: 1,"
                + " maxParameters: 9}, {name: h100, flops: 1, gpus: 1}]}}");

    List<String> images =
        Pattern.compile("(?<= -t |docker push )\\S+")
            .matcher(Files.readString(Path.of(System.getProperty("castalia.root"), file)))
            .results()
            .map(MatchResult::group)
            .toList();

    assertThat(images).hasSize(2);
    assertThat(manifests.stream().flatMap(ChartTest::pods))
        .flatExtracting(PodSpec::getContainers)
        .extracting(Container::getImage)
        .containsAll(images);
  }

  @Test
  void theTopicsAreMadeByAJobAndNotByTheGateway() {
    List<HasMetadata> manifests = render("kafka: {partitions: 24}");

    assertThat(
            container(one(manifests, Job.class, "mesh-setup-1").getSpec().getTemplate()).getArgs())
        .contains("setup", "--partitions=24", "--bootstrap-servers=kafka:9092");
    assertThat(environment(gateway(manifests), "CASTALIA_SETUP_ENABLED")).isEqualTo("false");
    assertThat(
            environment(
                container(
                    one(manifests, StatefulSet.class, "mesh-aggregator").getSpec().getTemplate()),
                "CASTALIA_AGGREGATOR_PARTITIONS"))
        .isEqualTo("24");
  }

  @Test
  void eachServiceHasItsOwnCredentials() {
    List<HasMetadata> manifests =
        render("kafka: {clientConfigSecrets: {gateway: gateway-user, scorer: scorer-user}}");

    assertThat(secrets(one(manifests, Deployment.class, "mesh-gateway")))
        .containsExactly("gateway-user");
    assertThat(secrets(one(manifests, Deployment.class, "mesh-scorer-cpu")))
        .containsExactly("scorer-user");
    assertThat(environment(gateway(manifests), "CASTALIA_KAFKA_CONFIG"))
        .isEqualTo("/etc/castalia/kafka/client.properties");
  }

  @Test
  void certificatesThatCredentialsNameLieBesideThem() {
    Deployment gateway =
        one(
            render("kafka: {clientConfigSecrets: {gateway: gateway-user}}"),
            Deployment.class,
            "mesh-gateway");

    assertThat(gateway.getSpec().getTemplate().getSpec().getVolumes())
        .filteredOn(it -> it.getName().equals("kafka-config"))
        .singleElement()
        .satisfies(it -> assertThat(it.getSecret().getItems()).isEmpty());
  }

  @Test
  void theGatewayLetsNobodyInWhoIsNotSaidToBe() {
    assertThat(gateway(render("{}")).getEnv())
        .noneMatch(it -> it.getName().equals("CASTALIA_GATEWAY_ACCESS_ANONYMOUS"));
    List<HasMetadata> manifests =
        render(
            "gateway: {access: {anonymous: reader, apiKeysSecret: keys, oidc: {authServerUrl:"
                + " 'https://sso.lab/realms/lab', audience: castalia}, quota: {unitsPerSweep:"
                + " 10000000, priority: 5}}}");

    assertThat(environment(gateway(manifests), "CASTALIA_GATEWAY_ACCESS_ANONYMOUS"))
        .isEqualTo("reader");
    assertThat(environment(gateway(manifests), "CASTALIA_GATEWAY_ACCESS_API_KEYS"))
        .isEqualTo("/etc/castalia/access/api-keys");
    assertThat(environment(gateway(manifests), "QUARKUS_OIDC_TENANT_ENABLED")).isEqualTo("true");
    assertThat(environment(gateway(manifests), "CASTALIA_GATEWAY_ACCESS_QUOTA_UNITS"))
        .isEqualTo("10000000");
    assertThat(environment(gateway(manifests), "CASTALIA_GATEWAY_ACCESS_QUOTA_PRIORITY"))
        .isEqualTo("5");
    assertThat(secrets(one(manifests, Deployment.class, "mesh-gateway"))).contains("keys");
  }

  @Test
  void namesThatAreTooLongStayDistinct() {
    String release = "a-release-whose-name-is-as-long-as-helm-lets-it-be-aa";
    String pools =
        """
        scorer:
          pools:
            - {name: large-and-many-gpus, flops: 1}
            - {name: large-and-many-gpus-of-last-year, flops: 1, maxParameters: 1}
        """;

    List<String> names =
        Chart.render(release, pools).stream()
            .map(it -> it.getKind() + " " + it.getMetadata().getName())
            .toList();

    assertThat(names).doesNotHaveDuplicates().allMatch(it -> it.split(" ")[1].length() <= 54);
  }

  @Test
  void aPoolOfGpusAsksForThem() {
    Deployment pool =
        one(
            render(
                "scorer: {pools: [{name: h100, flops: 1, gpus: 4, tolerations: [{key: gpu}],"
                    + " resources: {limits: {memory: 64Gi}}}]}"),
            Deployment.class,
            "mesh-scorer-h100");

    assertThat(container(pool.getSpec().getTemplate()).getResources().getLimits())
        .containsEntry("nvidia.com/gpu", new Quantity("4"))
        .containsEntry("memory", new Quantity("64Gi"));
    assertThat(pool.getSpec().getTemplate().getSpec().getTolerations()).hasSize(1);
    assertThat(container(pool.getSpec().getTemplate()).getImage()).contains("scorer-cuda");
    assertThat(environment(container(pool.getSpec().getTemplate()), "CASTALIA_SCORER_DEVICE"))
        .isEqualTo("cuda");
    assertThat(environment(container(pool.getSpec().getTemplate()), "CASTALIA_SCORER_SLOTS"))
        .isEqualTo("4");
  }

  @Test
  void aScorerDrainsForAsLongAsIsSaidAndIsNotKilledMeanwhile() {
    PodTemplateSpec pod =
        one(render("scorer: {drainSeconds: 1200}"), Deployment.class, "mesh-scorer-cpu")
            .getSpec()
            .getTemplate();

    assertThat(environment(container(pod), "CASTALIA_SCORER_DRAIN")).isEqualTo("1200s");
    assertThat(pod.getSpec().getTerminationGracePeriodSeconds()).isGreaterThan(1200);
  }

  @Test
  void aRolloutOfScorersHasNotFailedWhileOneDrainsOrWaitsForItsNode() {
    Deployment pool =
        one(
            render("{scorer: {drainSeconds: 1200}, aggregator: {requestDeadlineMinutes: 45}}"),
            Deployment.class,
            "mesh-scorer-cpu");

    assertThat(pool.getSpec().getProgressDeadlineSeconds()).isEqualTo(600 + 1200 + 45 * 60);
  }

  @Test
  void aLockIsRenewedThreeTimesBeforeItEnds() {
    List<HasMetadata> manifests = render("kafka: {lockSeconds: 15}");

    assertThat(
            container(one(manifests, Job.class, "mesh-setup-1").getSpec().getTemplate()).getArgs())
        .contains("--lock=15");
    assertThat(
            environment(
                container(
                    one(manifests, Deployment.class, "mesh-scorer-cpu").getSpec().getTemplate()),
                "CASTALIA_SCORER_RENEW_EVERY"))
        .isEqualTo("5s");
  }

  @ParameterizedTest
  @CsvSource({"500Mi, 471859200", "1Gi, 966367641", "2Ti, 1979120929996"})
  void aScorerRemovesCheckpointsBeforeItsCacheOutgrowsTheSize(String size, String bytes) {
    List<HasMetadata> manifests =
        render("scorer: {pools: [{name: a, flops: 1, cache: {size: %s}}]}".formatted(size));

    assertThat(
            environment(
                container(
                    one(manifests, Deployment.class, "mesh-scorer-a").getSpec().getTemplate()),
                "CASTALIA_SCORER_CACHE_BYTES"))
        .isEqualTo(bytes);
  }

  @Test
  void aScorerRemovesNothingFromACacheOfUnknownSize() {
    List<HasMetadata> manifests =
        render("scorer: {pools: [{name: a, flops: 1, cache: {existingClaim: c}}]}");

    assertThat(
            container(one(manifests, Deployment.class, "mesh-scorer-a").getSpec().getTemplate())
                .getEnv())
        .noneMatch(it -> it.getName().equals("CASTALIA_SCORER_CACHE_BYTES"));
  }

  @Test
  void startUpMayTakeMinutes() {
    var probe = gateway(render("{}")).getStartupProbe();

    assertThat(probe.getPeriodSeconds() * probe.getFailureThreshold()).isEqualTo(600);
  }

  @Test
  void aGatewayThatGoesAnswersThoseWhoHaveNotHeardOfItYet() {
    assertThat(gateway(render("{}")).getLifecycle().getPreStop().getExec().getCommand())
        .containsExactly("sleep", "10");
  }

  @Test
  void whereTheGatewayIsScaledItsReplicasAreNotSaid() {
    List<HasMetadata> manifests = render("gateway: {autoscaling: {enabled: true, maxReplicas: 9}}");

    assertThat(one(manifests, Deployment.class, "mesh-gateway").getSpec().getReplicas()).isNull();
    assertThat(
            one(manifests, HorizontalPodAutoscaler.class, "mesh-gateway")
                .getSpec()
                .getMaxReplicas())
        .isEqualTo(9);
  }

  @Test
  void theIngressHasTls() {
    Ingress ingress =
        one(
            render("gateway: {ingress: {enabled: true, host: castalia.lab, tlsSecret: cert}}"),
            Ingress.class,
            "mesh-gateway");

    assertThat(ingress.getSpec().getTls().getFirst().getSecretName()).isEqualTo("cert");
  }

  @Test
  void theIngressPassesOnThePageItsViewsAndTheApiAndNothingElse() throws IOException {
    List<HTTPIngressPath> paths =
        one(
                render("gateway: {ingress: {enabled: true, host: castalia.lab}}"),
                Ingress.class,
                "mesh-gateway")
            .getSpec()
            .getRules()
            .getFirst()
            .getHttp()
            .getPaths();
    String addresses =
        Files.readString(
            Path.of(
                System.getProperty("castalia.root"),
                "services/gateway/src/main/resources/META-INF/resources/page/address.js"));
    Stream<String> views =
        Pattern.compile("(?<=[\\[ ]')\\w+(?=')")
            .matcher(addresses.lines().filter(it -> it.contains("VIEWS = ")).findAny().get())
            .results()
            .map(it -> "/" + it.group());

    assertThat(paths)
        .extracting(HTTPIngressPath::getPath)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Stream.of("/", "/api", "/page", "/q/openapi"), views).toList());
    assertThat(paths)
        .filteredOn(it -> it.getPath().equals("/"))
        .extracting(HTTPIngressPath::getPathType)
        .containsExactly("Exact");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                                | 53 9092 8080
          kafka: {bootstrapServers: "a:9094,b:9094,c:9095"}                 | 53 9094 9095 8080
          registry: {url: "http://registry:8081/apis/registry/v3"}          | 53 9092 8081
          registry: {url: "http://registry/apis/registry/v3"}               | 53 9092 80
          registry: {url: "https://registry.lab/apis/registry/v3"}          | 53 9092 443
          tracing: {otlpEndpoint: "http://collector:4327"}                  | 53 9092 8080 4327
          networkPolicies: {kafka: {ports: [9, 10]}, registry: {ports: [8]}} | 53 9 10 8
          """)
  void aServiceReachesThePortsOfTheAddressesThatItHas(String values, String ports) {
    assertThat(
            one(render(values), NetworkPolicy.class, "mesh-aggregator")
                .getSpec()
                .getEgress()
                .stream()
                .flatMap(it -> it.getPorts().stream())
                .map(it -> it.getPort().getIntVal().toString())
                .distinct())
        .containsExactly(ports.split(" "));
  }

  @Test
  void onlyScorersReachTheHub() {
    List<HasMetadata> manifests = render("networkPolicies: {hub: {cidrs: [192.0.2.0/24]}}");

    assertThat(blocks(one(manifests, NetworkPolicy.class, "mesh-scorer")))
        .containsExactly("192.0.2.0/24");
    for (String other : List.of("mesh-gateway", "mesh-aggregator", "mesh-setup")) {
      assertThat(blocks(one(manifests, NetworkPolicy.class, other))).isEmpty();
    }
  }

  @Test
  void onlyTheGatewayReachesTheIdentityProvider() {
    List<HasMetadata> manifests =
        render("networkPolicies: {identityProvider: {cidrs: [192.0.2.0/24]}}");

    assertThat(blocks(one(manifests, NetworkPolicy.class, "mesh-gateway")))
        .containsExactly("192.0.2.0/24");
    assertThat(blocks(one(manifests, NetworkPolicy.class, "mesh-scorer"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gateway | {networkPolicies: {identityProvider: {cidrs: [192.0.2.0/24]}}} | 443
          gateway | {gateway: {access: {oidc: {authServerUrl: "https://keycloak.lab:8443/realms/lab", audience: c}}}, networkPolicies: {identityProvider: {cidrs: [192.0.2.0/24]}}} | 8443
          gateway | {gateway: {access: {oidc: {authServerUrl: "https://sso.lab/realms/lab", audience: c}}}, networkPolicies: {identityProvider: {cidrs: [192.0.2.0/24], ports: [9443]}}} | 9443
          scorer  | {networkPolicies: {hub: {cidrs: [192.0.2.0/24]}}} | 443
          scorer  | {networkPolicies: {hub: {cidrs: [192.0.2.0/24], ports: [443, 8443]}}} | 443 8443
          """)
  void whatIsOutsideIsReachedAtItsOwnPorts(String service, String values, String ports) {
    assertThat(
            one(render(values), NetworkPolicy.class, "mesh-" + service)
                .getSpec()
                .getEgress()
                .stream()
                .filter(it -> it.getTo().stream().anyMatch(to -> to.getIpBlock() != null))
                .flatMap(it -> it.getPorts().stream())
                .map(it -> it.getPort().getIntVal().toString()))
        .containsExactly(ports.split(" "));
  }

  @Test
  void nobodyButPrometheusReachesAScorer() {
    NetworkPolicy policy =
        one(render("monitoring: {namespace: watch}"), NetworkPolicy.class, "mesh-scorer");

    assertThat(policy.getSpec().getIngress()).hasSize(1);
    assertThat(
            policy
                .getSpec()
                .getIngress()
                .getFirst()
                .getFrom()
                .getFirst()
                .getNamespaceSelector()
                .getMatchLabels())
        .containsEntry("kubernetes.io/metadata.name", "watch");
  }

  @Test
  void prometheusIsToldWhereTheMetricsAre() {
    PodMonitor monitor =
        one(render("monitoring: {podMonitor: true}"), PodMonitor.class, "mesh-pods");

    assertThat(monitor.getSpec().getPodMetricsEndpoints().getFirst().getPath())
        .isEqualTo("/q/metrics");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kafka: {bootstrapServers: kafka}              | bootstrapServers
          kafka: {lockSeconds: 5}                       | lockSeconds
          registry: {url: "http://registry:8080"}       | url
          gateway: {replicas: 0}                        | replicas
          gateway: {replica: 2}                         | replica
          gateway: {autoscaling: {enabled: true, minReplicas: 8}} | gateway.autoscaling.minReplicas: 8 are more than maxReplicas: 6
          gateway: {ingress: {enabled: true}}           | gateway.ingress.host: give the name
          aggregator: {storage: {size: 50}}             | size
          gateway: {access: {anonymous: root}}          | anonymous
          gateway: {access: {oidc: {authServerUrl: "https://a"}}} | gateway.access.oidc.audience: name whom
          scorer: {pools: []}                           | pools
          scorer: {pools: [{name: A_100, flops: 1}]}    | name
          scorer: {pools: [{name: a, flops: 1, gpu: 1}]} | gpu
          scorer: {pools: [{name: a, flops: 1, gpus: 1, slots: 2}]} | a has gpus: 1 and slots: 2
          scorer: {pools: [{name: a, flops: 1, gpus: 4, slots: 1}]} | a has gpus: 4 and slots: 1
          image: {pullPolicy: Sometimes}                | pullPolicy
          """)
  void wrongValuesAreRefusedByName(String values, String named) {
    assertThatThrownBy(() -> render(values)).hasMessageContaining(named);
  }

  @Test
  void withoutBrokersTheErrorSaysWhatToGive() {
    assertThatThrownBy(() -> Chart.template("mesh", List.of("{}")))
        .hasMessageContaining("kafka.bootstrapServers: give host:port of the brokers");
  }

  private static Stream<PodSpec> pods(HasMetadata manifest) {
    return switch (manifest) {
      case Deployment it -> Stream.of(it.getSpec().getTemplate().getSpec());
      case StatefulSet it -> Stream.of(it.getSpec().getTemplate().getSpec());
      case Job it -> Stream.of(it.getSpec().getTemplate().getSpec());
      default -> Stream.empty();
    };
  }

  private static Container container(PodTemplateSpec template) {
    return template.getSpec().getContainers().getFirst();
  }

  private static Container gateway(List<HasMetadata> manifests) {
    return container(one(manifests, Deployment.class, "mesh-gateway").getSpec().getTemplate());
  }

  private static String environment(Container container, String name) {
    return container.getEnv().stream()
        .filter(it -> it.getName().equals(name))
        .findAny()
        .orElseThrow(() -> new AssertionError("no " + name))
        .getValue();
  }

  private static List<String> secrets(Deployment deployment) {
    return deployment.getSpec().getTemplate().getSpec().getVolumes().stream()
        .filter(it -> it.getSecret() != null)
        .map(it -> it.getSecret().getSecretName())
        .toList();
  }

  private static List<String> blocks(NetworkPolicy policy) {
    return policy.getSpec().getEgress().stream()
        .flatMap(it -> it.getTo().stream())
        .filter(it -> it.getIpBlock() != null)
        .map(it -> it.getIpBlock().getCidr())
        .toList();
  }
}
