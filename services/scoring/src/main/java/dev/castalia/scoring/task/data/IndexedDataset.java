package dev.castalia.scoring.task.data;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.source.Roots;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Token sequences as Megatron's memory-mapped indexed data sets hold them, which GPT-NeoX trains
 * on: {@code PREFIX.idx} says where each sequence lies in {@code PREFIX.bin}. Pythia's shuffled
 * Pile comes with its {@code .bin} in parts, {@code PREFIX-00000-of-00020.bin}, which are read as
 * one. The index is not loaded: a sequence costs three reads, whatever the size. Thread-safe until
 * closed.
 *
 * <p>The index: {@code MMIDIDX\0\0}, version 1 (8 bytes), the token type (1 byte), how many
 * sequences and document bounds (8 bytes each); then for each sequence its length in tokens (4
 * bytes) and, after all of those, where it begins in bytes (8). All little-endian.
 */
public final class IndexedDataset implements AutoCloseable {

  private static final byte[] MAGIC = "MMIDIDX\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = MAGIC.length + 8 + 1 + 8 + 8;

  private final Path indexFile;
  private final FileChannel index;
  private final List<Part> parts;
  private final TokenType type;
  private final long sequences;

  /** A {@code .bin} file that holds the bytes from {@code start} on. */
  private record Part(Path file, FileChannel channel, long start, long size) {}

  /** Token types by the code that the index has for them. */
  private enum TokenType {
    UINT8(1, 1),
    INT8(2, 1),
    INT16(3, 2),
    INT32(4, 4),
    INT64(5, 8),
    UINT16(8, 2);

    private final int code;
    private final int bytes;

    TokenType(int code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }

    long read(ByteBuffer buffer) {
      return switch (this) {
        case UINT8 -> Byte.toUnsignedLong(buffer.get());
        case INT8 -> buffer.get();
        case INT16 -> buffer.getShort();
        case INT32 -> buffer.getInt();
        case INT64 -> buffer.getLong();
        case UINT16 -> Short.toUnsignedLong(buffer.getShort());
      };
    }
  }

