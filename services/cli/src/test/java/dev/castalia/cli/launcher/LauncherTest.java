package dev.castalia.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.castalia.cli.launcher.Checkout.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher, in a checkout whose Maven and whose JDKs are small scripts. */
@Tag("slow")
class LauncherTest {

  private static final String TEST_REPORT = "topology/target/surefire-reports/TEST-some.xml";

  @TempDir private Path folder;
  private Checkout checkout;

  @BeforeEach
  void checkOut() throws IOException {
    checkout = new Checkout(folder);
  }

  @Test
  void takesTheJdkThatJavaHomeNames() throws Exception {
    Path named = checkout.jdk(folder.resolve("named"), "25.0.1");
    checkout.jdk(checkout.jvms().resolve("other"), "25.0.2");
    assertThat(checkout.with("JAVA_HOME", named).run().output()).contains("java of " + named);
  }

  @ParameterizedTest
  @ValueSource(strings = {"17.0.15", "1.8.0_452", "24"})
  void passesOverAJavaHomeThatIsTooOld(String version) throws Exception {
    Path old = checkout.jdk(folder.resolve("old"), version);
    Path recent = checkout.jdk(checkout.jvms().resolve("recent"), "25");
    assertThat(checkout.with("JAVA_HOME", old).run().output()).contains("java of " + recent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"25", "25.0.1", "25-ea", "26.0.2"})
  void takesAnyVersionFrom25On(String version) throws Exception {
    Path jdk = checkout.jdk(checkout.jvms().resolve("jdk"), version);
    assertThat(checkout.run().output()).contains("java of " + jdk);
  }

