package dev.castalia.scoring.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.scoring.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {

  @TempDir private Path folder;

  @Test
  void tensorsAreFoundWhereTheyLie() throws IOException {
    Path file =
        new SafetensorsFile()
            .metadata("format", "pt")
            .tensor("b", DType.F32, List.of(2L, 1L), new float[] {1, 2})
            .tensor("a", DType.F16, List.of(3L), new float[] {3, 4, 5})
            .write(folder.resolve("model.safetensors"));

    Weights weights = Safetensors.read(file);

    StoredTensor a = weights.get("a");
    assertThat(a.dtype()).isEqualTo(DType.F16);
    assertThat(a.shape()).containsExactly(3L);
    assertThat(a.length()).isEqualTo(6);
    byte[] bytes = Files.readAllBytes(file);
    assertThat(Arrays.copyOfRange(bytes, (int) a.offset(), bytes.length))
        .containsExactly(0x00, 0x42, 0x00, 0x44, 0x00, 0x45);
    assertThat(weights.get("b").offset()).isEqualTo(a.offset() - 8);
    assertThat(weights.elements()).isEqualTo(5);
  }

  @Test
  void aFileCutInItsDataIsNamedWithTheTensor() throws IOException {
    Path file = small();
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));

    assertRefused(file, "tensor w lies at [0, 8] of 7 bytes");
  }

  @Test
  void aFileCutInItsHeaderIsRefused() throws IOException {
    Path file = small();
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 20));

    assertRefused(file, "header of ");
  }

  @Test
  void aFileShorterThanTheHeadersLengthIsRefused() throws IOException {
    assertRefused(Files.write(folder.resolve("f"), new byte[3]), "only 3 bytes long");
  }

  @Test
  void aHeaderLongerThanTheFileIsRefusedWithoutReadingIt() throws IOException {
    byte[] huge =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(Long.MAX_VALUE).array();

    assertRefused(Files.write(folder.resolve("f"), huge), "header of 9223372036854775807 bytes");
  }

  @Test
  void aNegativeHeaderLengthIsRefused() throws IOException {
    byte[] negative = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(-1).array();

    assertRefused(
        Files.write(folder.resolve("f"), negative), "header of 18446744073709551615 bytes");
  }

  @Test
  void overlappingTensorsAreRefused() {
    assertRefused(
        """
        {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
         "b": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}""",
        8,
        "tensor b begins at byte");
  }

  @Test
  void aHoleBetweenTensorsIsRefused() {
    assertRefused(
        """
        {"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
         "b": {"dtype": "F32", "shape": [1], "data_offsets": [8, 12]}}""",
        12,
        "tensor b begins at byte");
  }

  @Test
  void bytesAfterTheLastTensorAreRefused() {
    assertRefused(
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}}",
        5,
        "tensor a ends at byte");
  }

  @Test
  void aSizeThatContradictsTheShapeIsRefused() {
    assertRefused(
        "{\"a\": {\"dtype\": \"F16\", \"shape\": [3, 5], \"data_offsets\": [0, 4]}}",
        4,
        "tensor a of type F16 and shape [3, 5] has 4 bytes");
  }

  @Test
  void aShapeWhoseProductOverflowsIsRefused() {
    assertRefused(
        """
        {"a": {"dtype": "F32", "shape": [4294967296, 4294967296, 4], "data_offsets": [0, 0]}}""",
        0,
        "has 0 bytes");
  }

  @Test
  void anUnknownTypeIsRefused() {
    assertRefused(
        "{\"a\": {\"dtype\": \"Q4\", \"shape\": [1], \"data_offsets\": [0, 1]}}",
        1,
        "tensor a has dtype \"Q4\"");
  }

  @Test
  void negativeOffsetsAreRefused() {
    assertRefused(
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [-4, 0]}}",
        4,
        "tensor a has data_offsets [-4,0]");
  }

  @Test
  void aTensorNamedTwiceIsRefused() {
    assertRefused(
        """
        {"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
         "a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}""",
        8,
        "Duplicate field 'a'");
  }

  @Test
  void aHeaderThatIsNoJsonIsRefused() {
    assertRefused("{\"a\": ", 0, "header is not JSON");
    assertRefused("[1, 2]", 0, "header is not a JSON object");
  }

  @Test
  void aHeaderOfMoreThanTheTensorsOfAModelIsRefused() {
    String many = "0,".repeat(2_000_000);

    assertRefused("{\"__metadata__\": [%s0]}".formatted(many), 0, "maximum allowed (2000000");
  }

  @Test
  void nothingOfATensorsNameIsObeyedByATerminal() {
    assertRefused(
        "{\"\\u001b]0;a\\u0007\\u009b\": {\"dtype\": \"X\"}}",
        0,
        "tensor \uFFFD]0;a\uFFFD\uFFFD has dtype");
  }

  @Test
  void aFileThatIsNotThereMayBeThereLater() {
    assertThatThrownBy(() -> Safetensors.read(folder.resolve("absent")))
        .isInstanceOfSatisfying(CheckpointException.class, e -> assertThat(e.passing()).isTrue());
  }

  @Test
  void whateverHappensToAHeaderOnlyACheckpointErrorComesOut() throws IOException {
    Path file = small();
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = whole.clone();
      int hits = 1 + random.nextInt(3);
      for (int j = 0; j < hits; j++) {
        damaged[random.nextInt(damaged.length - 8)] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      try {
        Safetensors.read(file);
      } catch (CheckpointException e) {
        assertThat(e).hasMessageContaining(file.toRealPath().toString());
      }
    }
  }

  private Path small() {
    return new SafetensorsFile()
        .tensor("w", DType.F32, List.of(2L), new float[] {1, 2})
        .write(folder.resolve("model.safetensors"));
  }

  private void assertRefused(String header, int dataBytes, String why) {
    assertRefused(SafetensorsFile.write(folder.resolve("f"), header, new byte[dataBytes]), why);
  }

  private static void assertRefused(Path file, String why) {
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(file.getFileName().toString())
        .hasMessageContaining(why);
  }
}