  private IndexedDataset(Path indexFile, FileChannel index, List<Part> parts) throws IOException {
    this.indexFile = indexFile;
    this.index = index;
    this.parts = parts;
    ByteBuffer header = read(index, indexFile, 0, HEADER);
    byte[] magic = new byte[MAGIC.length];
    header.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw wrong("does not begin with MMIDIDX; it is no index of a memory-mapped data set");
    }
    long version = header.getLong();
    if (version != 1) {
      throw wrong("is of version " + version + "; version 1 is read");
    }
    int code = header.get();
    this.type =
        Arrays.stream(TokenType.values())
            .filter(it -> it.code == code)
            .findFirst()
            .orElseThrow(() -> wrong("has token type " + code + ", which is no whole number"));
    this.sequences = header.getLong();
    if (sequences < 0 || sequences > (index.size() - HEADER) / 12) {
      throw wrong(
          "says that it has %d sequences, which do not fit into its %d bytes"
              .formatted(sequences, index.size()));
    }
  }

  /**
   * @param prefix the path without {@code .idx}; that of the index itself does as well
   * @throws TaskException if a file is missing, or is no such data set
   */
  public static IndexedDataset open(Path prefix) {
    return open(prefix, Roots.ANY);
  }

  /** The same, of files within the roots. */
  public static IndexedDataset open(Path prefix, Roots roots) {
    String name = prefix.getFileName().toString().replaceFirst("\\.(idx|bin)$", "");
    Path indexFile = prefix.resolveSibling(name + ".idx");
    List<FileChannel> opened = new ArrayList<>();
    try {
      FileChannel index = FileChannel.open(roots.require(indexFile, TaskException::new));
      opened.add(index);
      List<Part> parts = new ArrayList<>();
      long start = 0;
      for (Path file : binFiles(prefix, name, roots)) {
        FileChannel channel = FileChannel.open(roots.require(file, TaskException::new));
        opened.add(channel);
        parts.add(new Part(file, channel, start, channel.size()));
        start += channel.size();
      }
      return new IndexedDataset(indexFile, index, parts);
    } catch (NoSuchFileException e) {
      close(opened);
      throw new TaskException(e.getFile() + " does not exist; give PREFIX of PREFIX.idx", e);
    } catch (IOException e) {
      close(opened);
      throw TaskException.unreadable(indexFile, e);
    } catch (TaskException e) {
      close(opened);
      throw e;
    }
  }

  private static List<Path> binFiles(Path prefix, String name, Roots roots) throws IOException {
    Path whole = roots.require(prefix.resolveSibling(name + ".bin"), TaskException::new);
    if (Files.exists(whole)) {
      return List.of(whole);
    }
    Path folder = whole.toAbsolutePath().getParent();
    List<Path> parts;
    try (Stream<Path> files = Files.list(folder)) {
      parts =
          files
              .filter(file -> file.getFileName().toString().startsWith(name + "-"))
              .filter(file -> file.getFileName().toString().matches(".*-\\d{5}-of-\\d{5}\\.bin"))
              .sorted()
              .toList();
    }
    if (parts.isEmpty()) {
      throw new NoSuchFileException(whole.toString());
    }
    String last = parts.getLast().getFileName().toString();
    int expected = Integer.parseInt(last.replaceFirst(".*-of-(\\d{5})\\.bin$", "$1"));
    if (parts.size() != expected) {
      throw new TaskException(
          "%s: %d of %d parts of %s.bin are there; get the others"
              .formatted(folder, parts.size(), expected, name));
    }
    return parts;
  }

  /** How many sequences there are. */
  public long size() {
    return sequences;
  }

  /**
   * The first tokens of a sequence.
   *
   * @param most tokens wanted; fewer come from a shorter sequence
   * @throws TaskException if there is no such sequence, or the files are damaged
   */
  public int[] tokens(long sequence, int most) {
    if (sequence < 0 || sequence >= sequences) {
      throw wrong(
          "has sequences 0 to %d; sequence %d was asked for".formatted(sequences - 1, sequence));
    }
    try {
      int length = read(index, indexFile, HEADER + 4 * sequence, 4).getInt();
      long from = read(index, indexFile, HEADER + 4 * sequences + 8 * sequence, 8).getLong();
      if (length < 0 || from < 0) {
        throw wrong(
            "says that sequence %d has %d tokens from byte %d".formatted(sequence, length, from));
      }
      int count = Math.min(length, most);
      ByteBuffer bytes = bytes(sequence, from, count * type.bytes);
      int[] tokens = new int[count];
      for (int i = 0; i < count; i++) {
        tokens[i] = Math.toIntExact(type.read(bytes));
      }
      return tokens;
    } catch (IOException e) {
      throw TaskException.unreadable(indexFile, e);
    } catch (ArithmeticException e) {
      throw wrong("sequence " + sequence + " has a token that is no 32-bit number");
    }
  }

  private ByteBuffer bytes(long sequence, long from, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    for (Part part : parts) {
      long at = from + bytes.position() - part.start;
      if (bytes.hasRemaining() && at >= 0 && at < part.size) {
        int here = (int) Math.min(bytes.remaining(), part.size - at);
        bytes.put(read(part.channel, part.file, at, here));
      }
    }
    if (bytes.hasRemaining()) {
      throw wrong(
          "says that sequence %d lies at bytes %d to %d, but %s ends before"
              .formatted(sequence, from, from + count, parts.getLast().file));
    }
    return bytes.flip();
  }

  private static ByteBuffer read(FileChannel channel, Path file, long at, int count)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new EOFException(file + " ends at byte " + channel.size());
      }
    }
    return buffer.flip();
  }

  private TaskException wrong(String what) {
    return new TaskException(indexFile + " " + what);
  }

  @Override
  public void close() {
    List<FileChannel> channels = new ArrayList<>(List.of(index));
    parts.forEach(part -> channels.add(part.channel));
    close(channels);
  }

  private static void close(List<FileChannel> channels) {
    for (FileChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        // Only read from: nothing is lost.
      }
    }
  }
}
