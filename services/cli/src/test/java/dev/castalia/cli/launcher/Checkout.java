package dev.castalia.cli.launcher;

import dev.castalia.cli.cluster.Installation;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A checkout with the real launcher, and with a Maven that only takes note that it was called and
 * makes the files that a build makes. Its home is empty, and its path holds no Java.
 */
final class Checkout {

  private static final List<String> TOOLS =
      List.of(
          "awk",
          "bash",
          "cat",
          "dirname",
          "env",
          "find",
          "grep",
          "head",
          "ln",
          "mkdir",
          "mv",
          "readlink",
          "rm",
          "sed",
          "sleep",
          "sort",
          "tail",
          "touch",
          "uniq");
  private static final List<String> OUTPUTS =
      List.of(
          "services/gateway/target/quarkus-app/quarkus-run.jar",
          "services/aggregator/target/quarkus-app/quarkus-run.jar",
          "services/scorer/target/quarkus-app/quarkus-run.jar",
          "services/cli/target/registry/quarkus-run.jar",
          "services/cli/target/castalia-cli.jar");
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Path folder;
  private final Map<String, String> environment = new TreeMap<>();

  /** What a run printed, to both outputs, and its exit status. */
  record Run(int status, String output) {}

  /**
   * @param folder an empty one
   */
  Checkout(Path folder) throws IOException {
    this.folder = folder.toRealPath();
    Path real = Installation.find().root();
    Files.createDirectories(root());
    Files.copy(real.resolve("castalia"), root().resolve("castalia"));
    Path scripts = Path.of("services/cli/src/main/sh");
    Files.createDirectories(root().resolve(scripts));
    for (String script : List.of("maven", "test")) {
      Files.copy(real.resolve(scripts).resolve(script), root().resolve(scripts).resolve(script));
    }
    Files.createDirectories(root().resolve(".mvn"));
    Files.createDirectories(root().resolve("schemas"));
    Files.createDirectories(root().resolve("topology"));
    write("pom.xml", "<project/>");
    write("services/scorer/src/main/java/Scorer.java", "class Scorer {}");
    write("services/scorer/src/test/java/ScorerTest.java", "class ScorerTest {}");
    maven("exit 0");
    age();
    Files.createDirectories(this.folder.resolve("home"));
    Path tools = Files.createDirectories(this.folder.resolve("tools"));
    for (String tool : TOOLS) {
      Files.createSymbolicLink(tools.resolve(tool), onPath(tool));
    }
    environment.put("HOME", this.folder.resolve("home").toString());
    environment.put("PATH", tools.toString());
    environment.put("CASTALIA_JVM_DIR", this.folder.resolve("jvm").toString());
  }

  Path root() {
    return folder.resolve("castalia checkout");
  }

  Path home() {
    return folder.resolve("home");
  }

  Path jvms() {
    return folder.resolve("jvm");
  }

  /** Makes Maven do this too, after it has made what a build makes. */
  void maven(String script) throws IOException {
    StringBuilder text = new StringBuilder("echo \"$@\" >> \"").append(calls()).append("\"\n");
    text.append("cd \"").append(root()).append("\"\n");
    for (String output : OUTPUTS) {
      text.append("mkdir -p ").append(Path.of(output).getParent()).append('\n');
      text.append("touch ").append(output).append('\n');
    }
    executable(root().resolve("mvnw"), text.append(script).toString());
  }

  /** Locks the build as this process, an id and when it started, would. */
  void isBuiltBy(String process) throws IOException {
    Files.createDirectories(root().resolve("target"));
    Files.createSymbolicLink(root().resolve("target/building"), Path.of(process));
  }

  /** How often Maven was called. */
  int builds() throws IOException {
    return Files.exists(calls()) ? Files.readAllLines(calls()).size() : 0;
  }

  /** What Maven was called with last. */
  String lastBuild() throws IOException {
    return Files.readAllLines(calls()).getLast();
  }

  Path write(String name, String text) throws IOException {
    Path file = root().resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /** Makes a source newer than any build so far. */
  void touch(String name) throws IOException {
    Files.setLastModifiedTime(
        root().resolve(name), FileTime.from(Instant.now().plus(Duration.ofMinutes(1))));
  }

  void delete(String name) throws IOException {
    Path file = root().resolve(name);
    Files.delete(file);
    Files.setLastModifiedTime(
        file.getParent(), FileTime.from(Instant.now().plus(Duration.ofMinutes(1))));
  }

  /** Makes a JDK whose java prints where it is, in which locale and what it was called with. */
  Path jdk(Path where, String version) throws IOException {
    runtime(where, version);
    executable(where.resolve("bin/javac"), "exit 1");
    return where;
  }

  /** Makes a JDK without a compiler. */
  Path runtime(Path where, String version) throws IOException {
    jdkWithoutRelease(where, version);
    Files.delete(where.resolve("bin/javac"));
    Files.writeString(
        where.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"%s\"\n".formatted(version));
    return where;
  }

  /** Makes a JDK whose version only java itself can tell. */
  Path jdkWithoutRelease(Path where, String version) throws IOException {
    executable(
        where.resolve("bin/java"),
        """
        if [ "$1" = -version ]; then
          echo 'openjdk version "%s" 2026-01-20' >&2
          exit
        fi
        echo "java of $JAVA_HOME"
        echo "in locale <${LC_ALL:-}>"
        for argument in "$@"; do echo "argument <$argument>"; done
        exit ${CASTALIA_TEST_STATUS:-0}
        """
            .formatted(version));
    executable(where.resolve("bin/javac"), "exit 1");
    return where;
  }

  Checkout with(String variable, Object value) {
    environment.put(variable, value.toString());
    return this;
  }

  Checkout without(String variable) {
    environment.remove(variable);
    return this;
  }

  /** Puts a folder in front of the path. */
  Checkout withPath(Path first) {
    return with("PATH", first + File.pathSeparator + environment.get("PATH"));
  }

  Run run(String... arguments) throws IOException, InterruptedException {
    return run(root().resolve("castalia"), arguments);
  }

  Run run(Path launcher, String... arguments) throws IOException, InterruptedException {
    return end(start(launcher, arguments));
  }

  Process start(Path launcher, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  static Run end(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes());
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("The launcher does not end; it printed " + output);
    }
    return new Run(process.exitValue(), output);
  }

  private Path calls() {
    return folder.resolve("maven-calls");
  }

  private void age() throws IOException {
    FileTime anHourAgo = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
    try (Stream<Path> all = Files.walk(root())) {
      for (Path one : all.toList()) {
        Files.setLastModifiedTime(one, anHourAgo);
      }
    }
  }

  static void executable(Path file, String script) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/usr/bin/env bash\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Where a tool is that this machine has. */
  static Path onPath(String tool) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(it -> Path.of(it, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + tool + " on the path"));
  }
}
