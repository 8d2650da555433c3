package dev.castalia.helm;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The chart as Helm sees it, rendered and read without leniency. */
final class Chart {

  static final Path FOLDER = Path.of(System.getProperty("castalia.root"), "helm", "castalia");

  /** What every installation must say. */
  static final String MINIMUM =
      """
      kafka: {bootstrapServers: "kafka:9092"}
      registry: {url: "http://registry:8080/apis/registry/v3"}
      """;

  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.ofEntries(
          Map.entry("v1/Service", Service.class),
          Map.entry("v1/ServiceAccount", ServiceAccount.class),
          Map.entry("apps/v1/Deployment", Deployment.class),
          Map.entry("apps/v1/StatefulSet", StatefulSet.class),
          Map.entry("batch/v1/Job", Job.class),
          Map.entry("autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
          Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
          Map.entry("networking.k8s.io/v1/Ingress", Ingress.class),
          Map.entry("v1/ConfigMap", ConfigMap.class),
          Map.entry("monitoring.coreos.com/v1/PodMonitor", PodMonitor.class),
          Map.entry("monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class),
          Map.entry("keda.sh/v1alpha1/ScaledObject", CustomResources.ScaledObject.class),
          Map.entry("kafka.strimzi.io/v1/Kafka", CustomResources.Kafka.class),
          Map.entry("kafka.strimzi.io/v1/KafkaNodePool", CustomResources.KafkaNodePool.class),
          Map.entry("kafka.strimzi.io/v1/KafkaUser", CustomResources.KafkaUser.class),
          Map.entry(
              "registry.apicur.io/v1/ApicurioRegistry3", CustomResources.ApicurioRegistry3.class));

  private static final ObjectMapper YAML =
      new ObjectMapper(
              new YAMLFactory().enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS))
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private Chart() {}

  /**
   * The manifests for these values on top of {@link #MINIMUM}.
   *
   * @throws RuntimeException with Helm's own words if it refuses
   */
  static List<HasMetadata> render(String values) {
    return render("mesh", values);
  }

  /** The manifests of a release of another name. */
  static List<HasMetadata> render(String release, String values) {
    List<HasMetadata> manifests = new ArrayList<>();
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(template(release, List.of(MINIMUM, values)))) {
      while (documents.hasNext()) {
        JsonNode document = documents.next();
        if (document != null && !document.isNull() && !document.isEmpty()) {
          manifests.add(parse(document));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return manifests;
  }

  /** The one manifest of that type and name. */
  static <T extends HasMetadata> T one(List<HasMetadata> manifests, Class<T> type, String name) {
    return manifests.stream()
        .filter(type::isInstance)
        .map(type::cast)
        .filter(it -> it.getMetadata().getName().equals(name))
        .findAny()
        .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " " + name));
  }

  /** What Helm renders for these values, each set over the ones before. */
  static String template(String release, List<String> values) {
    try {
      var command = new Helm(FOLDER).template().withName(release).withNamespace("lab");
      for (String text : values) {
        Path file = Files.createTempFile("values", ".yaml");
        file.toFile().deleteOnExit();
        command.withValuesFile(Files.writeString(file, text));
      }
      return command.call();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HasMetadata parse(JsonNode document) throws IOException {
    String kind = document.path("apiVersion").asText() + "/" + document.path("kind").asText();
    Class<? extends HasMetadata> type = KINDS.get(kind);
    if (type == null) {
      throw new AssertionError("The chart renders a " + kind + ", which no test knows");
    }
    HasMetadata manifest = YAML.treeToValue(document, type);
    JsonNode known = YAML.valueToTree(manifest);
    requireNothingLost(document, known, kind + " " + manifest.getMetadata().getName());
    return manifest;
  }

  /** The models keep what they do not know aside: a misspelt field must not pass. */
  private static void requireNothingLost(JsonNode written, JsonNode read, String where) {
    if (written.isObject()) {
      written
          .properties()
          .forEach(
              field -> {
                boolean empty = field.getValue().isEmpty() && field.getValue().isContainerNode();
                if (!empty && !field.getValue().isNull() && !read.has(field.getKey())) {
                  throw new AssertionError(where + " has no field " + field.getKey());
                }
                if (read.has(field.getKey())) {
                  requireNothingLost(
                      field.getValue(), read.get(field.getKey()), where + "." + field.getKey());
                }
              });
    }
  }
}
