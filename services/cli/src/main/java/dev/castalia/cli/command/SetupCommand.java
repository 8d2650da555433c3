package dev.castalia.cli.command;

import dev.castalia.cli.CommandException;
import dev.castalia.schemas.ClusterSetup;
import dev.castalia.schemas.KafkaConnection;
import dev.castalia.schemas.Permissions;
import dev.castalia.schemas.SchemaRegistration;
import dev.castalia.schemas.Topic;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclBinding;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Prepares a Kafka cluster and a registry for the services. */
@Command(
    name = "setup",
    description = {
      "Creates the topics, sets the settings of topics and groups, and registers the schemas.",
      "Safe to repeat: what is there stays, except that settings are brought up to date. A local"
          + " cluster needs none of this: its gateway does it."
    })
public final class SetupCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT,…",
      required = true,
      description = "The brokers.")
  private String bootstrapServers;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description =
          "A properties file of client settings, as Kafka's own tools take with --command-config.")
  private Path kafkaConfig;

  @Option(
      names = "--registry-url",
      paramLabel = "URL",
      required = true,
      description = "The registry's own API, for example http://registry:8080/apis/registry/v3.")
  private String registryUrl;

  @Option(
      names = "--registry-confluent-url",
      paramLabel = "URL",
      description =
          "Its Confluent-compatible API, where that is not beside it at /apis/ccompat/v7.")
  private String confluentUrl;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "" + ClusterSetup.DEFAULT_PARTITIONS,
      description =
          "Partitions of the topics keyed by checkpoint, and so the most aggregator threads that"
              + " share the work; ${DEFAULT-VALUE} unless given. It cannot be changed later.")
  private int partitions;

  @Option(
      names = "--replication-factor",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Copies of each partition, of which all but one must have a record before it counts as"
              + " written; ${DEFAULT-VALUE} unless given.")
  private short replicationFactor;

  @Option(
      names = "--lock",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "How long a scorer may hold a request between two renewals; ${DEFAULT-VALUE} unless"
              + " given. Brokers allow 15 to 60 unless told otherwise.")
  private int lock;

  @Option(
      names = "--pools",
      paramLabel = "NAME,…",
      split = ",",
      description = "The pools of scorers, where there are some.")
  private List<String> pools = List.of();

  @Option(
      names = "--standbys",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Copies of every partition's state on other aggregators, ready to take over;"
              + " ${DEFAULT-VALUE} unless given.")
  private int standbys;

  @Option(
      names = "--allow",
      paramLabel = "SERVICE=PRINCIPAL",
      converter = AllowedConverter.class,
      description =
          "Also allow a principal what a service needs, and no more, at brokers with an authorizer:"
              + " gateway, aggregator, scorer, or reader for another program that reads the topics;"
              + " for example scorer=User:castalia-scorer. May be repeated.")
  private List<Allowed> allowed = List.of();

  private record Allowed(Permissions service, String principal) {}

  static final class AllowedConverter implements ITypeConverter<Allowed> {
    @Override
    public Allowed convert(String text) {
      String[] parts = text.split("=", 2);
      for (Permissions service : Permissions.values()) {
        if (parts.length == 2 && service.name().equalsIgnoreCase(parts[0])) {
          return new Allowed(service, parts[1]);
        }
      }
      throw new TypeConversionException(
          "'"
              + text
              + "' is not SERVICE=PRINCIPAL: give a service of gateway, aggregator, scorer and"
              + " reader, and a principal such as User:castalia-scorer");
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    ClusterSetup setup = setup();
    SchemaRegistration registration = registration();
    KafkaConnection kafka = new KafkaConnection(bootstrapServers, Optional.ofNullable(kafkaConfig));
    try (Admin admin = Admin.create(kafka.settings())) {
      setup.apply(admin);
      allow(admin);
    } catch (KafkaException | IllegalStateException e) {
      throw new CommandException(bootstrapServers + ": " + e.getMessage(), e);
    }
    try {
      registration.apply();
    } catch (IOException | IllegalStateException e) {
      throw new CommandException(registryUrl + ": " + e.getMessage(), e);
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%d topics and %d schemas are ready%n",
            Topic.values().length, SchemaRegistration.schemas().size());
    return 0;
  }

  private void allow(Admin admin) throws InterruptedException {
    if (allowed.isEmpty()) {
      return;
    }
    List<AclBinding> bindings =
        allowed.stream().flatMap(it -> it.service.to(it.principal).stream()).toList();
    try {
      admin.createAcls(bindings).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "The services could not be allowed what they need: " + e.getCause().getMessage(),
          e.getCause());
    }
  }

  private ClusterSetup setup() {
    try {
      return new ClusterSetup(
          partitions, replicationFactor, Duration.ofSeconds(lock), pools, standbys);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private SchemaRegistration registration() {
    try {
      return new SchemaRegistration(
          confluentUrl == null
              ? SchemaRegistration.confluentUrl(registryUrl, "--registry-confluent-url")
              : confluentUrl);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
