package dev.castalia.scoring.checkpoint.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.checkpoint.DType;
import dev.castalia.scoring.checkpoint.Formats;
import dev.castalia.scoring.checkpoint.StoredTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchFileTest {

  private static final byte[] TWO_FLOATS =
      ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).putFloat(2).array();

  @TempDir private Path folder;

  @Test
  void aTensorIsFoundWhereItLies() throws IOException {
    Path file = good().write(folder.resolve("f"));

    StoredTensor tensor = TorchFile.read(file).get("w");

    assertThat(tensor.dtype()).isEqualTo(DType.F32);
    assertThat(tensor.shape()).containsExactly(2L);
    byte[] bytes = Files.readAllBytes(file);
    int from = (int) tensor.offset();
    assertThat(Arrays.copyOfRange(bytes, from, from + (int) tensor.length())).isEqualTo(TWO_FLOATS);
  }

  @Test
  void aForeignClassIsRefusedByName() {
    assertRefused(pickle("cposix\nsystem\nX\4\0\0\0true\u0085R."), "asks for posix.system");
    assertRefused(pickle("c__builtin__\neval\n."), "asks for __builtin__.eval");
    assertRefused(
        pickle(TorchArchive.TENSOR.replace("FloatStorage", "QInt8Storage")),
        "asks for torch.QInt8Storage");
  }

  @Test
  void instructionsThatMakeObjectsAreRefused() {
    assertRefused(pickle("(i__main__\nEvil\n."), "instruction 0x69 at byte 3");
    assertRefused(pickle("ccollections\nOrderedDict\n)\u0081."), "instruction 0x81");
  }

  @Test
  void aCompressedEntryIsRefusedUnread() {
    byte[] bomb = new byte[10_000_000];
    assertRefused(
        TorchArchive.ofPickle(TorchArchive.TENSOR).compressed("archive/data/k", bomb),
        "entry archive/data/k is compressed");
    assertRefused(
        new TorchArchive().compressed("archive/data.pkl", bomb),
        "entry archive/data.pkl is compressed");
  }

  @Test
  void anEntryLongerThanThePickleCanBeIsRefusedUnread() {
    assertRefused(
        new TorchArchive().stored("archive/data.pkl", new byte[17 << 20]),
        "entry archive/data.pkl has 17825792 bytes");
  }

  @Test
  void entriesThatOverlapAreRefused() {
    byte[] bytes = good().stored("archive/data/z", TWO_FLOATS).bytes();
    int first = directoryEntry(bytes, "archive/data/k");
    int second = directoryEntry(bytes, "archive/data/z");
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int local = buffer.getInt(first + 42);
    buffer.putInt(second + 42, local);
    Arrays.fill(bytes, second + 46 + "archive/data/".length(), second + 46 + 14, (byte) 'k');

    assertRefused(bytes, "entry archive/data/k overlaps another");
  }

  @Test
  void anEntryThatClaimsMoreThanTheFileHoldsIsRefused() {
    byte[] bytes = good().bytes();
    int entry = directoryEntry(bytes, "archive/data/k");
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(entry + 20, 2_000_000_000).putInt(entry + 24, 2_000_000_000);

    assertRefused(bytes, "entry archive/data/k has 2000000000 bytes from byte");
  }

  @Test
  void aFileThatWasCutIsRefused() {
    byte[] bytes = good().bytes();

    for (int length = 0; length < bytes.length; length += 7) {
      assertRefused(Arrays.copyOf(bytes, length), "fetch it again");
    }
  }

  @Test
  void aStorageThatIsMissingOrOfAnotherSizeIsRefused() {
    assertRefused(pickle(TorchArchive.TENSOR), "tensor w is in k of torch.FloatStorage");
    assertRefused(
        pickle(TorchArchive.TENSOR).stored("archive/data/k", new byte[12]),
        "storage of 2 elements of F32, but entry archive/data/k has 12 bytes");
  }

  @Test
  void aTensorBeyondItsStorageIsRefused() {
    assertRefused(
        good(TorchArchive.TENSOR.replace("QK\0K\2\u0085", "QK\1K\2\u0085")),
        "begins at element 1 of a storage of 2");
    assertRefused(
        good(TorchArchive.TENSOR.replace("QK\0K\2\u0085", "QK\0J\0\0\0\u0080\u0085")),
        "tensor w has a size that is no number from 0");
  }

  @Test
  void aTransposedTensorIsRefused() {
    assertRefused(
        good(TorchArchive.TENSOR.replace("K\2\u0085K\1\u0085\u0089", "K\2\u0085K\3\u0085\u0089")),
        "tensor w of shape [2] has strides [3]");
  }

  @Test
  void aTensorThatIsThereTwiceIsRefused() {
    String tensor = TorchArchive.TENSOR;
    String item = tensor.substring(1, tensor.length() - 1);

    assertRefused(good("}" + item + item + "."), "has the key w twice");
  }

  @Test
  void aListThatHoldsItselfIsOnlyAWrongPickle() {
    assertRefused(good("]q\0h\0a."), "not a dictionary of tensors");
    assertRefused(good("}X\1\0\0\0w]q\0h\0as."), "its entry w is not a tensor");
  }

  @Test
  void lengthsAreCheckedBeforeAnythingIsAllocated() {
    assertRefused(pickle("X\377\377\377\177abc."), "a text of 2147483647 bytes");
  }

  @Test
  void theFormsOfOtherTimesAndMachinesAreNamed() {
    assertRefused(
        "\u0080\2\u008a\nl\u00fc".getBytes(StandardCharsets.ISO_8859_1),
        "in the form of PyTorch before 1.6");
    assertRefused("<html>not found".getBytes(StandardCharsets.UTF_8), "not a zip archive");
    assertRefused(
        good().stored("archive/byteorder", "big".getBytes(StandardCharsets.US_ASCII)),
        "byte order is 'big'");
    assertRefused(new TorchArchive().stored("a/b", new byte[1]), "with no data.pkl in it");
  }

  @Test
  void filesOfPyTorchItselfAreRead() {
    assertThat(TorchFile.read(Formats.folder("f16", "torch").resolve("pytorch_model.bin")).all())
        .hasSize(34)
        .extracting(StoredTensor::dtype)
        .contains(DType.F16, DType.F32, DType.BOOL);
  }

  private static TorchArchive good() {
    return good(TorchArchive.TENSOR);
  }

  private static TorchArchive good(String pickle) {
    return pickle(pickle).stored("archive/data/k", TWO_FLOATS);
  }

  private static TorchArchive pickle(String code) {
    return TorchArchive.ofPickle(code);
  }

  /** Where the central directory's header of an entry begins. */
  private static int directoryEntry(byte[] zip, String name) {
    String text = new String(zip, StandardCharsets.ISO_8859_1);
    return text.lastIndexOf(name) - 46;
  }

  private void assertRefused(TorchArchive archive, String why) {
    assertRefused(archive.bytes(), why);
  }

  private void assertRefused(byte[] bytes, String why) {
    Path file;
    try {
      file = Files.write(folder.resolve("f.bin"), bytes);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    assertThatThrownBy(() -> TorchFile.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("f.bin")
        .hasMessageContaining(why);
  }
}
