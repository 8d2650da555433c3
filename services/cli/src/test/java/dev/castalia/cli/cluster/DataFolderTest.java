package dev.castalia.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

  @TempDir private Path folder;

  @Test
  void aFolderInUseIsRefusedWithTheProcessThatHasIt() {
    try (DataFolder first = DataFolder.open(Optional.of(folder))) {
      assertThatThrownBy(() -> DataFolder.open(Optional.of(folder)))
          .isInstanceOf(ClusterException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining(folder.getFileName().toString())
          .hasMessageContaining("--data");
    }
  }

  @Test
  void aFolderCanBeUsedAgainOnceItIsClosed() {
    DataFolder.open(Optional.of(folder)).close();
    DataFolder.open(Optional.of(folder)).close();
  }

  @Test
  void aKeptFolderOutlivesItsCluster() throws IOException {
    Path file;
    try (DataFolder data = DataFolder.open(Optional.of(folder))) {
      file = Files.writeString(data.resolve("kept"), "x");
    }
    assertThat(file).exists();
  }

  @Test
  void aTemporaryFolderIsGoneAfterwards() throws IOException {
    Path path;
    try (DataFolder data = DataFolder.open(Optional.empty())) {
      path = data.resolve("");
      Files.createDirectories(data.resolve("a/b"));
      Files.writeString(data.resolve("a/b/c"), "x");
      assertThat(path).isDirectory();
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void aMissingFolderIsMade() {
    Path missing = folder.resolve("not/yet");
    DataFolder.open(Optional.of(missing)).close();
    assertThat(missing).isDirectory();
  }

  @Test
  void aFileIsNoFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> DataFolder.open(Optional.of(file)))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining(file + " is not a folder");
  }

  @Test
  void aCommaInTheNameIsRefused() {
    assertThatThrownBy(() -> DataFolder.open(Optional.of(folder.resolve("a,b"))))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("comma");
  }
}
