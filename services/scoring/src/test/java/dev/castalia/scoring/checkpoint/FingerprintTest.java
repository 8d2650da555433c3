package dev.castalia.scoring.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {

  @TempDir private Path folder;

  @Test
  void itIsTheHashOfNamesTypesShapesAndContents() throws Exception {
    Path file =
        new SafetensorsFile()
            .tensor("w", DType.F32, List.of(1L), new float[] {1})
            .write(folder.resolve("a"));
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    byte[] content = sha256.digest(new byte[] {0, 0, (byte) 0x80, 0x3F});
    sha256.update("w\nF32\n[1]\n".getBytes(StandardCharsets.UTF_8));
    String byHand = HexFormat.of().formatHex(sha256.digest(content));

    assertThat(Fingerprint.of(Safetensors.read(file))).isEqualTo(byHand);
  }

  @Test
  void orderAndMetadataDoNotMatter() {
    String one =
        of(
            new SafetensorsFile()
                .tensor("a", DType.F32, List.of(1L), new float[] {1})
                .tensor("b", DType.F32, List.of(1L), new float[] {2}));
    String other =
        of(
            new SafetensorsFile()
                .metadata("format", "pt")
                .tensor("b", DType.F32, List.of(1L), new float[] {2})
                .tensor("a", DType.F32, List.of(1L), new float[] {1}));

    assertThat(one).isEqualTo(other).hasSize(64);
  }

  @Test
  void everyPropertyOfATensorMatters() {
    List<String> fingerprints =
        List.of(
            of(new SafetensorsFile().tensor("a", DType.F32, List.of(2L), new float[] {1, 2})),
            of(new SafetensorsFile().tensor("a", DType.F32, List.of(2L), new float[] {2, 1})),
            of(new SafetensorsFile().tensor("b", DType.F32, List.of(2L), new float[] {1, 2})),
            of(new SafetensorsFile().tensor("a", DType.F16, List.of(2L), new float[] {1, 2})),
            of(new SafetensorsFile().tensor("a", DType.F32, List.of(1L, 2L), new float[] {1, 2})));

    assertThat(fingerprints).doesNotHaveDuplicates();
  }

  private String of(SafetensorsFile file) {
    return Fingerprint.of(Safetensors.read(file.write(folder.resolve("f"))));
  }
}
