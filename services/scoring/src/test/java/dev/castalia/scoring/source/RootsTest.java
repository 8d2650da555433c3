package dev.castalia.scoring.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.scoring.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootsTest {

  @TempDir Path folder;
  private Path root;
  private Path outside;
  private Roots roots;

  @BeforeEach
  void makeFolders() throws IOException {
    root = Files.createDirectories(folder.resolve("shelf"));
    outside = Files.createDirectories(folder.resolve("secrets"));
    roots = new Roots(List.of(root));
  }

  @Test
  void whatLiesWithinARootMayBeRead() throws IOException {
    assertThat(roots.refusal(Files.createDirectory(root.resolve("m")))).isEmpty();
  }

  @Test
  void whatLiesElsewhereIsRefusedWithTheRemedy() {
    assertThat(roots.refusal(outside))
        .hasValueSatisfying(
            it -> assertThat(it).contains(outside.toString()).contains("castalia.scorer.roots"));
  }

  @Test
  void dotsDoNotLeadOut() {
    assertThat(roots.refusal(root.resolve("../secrets"))).isPresent();
  }

  @Test
  void aLinkDoesNotLeadOut() throws IOException {
    Path link = Files.createSymbolicLink(root.resolve("link"), outside);

    assertThat(roots.refusal(link)).isPresent();
    assertThat(roots.refusal(link.resolve("not-there-yet"))).isPresent();
  }

  @Test
  void dotsAfterALinkGoUpFromWhereItLeads() throws IOException {
    Files.createDirectory(outside.resolve("deep"));
    Files.writeString(outside.resolve("m"), "");
    Files.writeString(root.resolve("m"), "");
    Files.createSymbolicLink(root.resolve("link"), outside.resolve("deep"));

    assertThat(roots.refusal(root.resolve("link/../m"))).isPresent();
  }

  @Test
  void aFolderWhoseNameBeginsAsARootsIsOutside() throws IOException {
    assertThat(roots.refusal(Files.createDirectory(folder.resolve("shelf-2")))).isPresent();
  }

  @Test
  void whetherThereIsAnythingOutsideIsNotTold() {
    String there = roots.refusal(outside).orElseThrow();
    String notThere = roots.refusal(folder.resolve("nothing")).orElseThrow();

    assertThat(there.replace("secrets", "nothing")).isEqualTo(notThere);
  }

  @Test
  void aCheckpointsLocationIsHeldToThem() {
    Locations locations = new Locations(new Hub(HubSettings.from(Map.of()))).within(roots);

    assertThatThrownBy(() -> locations.checkpoint(outside.toString()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("castalia.scorer.roots");
    assertThatThrownBy(() -> locations.tokenizer(outside.resolve("tokenizer.json").toString()))
        .isInstanceOf(CheckpointException.class);
  }

  @Test
  void aTokenizerThatLiesInAFolderIsHeldToThem() throws IOException {
    Locations locations = new Locations(new Hub(HubSettings.from(Map.of()))).within(roots);
    Path file = Files.writeString(outside.resolve("tokenizer.json"), "{}");
    Files.createSymbolicLink(root.resolve("tokenizer.json"), file);

    assertThatThrownBy(() -> locations.tokenizer(root.toString()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("castalia.scorer.roots");
  }
}
