package dev.castalia.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {

  @TempDir private Path folder;

  @Test
  void halfAFileLeavesTheFormerOneAsItWas() throws IOException {
    Path file = Files.writeString(folder.resolve("scores.csv"), "old");

    assertThatThrownBy(
            () ->
                WholeFile.write(
                    file,
                    part -> {
                      Files.writeString(part, "half of it");
                      throw new IOException("the disk is full");
                    }))
        .isInstanceOf(CommandException.class)
        .hasMessageContainingAll(file.toString(), "the disk is full");

    assertThat(file).hasContent("old");
    assertThat(folder.toFile().list()).containsExactly("scores.csv");
  }

  @Test
  void twoThatWriteAFileAtOnceBothWriteItWhole() {
    Path file = folder.resolve("scores.csv");

    WholeFile.write(
        file,
        part -> {
          Files.writeString(part, "one ");
          WholeFile.write(file, other -> Files.writeString(other, "the other"));
          assertThat(file).hasContent("the other");
          Files.writeString(part, "and all of it", StandardOpenOption.APPEND);
        });

    assertThat(file).hasContent("one and all of it");
    assertThat(folder.toFile().list()).containsExactly("scores.csv");
  }

  @Test
  void aFolderOfTheSameNameStays() throws IOException {
    Path file = Files.createDirectory(folder.resolve("scores.csv"));

    assertThatThrownBy(() -> WholeFile.write(file, part -> Files.writeString(part, "new")))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining(file.toString());

    assertThat(file).isEmptyDirectory();
    assertThat(folder.toFile().list()).containsExactly("scores.csv");
  }
}
