package dev.castalia.scoring.checkpoint.torch;

import dev.castalia.scoring.CheckpointException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the entries of a zip archive lie in its file. Only entries that are stored as they are: one
 * that is compressed or encrypted is an error, so nothing can grow while it is read. Every entry's
 * place is checked to be inside of the file and its own alone; memory is bounded by {@link
 * #MAX_DIRECTORY}.
 *
 * <p>The layout is that of PKWARE's APPNOTE.TXT 6.3, sections 4.3.7 to 4.3.16, with ZIP64.
 */
final class StoredEntries {

  /**
   * @param offset of the first byte of the content, from the beginning of the file
   * @param length of the content in bytes
   */
  record Entry(String name, long offset, long length) {}

  /** Most bytes of a central directory; that of a file of 1,000 tensors has about 100,000. */
  static final int MAX_DIRECTORY = 16 << 20;

  private static final int LOCAL_HEADER = 0x04034b50;
  private static final int CENTRAL_HEADER = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END_64_LOCATOR = 0x07064b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCAL_HEADER_BYTES = 30;
  private static final int CENTRAL_HEADER_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int END_64_LOCATOR_BYTES = 20;
  private static final int END_64_BYTES = 56;
  private static final int ZIP64_EXTRA = 1;
  private static final int MAX_16 = 0xFFFF;
  private static final long MAX_32 = 0xFFFF_FFFFL;

  private final Path file;
  private final FileChannel channel;
  private final long size;

  private StoredEntries(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    this.size = channel.size();
  }

  /**
   * The entries by name.
   *
   * @throws CheckpointException if it is not a whole, consistent archive of stored entries
   */
  static Map<String, Entry> read(Path file, FileChannel channel) throws IOException {
    return new StoredEntries(file, channel).read();
  }

  /** The central directory's place. */
  private record Directory(long offset, long length) {}

  /** An entry, and the bytes from its header to its end. */
  private record Extent(Entry entry, long from, long to) {}

  private Map<String, Entry> read() throws IOException {
    Directory directory = directory();
    if (directory.length < 0
        || directory.length > MAX_DIRECTORY
        || directory.offset < 0
        || directory.offset > size - directory.length) {
      throw damaged(
          "a directory of %d bytes at byte %d of %d (at most %d)"
              .formatted(directory.length, directory.offset, size, MAX_DIRECTORY));
    }
    ByteBuffer headers = bytes(directory.offset, (int) directory.length);
    List<Extent> extents = new ArrayList<>();
    while (headers.hasRemaining()) {
      extents.add(extent(headers, directory.offset));
    }
    return checked(extents);
  }

  private Map<String, Entry> checked(List<Extent> extents) {
    extents.sort(Comparator.comparingLong(Extent::from));
    Map<String, Entry> entries = new LinkedHashMap<>();
    long end = 0;
    for (Extent extent : extents) {
      if (extent.from < end) {
        throw damaged("entry " + extent.entry.name + " overlaps another");
      }
      end = extent.to;
      if (entries.put(extent.entry.name, extent.entry) != null) {
        throw damaged("entry " + extent.entry.name + " is there twice");
      }
    }
    return entries;
  }

  private Directory directory() throws IOException {
    int tail = (int) Math.min(size, END_BYTES + MAX_16);
    ByteBuffer bytes = bytes(size - tail, tail);
    for (int at = tail - END_BYTES; at >= 0; at--) {
      if (bytes.getInt(at) == END && at + END_BYTES + unsigned(bytes.getShort(at + 20)) == tail) {
        long length = unsigned(bytes.getInt(at + 12));
        long offset = unsigned(bytes.getInt(at + 16));
        return length == MAX_32 || offset == MAX_32
            ? directory64(size - tail + at)
            : new Directory(offset, length);
      }
    }
    throw damaged("no zip archive's end in " + size + " bytes");
  }

  private Directory directory64(long end) throws IOException {
    if (end >= END_64_LOCATOR_BYTES) {
      ByteBuffer locator = bytes(end - END_64_LOCATOR_BYTES, END_64_LOCATOR_BYTES);
      long at = locator.getLong(8);
      if (locator.getInt(0) == END_64_LOCATOR && at >= 0 && at <= size - END_64_BYTES) {
        ByteBuffer record = bytes(at, END_64_BYTES);
        if (record.getInt(0) == END_64) {
          return new Directory(record.getLong(48), record.getLong(40));
        }
      }
    }
    throw damaged("no ZIP64 end record");
  }

  private Extent extent(ByteBuffer headers, long limit) throws IOException {
    if (headers.remaining() < CENTRAL_HEADER_BYTES
        || headers.getInt(headers.position()) != CENTRAL_HEADER) {
      throw damaged("the directory is broken after " + headers.position() + " bytes");
    }
    ByteBuffer header = next(headers, CENTRAL_HEADER_BYTES);
    int flags = unsigned(header.getShort(8));
    int method = unsigned(header.getShort(10));
    long compressed = unsigned(header.getInt(20));
    long length = unsigned(header.getInt(24));
    long at = unsigned(header.getInt(42));
    ByteBuffer rawName = next(headers, unsigned(header.getShort(28)));
    ByteBuffer extra = next(headers, unsigned(header.getShort(30)));
    next(headers, unsigned(header.getShort(32)));

    ByteBuffer wide = zip64(extra);
    length = length == MAX_32 ? wide(wide) : length;
    compressed = compressed == MAX_32 ? wide(wide) : compressed;
    at = at == MAX_32 ? wide(wide) : at;
    String name = StandardCharsets.UTF_8.decode(rawName.duplicate()).toString();
    if ((flags & 1) != 0 || method != 0 || compressed != length) {
      throw new CheckpointException(
          "%s: entry %s is %s; PyTorch stores tensors as they are, and only so they can be read in"
                  .formatted(file, name, (flags & 1) != 0 ? "encrypted" : "compressed")
              + " place: save the checkpoint again");
    }
    return extent(name, rawName, at, length, limit);
  }

  /** Reads the header before the content, which alone says where the content begins. */
  private Extent extent(String name, ByteBuffer rawName, long at, long length, long limit)
      throws IOException {
    if (at < 0 || at > limit - LOCAL_HEADER_BYTES - rawName.remaining()) {
      throw damaged("entry " + name + " is said to begin at byte " + at);
    }
    ByteBuffer local = bytes(at, LOCAL_HEADER_BYTES + rawName.remaining());
    ByteBuffer localName = local.slice(LOCAL_HEADER_BYTES, rawName.remaining());
    if (local.getInt(0) != LOCAL_HEADER
        || unsigned(local.getShort(26)) != rawName.remaining()
        || !localName.equals(rawName)) {
      throw damaged("entry " + name + " is not at byte " + at + ", where the directory has it");
    }
    long from = at + LOCAL_HEADER_BYTES + rawName.remaining() + unsigned(local.getShort(28));
    if (length < 0 || from > limit - length) {
      throw damaged(
          "entry %s has %d bytes from byte %d of %d".formatted(name, length, from, limit));
    }
    return new Extent(new Entry(name, from, length), at, from + length);
  }

  /** The entry's ZIP64 field, empty when it has none. */
  private ByteBuffer zip64(ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = unsigned(extra.getShort());
      ByteBuffer field = next(extra, unsigned(extra.getShort()));
      if (id == ZIP64_EXTRA) {
        return field;
      }
    }
    return ByteBuffer.allocate(0);
  }

  private long wide(ByteBuffer zip64) {
    if (zip64.remaining() < Long.BYTES) {
      throw damaged("a ZIP64 field is too short");
    }
    return zip64.getLong();
  }

  /** The next bytes of a buffer, which steps over them. */
  private ByteBuffer next(ByteBuffer buffer, int length) {
    if (buffer.remaining() < length) {
      throw damaged("the directory ends inside of an entry");
    }
    ByteBuffer part = buffer.slice(buffer.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.position(buffer.position() + length);
    return part;
  }

  private ByteBuffer bytes(long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw new EOFException("ended at byte " + (offset + bytes.position()));
      }
    }
    return bytes.flip();
  }

  private CheckpointException damaged(String why) {
    return new CheckpointException(
        file + ": not a whole zip archive: " + why + "; the file is damaged: fetch it again");
  }

  private static int unsigned(short value) {
    return Short.toUnsignedInt(value);
  }

  private static long unsigned(int value) {
    return Integer.toUnsignedLong(value);
  }
}
