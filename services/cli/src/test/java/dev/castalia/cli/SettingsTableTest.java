package dev.castalia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.castalia.cli.cluster.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** README's table of settings, and what the services read. */
class SettingsTableTest {

  private static final Path ROOT = Installation.find().root();
  private static final List<String> SERVICES = List.of("aggregator", "gateway", "scorer");
  private static final Pattern ROW =
      Pattern.compile(
          "(?m)^\\| `(?<key>castalia\\..*?)` \\| (`(?<default>[^`]*)`|.*?) \\| (?<service>\\w+) \\|");

  /**
   * @param byDefault empty where it depends, or there is none
   */
  private record Setting(String service, String key, Optional<String> byDefault) {}

  @Test
  void hasEverySettingWithItsDefaultAndNoOther() throws IOException {
    Set<Setting> read = new HashSet<>();
    SERVICES.forEach(it -> addOf(it, read));

    assertThat(documented()).containsExactlyInAnyOrderElementsOf(read);
  }

  private static List<Setting> documented() throws IOException {
    return ROW.matcher(Files.readString(ROOT.resolve("README.md")))
        .results()
        .flatMap(SettingsTableTest::settings)
        .toList();
  }

  private static Stream<Setting> settings(MatchResult row) {
    String service = row.group("service");
    return (service.equals("all") ? SERVICES.stream() : Stream.of(service))
        .map(it -> new Setting(it, row.group("key"), Optional.ofNullable(row.group("default"))));
  }

  /** A service is on no class path of these tests: its mapping is read from files. */
  private static void addOf(String service, Set<Setting> settings) {
    Path classes = ROOT.resolve("services").resolve(service).resolve("target/classes");
    for (JavaClass type :
        new ClassFileImporter().withImportOption(it -> it.contains("Config")).importPath(classes)) {
      type.tryGetAnnotationOfType("io.smallrye.config.ConfigMapping")
          .flatMap(it -> it.get("prefix"))
          .ifPresent(prefix -> addOf(service, prefix.toString(), type, settings));
    }
  }

  private static void addOf(
      String service, String prefix, JavaClass mapping, Set<Setting> settings) {
    for (JavaMethod method : mapping.getMethods()) {
      if (method.getModifiers().contains(JavaModifier.ABSTRACT)) {
        String key = prefix + "." + name(method);
        if (method.getRawReturnType().getEnclosingClass().isPresent()) {
          addOf(service, key, method.getRawReturnType(), settings);
        } else {
          settings.add(new Setting(service, key, annotation(method, "WithDefault")));
        }
      }
    }
  }

  private static String name(JavaMethod method) {
    return annotation(method, "WithName")
        .orElseGet(() -> method.getName().replaceAll("[A-Z]", "-$0").toLowerCase(Locale.ROOT));
  }

  private static Optional<String> annotation(JavaMethod method, String type) {
    return method
        .tryGetAnnotationOfType("io.smallrye.config." + type)
        .flatMap(it -> it.get("value"))
        .map(Object::toString);
  }
}