  @Test
  void followsTheLinksOfTheJavaOnThePath() throws Exception {
    Path jdk = checkout.jdk(folder.resolve("far/away"), "25").toRealPath();
    Path alternatives = Files.createDirectories(folder.resolve("alternatives"));
    Path path = Files.createDirectories(folder.resolve("path"));
    Files.createSymbolicLink(alternatives.resolve("java"), jdk.resolve("bin/java"));
    Files.createSymbolicLink(path.resolve("java"), Path.of("../alternatives/java"));
    assertThat(checkout.withPath(path).run().output()).contains("java of ", "far/away");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".sdkman/candidates/java/25.0.1-tem",
        ".asdf/installs/java/temurin-25.0.1",
        ".local/share/mise/installs/java/25"
      })
  void findsTheJdksOfVersionManagers(String place) throws Exception {
    Path jdk = checkout.jdk(checkout.home().resolve(place), "25.0.1");
    assertThat(checkout.run().output()).contains("java of " + jdk);
  }

  @Test
  void asksJavaForItsVersionWhereNoFileTellsIt() throws Exception {
    checkout.jdkWithoutRelease(checkout.jvms().resolve("a"), "21.0.2");
    Path jdk = checkout.jdkWithoutRelease(checkout.jvms().resolve("b"), "25.0.2");
    assertThat(checkout.run().output()).contains("java of " + jdk);
  }

  @Test
  void passesOverARuntimeWithoutCompiler() throws Exception {
    checkout.runtime(checkout.jvms().resolve("a-runtime"), "25");
    Path jdk = checkout.jdk(checkout.jvms().resolve("b-jdk"), "25");
    assertThat(checkout.run().output()).contains("java of " + jdk);
  }

  @Test
  void saysWhatToInstallWhereThereIsNoJdk() throws Exception {
    assumeThat(Path.of("/usr/libexec/java_home"))
        .as("macOS tells of JDKs that cannot be hidden from it")
        .doesNotExist();
    assumeThat(Path.of("/opt/java")).as("a JDK that cannot be hidden").doesNotExist();
    checkout.jdk(checkout.jvms().resolve("old"), "17");

    Run run = checkout.run("up");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.output())
        .startsWith("castalia: needs a JDK 25 or later")
        .contains("JAVA_HOME", "apt-get install", "brew install", "sdk install");
    assertThat(checkout.builds()).isZero();
  }

  @Test
  void buildsOnceAndNotAgain() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    assertThat(checkout.run().output()).contains("Building Castalia: the first time");
    assertThat(checkout.run().output()).doesNotContain("Building");
    assertThat(checkout.builds()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"services/scorer/src/main/java/Scorer.java", "pom.xml"})
  void buildsAgainWhenASourceHasChanged(String source) throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.run();
    checkout.touch(source);
    assertThat(checkout.run().output()).contains("Building Castalia: sources have changed");
    assertThat(checkout.builds()).isEqualTo(2);
  }

  @Test
  void buildsAgainWhenASourceIsGone() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.run();
    checkout.delete("services/scorer/src/main/java/Scorer.java");
    checkout.run();
    assertThat(checkout.builds()).isEqualTo(2);
  }

  @Test
  void buildsAgainWhenWhatWasBuiltIsGone() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.run();
    checkout.delete("services/scorer/target/quarkus-app/quarkus-run.jar");
    checkout.run();
    assertThat(checkout.builds()).isEqualTo(2);
  }

  @Test
  void buildsNothingForAChangedTest() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.run();
    checkout.touch("services/scorer/src/test/java/ScorerTest.java");
    checkout.run();
    assertThat(checkout.builds()).isEqualTo(1);
  }

  @Test
  void whatWasBuiltForGpusIsBuiltForThemAgain() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.with("CASTALIA_PROFILE", "cuda").run();
    checkout.without("CASTALIA_PROFILE");
    checkout.run();
    assertThat(checkout.builds()).isEqualTo(1);

    checkout.touch("services/scorer/src/main/java/Scorer.java");
    checkout.run();

    assertThat(checkout.builds()).isEqualTo(2);
    assertThat(checkout.lastBuild()).contains("-Pcuda");
  }

  @Test
  void theTestsAreOfTheProfileThatWasBuilt() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.with("CASTALIA_PROFILE", "cuda").run();
    checkout.maven(report(1, 0, 0, 0, "exit 0"));
    checkout.without("CASTALIA_PROFILE").run("test");
    assertThat(checkout.lastBuild()).contains("-Pcuda", "verify");
  }

  @Test
  void buildsAgainWithoutALibraryOfBeforeWhenAnotherProfileIsAskedFor() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.with("CASTALIA_PROFILE", "cuda").run();
    Path library = checkout.write("services/cli/target/lib/onnxruntime_gpu.jar", "");

    Run run = checkout.with("CASTALIA_PROFILE", "").run();

    assertThat(run.output()).contains("Building Castalia: another profile");
    assertThat(checkout.builds()).isEqualTo(2);
    assertThat(checkout.lastBuild()).doesNotContain("-P");
    assertThat(library).doesNotExist();
  }

  @Test
  void afterAFailedBuildOfAnotherProfileAllIsBuiltAgain() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.run();
    checkout.maven("exit 1");
    checkout.with("CASTALIA_PROFILE", "cuda").run();
    checkout.maven("exit 0");
    checkout.without("CASTALIA_PROFILE").run();
    assertThat(checkout.builds()).isEqualTo(3);
    assertThat(checkout.lastBuild()).doesNotContain("-P");
  }

  @Test
  void refusesAProfileThatThereIsNot() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    Run run = checkout.with("CASTALIA_PROFILE", "rocm").run();
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.output()).startsWith("castalia: CASTALIA_PROFILE is 'rocm': give cuda");
    assertThat(checkout.builds()).isZero();
  }

  @Test
  void showsTheEndOfTheLogWhenTheBuildFails() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.maven("echo '[ERROR] no such symbol'; exit 1");

    Run run = checkout.run();

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.output())
        .contains("[ERROR] no such symbol", "castalia: the build failed", "build.log")
        .doesNotContain("java of");
    assertThat(checkout.root().resolve("target/building")).doesNotExist();
  }

  @Test
  void aFailedBuildIsTriedAgain() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.maven("exit 1");
    checkout.run();
    checkout.maven("exit 0");
    assertThat(checkout.run().output()).contains("java of");
  }

  @Test
  void twoLaunchersBuildOnce() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.maven("sleep 2");
    Path launcher = checkout.root().resolve("castalia");

    Process first = checkout.start(launcher);
    Process second = checkout.start(launcher);

    assertThat(Checkout.end(first).output()).contains("java of");
    assertThat(Checkout.end(second).output()).contains("java of");
    assertThat(checkout.builds()).isEqualTo(1);
  }

  @Test
  void theLockOfAProcessThatIsGoneHoldsNobodyUp() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    checkout.isBuiltBy(gone.pid() + "@1");

    assertThat(checkout.run().output()).contains("java of");
  }

  /** In a container every launcher has the same number, and after a restart anything may. */
  @Test
  void theLockOfAProcessWhoseNumberIsAnothersNowHoldsNobodyUp() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.isBuiltBy(ProcessHandle.current().pid() + "@1");

    assertThat(checkout.run().output()).contains("java of");
  }

  /** Between a look at a lock whose owner is gone and its removal, another launcher may take it. */
  @Test
  void theLockThatAnotherLauncherTookMeanwhileIsLeftToIt() throws Exception {
    Path stat = Path.of("/proc/self/stat");
    assumeThat(stat).as("when a process started").exists();
    String self =
        ProcessHandle.current().pid()
            + "@"
            + Files.readString(stat).replaceFirst("^.*\\) ", "").split(" ")[19];
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.isBuiltBy(ProcessHandle.current().pid() + "@1");
    Path tools = Files.createDirectories(checkout.home().resolve("tools"));
    Path lock = checkout.root().resolve("target/building");
    Checkout.executable(
        tools.resolve("mv"),
        "ln -sf %s '%s'; exec '%s' \"$@\"".formatted(self, lock, Checkout.onPath("mv")));

    Process launcher = checkout.withPath(tools).start(checkout.root().resolve("castalia"));

    assertThat(launcher.inputReader().readLine())
        .startsWith("Waiting for process " + ProcessHandle.current().pid());
    assertThat(Files.readSymbolicLink(lock)).hasToString(self);
    launcher.toHandle().destroy();
    Checkout.end(launcher);
  }

  @ParameterizedTest
  @ValueSource(strings = {"up", "test"})
  void aLauncherThatIsToldToEndEndsTheBuildBeforeItGivesTheLockBack(String command)
      throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.maven(
        """
        sleep 20 &
        trap 'kill $!; [ ! -L target/building ] || touch locked-to-the-end; exit 143' TERM
        touch begun
        wait
        """);
    Process launcher = checkout.start(checkout.root().resolve("castalia"), command);
    await().until(() -> Files.exists(checkout.root().resolve("begun")));

    launcher.toHandle().destroy();

    assertThat(Checkout.end(launcher).status()).isEqualTo(143);
    assertThat(checkout.root().resolve("locked-to-the-end")).exists();
    assertThat(checkout.root().resolve("target/building")).doesNotExist();
  }

  @Test
  void saysWhyTheBuildCannotBeLocked() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    Path tools = Files.createDirectories(checkout.home().resolve("tools"));
    Checkout.executable(tools.resolve("ln"), "echo 'ln: no links here' >&2; exit 1");

    Checkout.Run run = checkout.withPath(tools).run();

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.output()).contains("castalia: cannot lock the build: ln: no links here");
  }

  @Test
  void canBeCalledThroughALink() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    Path link =
        Files.createSymbolicLink(folder.resolve("link"), checkout.root().resolve("castalia"));
    assertThat(checkout.run(link).output())
        .contains("argument <-Dcastalia.root=" + checkout.root() + ">");
  }

  @Test
  void handsOnArgumentsAndExitStatusAsTheyAre() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");

    Run run = checkout.with("CASTALIA_TEST_STATUS", 2).run("score", "two words", "", "$HOME");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.output())
        .endsWith(
            """
            argument <dev.castalia.cli.Main>
            argument <score>
            argument <two words>
            argument <>
            argument <$HOME>
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "C POSIX ko_KR.utf8 C.utf8, C.utf8",
    "C POSIX C.UTF-8 en_US.UTF-8, C.UTF-8",
    "C en_US en_US.UTF-8 ko_KR.UTF-8, en_US.UTF-8",
    "C POSIX, C.UTF-8"
  })
  void givesJavaALocaleOfUtf8WhereThereIsNone(String installed, String chosen) throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    Path tools = locales("ANSI_X3.4-1968", installed);
    assertThat(checkout.with("LC_ALL", "C").withPath(tools).run().output())
        .contains("in locale <" + chosen + ">");
  }

  @Test
  void givesJavaALocaleOfUtf8WhereNobodyTellsOfLocales() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    assertThat(checkout.run().output()).contains("in locale <C.UTF-8>");
  }

  @Test
  void leavesALocaleOfUtf8AsItIs() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    Path tools = locales("UTF-8", "C C.utf8");
    assertThat(checkout.withPath(tools).run().output()).contains("in locale <>");
  }

  @Test
  void theRealJavaReadsArgumentsAsUtf8InTheCLocale() throws Exception {
    Path jdk = checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    Path java = Path.of(System.getProperty("java.home"), "bin/java");
    Checkout.executable(
        jdk.resolve("bin/java"), "exec '%s' -XshowSettings:properties -version".formatted(java));
    assertThat(checkout.with("LC_ALL", "C").run().output()).contains("sun.jnu.encoding = UTF-8");
  }

  @Test
  void countsTheTests() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.maven(report(7, 0, 0, 2, "exit 0"));

    Run run = checkout.run("test");

    assertThat(run.status()).isZero();
    assertThat(run.output().lines().toList()).endsWith("5 passed, 0 failed, 2 skipped");
  }

  @Test
  void countsAndNamesTheTestsThatFail() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.maven(report(7, 1, 2, 0, "echo '[ERROR]   LedgerTest.countsOnce:42'; exit 1"));

    Run run = checkout.run("test");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.output()).contains("LedgerTest.countsOnce:42", "test.log");
    assertThat(run.output().lines().toList()).endsWith("4 passed, 3 failed, 0 skipped");
  }

  @Test
  void testsOfAnEarlierRunAreNotCounted() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.maven(report(7, 0, 0, 0, "exit 0"));
    checkout.run("test");
    checkout.maven("echo '[ERROR] does not compile'; exit 1");

    Run run = checkout.run("test");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.output()).contains("does not compile", "No test ran.").doesNotContain("passed");
  }

  @Test
  void whatTheTestsHaveBuiltIsNotBuiltAgain() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.maven(report(1, 0, 0, 0, "exit 0"));
    checkout.run("test");
    checkout.run("up");
    assertThat(checkout.builds()).isEqualTo(1);
  }

  @Test
  void whatFastTestsHaveNotPackagedIsStillToBeBuilt() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.maven(report(1, 0, 0, 0, "exit 0"));
    checkout.run("test", "--fast");
    checkout.run("up");
    assertThat(checkout.builds()).isEqualTo(2);
  }

  @Test
  void refusesAnUnknownOptionOfTest() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    Run run = checkout.run("test", "--quick");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.output()).contains("--quick", "--help");
    assertThat(checkout.builds()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "score", "publish", "follow"})
  void whatTakesFingerprintsOfWeightsIsCompiledThoroughly(String command) throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    assertThat(checkout.run(command).output())
        .contains("<@" + checkout.root() + "/services/cli/src/main/jvm/patient-compiler>")
        .doesNotContain("TieredStopAtLevel");
    assertThat(checkout.run("leaderboard").output()).contains("-XX:TieredStopAtLevel=1");
  }

  @Test
  void runsOnlyTheLongTestsThatAreAskedFor() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.maven(report(1, 0, 0, 0, "echo \"$@\" > maven-arguments"));
    checkout.run("test", "--chaos", "--load");
    assertThat(checkout.root().resolve("maven-arguments"))
        .content()
        .contains("-Dgroups=chaos|load -Dcastalia.test.excluded= -Dcastalia.test.compiler= verify");
  }

  @Test
  void runsModulesSideBySideUnlessTimesAreMeasured() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    checkout.maven(report(1, 0, 0, 0, "echo \"$@\" >> maven-arguments"));
    checkout.run("test");
    checkout.run("test", "--load");
    assertThat(Files.readAllLines(checkout.root().resolve("maven-arguments")))
        .satisfiesExactly(
            all -> assertThat(all).contains("-T2 -Dcastalia.test.lanes=2"),
            measured -> assertThat(measured).doesNotContain("-T2", "lanes"));
  }

  @Test
  void refusesFastTogetherWithLongTests() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    Run run = checkout.run("test", "--load", "--fast");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.output()).contains("--fast", "--help");
    assertThat(checkout.builds()).isZero();
  }

  @Test
  void showsTheFiguresThatTestsPrint() throws Exception {
    checkout.jdk(checkout.jvms().resolve("jdk"), "25");
    String output = "topology/target/surefire-reports/LoadTest-output.txt";
    checkout.maven(report(1, 0, 0, 0, "printf 'noise\\nfigure: 9 units/s\\n' > " + output));
    assertThat(checkout.run("test").output())
        .startsWith("figure: 9 units/s")
        .doesNotContain("noise");
  }

  /** A folder with a {@code locale} that tells of these. */
  private Path locales(String charmap, String installed) throws IOException {
    Path tools = Files.createDirectories(checkout.home().resolve("tools"));
    Checkout.executable(
        tools.resolve("locale"),
        "[ $1 = charmap ] && echo '%s' || printf '%%s\\n' %s".formatted(charmap, installed));
    return tools;
  }

  /** A script that leaves a report of tests as Surefire does. */
  private static String report(int tests, int errors, int failures, int skipped, String then) {
    return """
        mkdir -p topology/target/surefire-reports
        echo '<testsuite name="a" time="1.5" tests="%d" errors="%d" skipped="%d" failures="%d">' > %s
        %s
        """
        .formatted(tests, errors, skipped, failures, TEST_REPORT, then);
  }
}
