package dev.castalia.scoring.checkpoint.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes archives as PyTorch's, right ones and wrong ones. */
final class TorchArchive {

  /** A state dictionary of one tensor, {@code w}: [1, 2] in float32. */
  static final String TENSOR =
      "}X\1\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storagectorch\nFloatStorage\n"
          + "X\1\0\0\0kX\3\0\0\0cpuK\2tQK\0K\2\u0085K\1\u0085\u0089cco"
          + "llections\nOrderedDict\n)RtRs.";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final ZipOutputStream zip = new ZipOutputStream(bytes);

  /** An archive whose pickle is {@code code}, a character a byte. */
  static TorchArchive ofPickle(String code) {
    return new TorchArchive()
        .stored("archive/data.pkl", ("\u0080\2" + code).getBytes(StandardCharsets.ISO_8859_1));
  }

  TorchArchive stored(String name, byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    return add(entry, content);
  }

  TorchArchive compressed(String name, byte[] content) {
    return add(new ZipEntry(name), content);
  }

  private TorchArchive add(ZipEntry entry, byte[] content) {
    try {
      zip.putNextEntry(entry);
      zip.write(content);
      zip.closeEntry();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    try {
      zip.close();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path write(Path file) {
    try {
      return Files.write(file, bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
