package dev.castalia.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.castalia.cli.cluster.Installation;
import dev.castalia.schemas.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Dependencies point inward: gateway, scorer, aggregator, cli → topology, scoring → schemas. */
class ArchitectureTest {

  private static final List<String> MODULES =
      List.of(
          "schemas",
          "topology",
          "services/scoring",
          "services/scorer",
          "services/aggregator",
          "services/gateway",
          "services/cli");
  private static final Path ROOT = Installation.find().root();

  private static JavaClasses all;

  @BeforeAll
  static void readClasses() {
    List<Path> folders =
        MODULES.stream().map(it -> ROOT.resolve(it).resolve("target/classes")).toList();
    assertThat(folders).allSatisfy(it -> assertThat(it).isDirectory());
    all = new ClassFileImporter().importPaths(folders);
    assertThat(all).hasSizeGreaterThan(200);
  }

  @Test
  void theEventsDependOnNoOtherPartOfCastalia() {
    mayDependOn("schemas");
  }

  @Test
  void theTopologyDependsOnTheEventsAlone() {
    mayDependOn("topology", "schemas");
  }

  @Test
  void scoringDependsOnTheEventsAlone() {
    mayDependOn("scoring", "schemas");
  }

  @Test
  void servicesDependOnNoOtherService() {
    mayDependOn("scorer", "scoring", "schemas");
    mayDependOn("aggregator", "topology", "schemas");
    mayDependOn("gateway", "topology", "schemas");
    mayDependOn("cli", "scoring", "topology", "schemas");
  }

  @Test
  void neitherTopologyNorScoringKnowsAFramework() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.castalia.topology..", "dev.castalia.scoring..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.quarkus..", "jakarta..", "io.smallrye..")
        .check(all);
  }

  @Test
  void scoringKnowsNoKafka() {
    noClasses()
        .that()
        .resideInAPackage("dev.castalia.scoring..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka..")
        .check(all);
  }

  @Test
  void onlyTheEventsModuleWritesTheNameOfATopic() throws IOException {
    List<String> names =
        Arrays.stream(Topic.values()).map(it -> '"' + it.topicName() + '"').toList();
    List<String> found = new ArrayList<>();
    for (String module : MODULES.subList(1, MODULES.size())) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main"))) {
        for (Path file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
          String text = Files.readString(file);
          names.stream().filter(text::contains).forEach(it -> found.add(file + " writes " + it));
        }
      }
    }

    assertThat(found).isEmpty();
  }

  private static void mayDependOn(String module, String... others) {
    List<String> allowed = new ArrayList<>(List.of("dev.castalia." + module + ".."));
    for (String other : others) {
      allowed.add("dev.castalia." + other + "..");
    }
    allowed.add("dev.castalia.events..");
    classes()
        .that()
        .resideInAPackage("dev.castalia." + module + "..")
        .should()
        .onlyDependOnClassesThat(
            com.tngtech.archunit.base.DescribedPredicate.not(
                    com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(
                        "dev.castalia.."))
                .or(
                    com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage(
                        allowed.toArray(String[]::new))))
        .check(all);
  }
}
