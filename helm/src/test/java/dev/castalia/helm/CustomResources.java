package dev.castalia.helm;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Map;

/**
 * Custom resources of operators, as far as the chart uses them: a field that is not here is one
 * that the operator's own documentation was not looked up for.
 */
final class CustomResources {

  private CustomResources() {}

  /** A resource with metadata and a specification, read as what it is and not as anything. */
  @JsonDeserialize(using = JsonDeserializer.None.class)
  abstract static class Resource<S> implements HasMetadata {

    @JsonProperty private String apiVersion;
    @JsonProperty private String kind;
    @JsonProperty private ObjectMeta metadata;
    @JsonProperty private S spec;

    S spec() {
      return spec;
    }

    @Override
    public ObjectMeta getMetadata() {
      return metadata;
    }

    @Override
    public void setMetadata(ObjectMeta metadata) {
      this.metadata = metadata;
    }

    @Override
    public String getApiVersion() {
      return apiVersion;
    }

    @Override
    public void setApiVersion(String version) {
      this.apiVersion = version;
    }

    @Override
    public String getKind() {
      return kind;
    }
  }

  // KEDA

  static final class ScaledObject extends Resource<ScaledObject.Spec> {

    record Spec(
        Target scaleTargetRef,
        int minReplicaCount,
        int maxReplicaCount,
        int pollingInterval,
        int cooldownPeriod,
        Fallback fallback,
        Advanced advanced,
        List<Trigger> triggers) {}

    record Target(String apiVersion, String kind, String name) {}

    record Fallback(int failureThreshold, int replicas, String behavior) {}

    record Advanced(Scaler horizontalPodAutoscalerConfig) {}

    record Scaler(Behavior behavior) {}

    record Behavior(ScaleDown scaleDown) {}

    record ScaleDown(int stabilizationWindowSeconds) {}

    record Trigger(String type, Map<String, String> metadata) {}
  }

  // Strimzi

  static final class Kafka extends Resource<Kafka.Spec> {

    record Spec(Brokers kafka, EntityOperator entityOperator) {}

    record Brokers(
        String version, List<Listener> listeners, Type authorization, Map<String, Object> config) {}

    record Listener(String name, int port, String type, boolean tls, Type authentication) {}

    record EntityOperator(Map<String, Object> userOperator) {}
  }

  static final class KafkaNodePool extends Resource<KafkaNodePool.Spec> {

    record Spec(
        int replicas, List<String> roles, ResourceRequirements resources, Storage storage) {}

    record Storage(String type, List<Volume> volumes) {}

    record Volume(
        int id,
        String type,
        String size,
        @JsonProperty("class") String storageClass,
        boolean deleteClaim,
        String kraftMetadata) {}
  }

  static final class KafkaUser extends Resource<KafkaUser.Spec> {

    record Spec(Type authentication, Authorization authorization) {}

    record Authorization(String type, List<Acl> acls) {}

    record Acl(Subject resource, List<String> operations) {}

    record Subject(String type, String name, String patternType) {}
  }

  record Type(String type) {}

  // Apicurio

  static final class ApicurioRegistry3 extends Resource<ApicurioRegistry3.Spec> {

    record Spec(App app, Enabled ui) {}

    record App(Enabled ingress, Storage storage) {}

    record Enabled(boolean enabled) {}

    record Storage(String type, Sql sql) {}

    record Sql(DataSource dataSource) {}

    record DataSource(String url, String username, Secret password) {}

    record Secret(String name, String key) {}
  }
}
