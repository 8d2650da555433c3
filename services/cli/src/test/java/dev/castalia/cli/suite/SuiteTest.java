package dev.castalia.cli.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.Suites;
import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.MetricEntry;
import dev.castalia.cli.gateway.TaskEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteTest {

  private static Announcement demo;

  @TempDir private Path folder;

  @BeforeAll
  static void readTheBundledSuite() {
    demo = Suite.read(Suites.bundled()).announcement(Suite.Steps.DEMO);
  }

  @Test
  void theWholeNanoSuiteIsReadWithTheFactsOfItsListing() {
    Path root = Suites.whole();

    Announcement whole = Suite.read(root).announcement(Suite.Steps.LISTED);

    assertThat(whole.tasks()).hasSize(8);
    assertThat(whole.missing()).isEmpty();
    assertThat(whole.wrong()).isEmpty();
    assertThat(whole.checkpoints())
        .hasSize(176)
        .allMatch(checkpoint -> checkpoint.contentHash() != null)
        // What the hash is, other tests tell.
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("contentHash")
        .contains(
            new CheckpointEntry(
                "nano-197k-ko-from512-lr0.001",
                "step300",
                300,
                1_228_800,
                198_400,
                100_096L,
                "standard",
                1234L,
                "ko",
                "nano-197k@step512",
                0.001,
                "nano",
                root.resolve("tokenizer.json").toString(),
                root.resolve("checkpoints/nano-197k-ko-from512-lr0.001/step300").toString()));
  }

  @Test
  void theBundledSuiteHasItsDemoSteps() {
    assertThat(demo.missing()).isEmpty();
    assertThat(demo.checkpoints())
        .filteredOn(checkpoint -> checkpoint.model().equals("nano-74k-seed2"))
        .extracting(CheckpointEntry::step)
        .containsExactly(128L, 256L, 512L, 1000L, 2000L);
  }

  @Test
  void aTaskHasWhatAPlanNeeds() {
    TaskEntry agreement = task(demo, "nano_agreement");
    assertThat(agreement.documents()).isEqualTo(300);
    assertThat(agreement.language()).isEqualTo("en");
    assertThat(agreement.outputType()).isEqualTo("multiple_choice");
    assertThat(agreement.metrics()).contains(new MetricEntry("acc", "MEAN", "HIGHER", null, 0.5));
    assertThat(Path.of(agreement.location()))
        .isEqualTo(Suites.bundled().resolve("tasks/nano_agreement.yaml"));
    assertThat(agreement.sliceDocuments()).isBetween(1, 300);
    assertThat(agreement.meanTokens()).isPositive();
  }

  @Test
  void aMemorizationTaskLeavesOutWhatIsTooShort() {
    // Of 150 documents 18 have fewer than 32 tokens, says the suite's README.
    assertThat(task(demo, "nano_memorization").documents()).isEqualTo(132);
  }

  @Test
  void aBiasIsNearestToAHalf() {
    assertThat(task(demo, "nano_pronoun_bias").metrics())
        .filteredOn(metric -> metric.metric().equals("pct_stereotype"))
        .singleElement()
        .satisfies(
            metric -> {
              assertThat(metric.direction()).isEqualTo("NEAREST");
              assertThat(metric.target()).isEqualTo(0.5);
            });
  }

  private static TaskEntry task(Announcement announcement, String name) {
    return announcement.tasks().stream()
        .filter(task -> task.task().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aSuiteWithoutTokensPerStepIsRefused() throws IOException {
    Files.writeString(
        folder.resolve("suite.json"),
        "{\"suite\": \"mine\", \"models\": [{\"model\": \"m\", \"steps\": [0]}]}");

    assertThatThrownBy(() -> Suite.read(folder))
        .isInstanceOf(CommandException.class)
        .hasMessage(
            folder.resolve("suite.json") + ": m: tokensPerStep is null: give a number above 0");
  }

  @Test
  void aListingThatIsNotJsonIsNamed() throws IOException {
    Files.writeString(folder.resolve("suite.json"), "models:");

    assertThatThrownBy(() -> Suite.read(folder))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith(folder.resolve("suite.json") + ": not a suite's listing: ");
  }

  @Test
  void aSuiteWithNothingOnDiskIsRefused() throws IOException {
    Files.writeString(
        folder.resolve("suite.json"),
        """
        {"suite": "mine", "models": [{"model": "m", "steps": [0, 1], "tokensPerStep": 8}]}
        """);

    assertThatThrownBy(() -> Suite.read(folder).announcement(Suite.Steps.LISTED))
        .isInstanceOf(CommandException.class)
        .hasMessageContainingAll("none of the suite's checkpoints is on disk", "step0, step1");
  }

  @Test
  void modelsKeepTheListingsOrder() {
    assertThat(Suite.read(Suites.bundled()).models())
        .extracting(Suite.Model::model)
        .startsWith("nano-197k", "nano-197k-deduped")
        .doesNotHaveDuplicates()
        .isNotEqualTo(List.of());
  }
}
