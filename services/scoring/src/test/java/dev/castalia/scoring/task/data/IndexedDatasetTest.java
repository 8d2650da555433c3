package dev.castalia.scoring.task.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.scoring.TaskException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexedDatasetTest {

  /**
   * Written by Python: b'MMIDIDX\0\0' + pack('<QB', 1, 8) + pack('<QQ', 3, 4) + pack('<3i', 3, 2,
   * 4) + pack('<3q', 0, 6, 10) + pack('<4q', 0, 1, 2, 3).
   */
  private static final String INDEX =
      "4d4d49444944580000"
          + "010000000000000008"
          + "0300000000000000"
          + "0400000000000000"
          + "030000000200000004000000"
          + "0000000000000000"
          + "0600000000000000"
          + "0a00000000000000"
          + "0000000000000000"
          + "0100000000000000"
          + "0200000000000000"
          + "0300000000000000";

  /** pack('<9H', 1, 2, 50303, 7, 65535, 10, 20, 30, 40). */
  private static final String TOKENS = "010002007fc40700ffff0a0014001e002800";

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.write(folder.resolve("document.idx"), HexFormat.of().parseHex(INDEX));
    Files.write(folder.resolve("document.bin"), HexFormat.of().parseHex(TOKENS));
  }

  private IndexedDataset open() {
    return IndexedDataset.open(folder.resolve("document"));
  }

  @Test
  void aSequenceIsFoundByTheIndex() {
    try (IndexedDataset data = open()) {
      assertThat(data.size()).isEqualTo(3);
      assertThat(data.tokens(0, 100)).containsExactly(1, 2, 50303);
      assertThat(data.tokens(1, 100)).containsExactly(7, 65535);
      assertThat(data.tokens(2, 3)).containsExactly(10, 20, 30);
    }
  }

  @Test
  void partsAreReadAsOne() throws IOException {
    byte[] whole = HexFormat.of().parseHex(TOKENS);
    Files.delete(folder.resolve("document.bin"));
    Files.write(folder.resolve("document-00000-of-00002.bin"), Arrays.copyOf(whole, 13));
    Files.write(
        folder.resolve("document-00001-of-00002.bin"), Arrays.copyOfRange(whole, 13, whole.length));

    try (IndexedDataset data = open()) {
      assertThat(data.tokens(2, 100)).containsExactly(10, 20, 30, 40);
    }

    Files.delete(folder.resolve("document-00000-of-00002.bin"));
    assertThatThrownBy(this::open)
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("1 of 2 parts");
  }

  @Test
  void whatIsNotThereOrDamagedIsNamed() throws IOException {
    try (IndexedDataset data = open()) {
      assertThatThrownBy(() -> data.tokens(3, 1))
          .isInstanceOf(TaskException.class)
          .hasMessageContaining("sequences 0 to 2; sequence 3 was asked for");
    }
    Files.write(folder.resolve("document.bin"), new byte[12]);
    try (IndexedDataset data = open()) {
      assertThatThrownBy(() -> data.tokens(2, 100))
          .isInstanceOf(TaskException.class)
          .hasMessageContaining("document.bin ends before");
    }
    Files.write(
        folder.resolve("document.idx"),
        HexFormat.of().parseHex(INDEX.replaceFirst("0300000000000000", "ffffffffffffff7f")));
    assertThatThrownBy(this::open)
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("do not fit into its");
    Files.writeString(folder.resolve("document.idx"), "no index at all, whatever its name is\n");
    assertThatThrownBy(this::open)
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("does not begin with MMIDIDX");
    Files.delete(folder.resolve("document.idx"));
    assertThatThrownBy(this::open)
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("document.idx does not exist");
  }
}
