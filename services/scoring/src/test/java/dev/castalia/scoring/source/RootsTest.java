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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "added_tokens.json"
      })
  void aTokenizersFilesDoNotLeadOutOfThem(String name) throws IOException {
    Path tokenizer = Files.createDirectory(root.resolve("tokenizer"));
    Files.createSymbolicLink(
        tokenizer.resolve(name), Files.writeString(outside.resolve(name), "{}"));
    Locations locations = new Locations(new Hub(HubSettings.from(Map.of()))).within(roots);

    for (Path location : List.of(tokenizer, tokenizer.resolve("tokenizer.json"))) {
      assertThatThrownBy(() -> locations.tokenizer(location.toString()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(name + ": is outside of");
    }
  }
}
