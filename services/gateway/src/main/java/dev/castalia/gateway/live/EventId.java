package dev.castalia.gateway.live;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * How far a reader of the events has come: the offset to read next of every partition it watches.
 * It means the same to every gateway on the same cluster, and nothing to a gateway on another.
 *
 * @param stream what is watched, on which topics of which cluster
 * @param at when it was reached; a deletion older than the topics keep them may be unknown
 * @param offsets of all partitions of all watched topics, in the order of the topics
 */
record EventId(long stream, Instant at, long[] offsets) {

  private static final byte FORMAT = 1;

  /**
   * Room for eight topics of 1,000 partitions, the most of the chart, each offset of five bytes.
   */
  private static final int MAX_TEXT = 1 << 16;

  /** The id as text, safe in a header and a URL. */
  String text() {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeByte(FORMAT);
      out.writeLong(stream);
      writeVarint(out, at.getEpochSecond());
      for (long offset : offsets) {
        writeVarint(out, offset);
      }
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Empty where the text is no id. */
  static Optional<EventId> parse(String text) {
    if (text.length() > MAX_TEXT) {
      return Optional.empty();
    }
    try {
      DataInputStream in =
          new DataInputStream(new ByteArrayInputStream(Base64.getUrlDecoder().decode(text)));
      if (in.readByte() != FORMAT) {
        return Optional.empty();
      }
      long stream = in.readLong();
      Instant at = Instant.ofEpochSecond(readVarint(in) & 0xFFFF_FFFFFFL);
      long[] offsets = new long[text.length()];
      int count = 0;
      while (in.available() > 0) {
        offsets[count++] = readVarint(in);
      }
      return Optional.of(new EventId(stream, at, Arrays.copyOf(offsets, count)));
    } catch (IllegalArgumentException | IOException e) {
      return Optional.empty();
    }
  }

  private static void writeVarint(DataOutputStream out, long value) throws IOException {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.writeByte((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }

  private static long readVarint(DataInputStream in) throws IOException {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      int part = in.readUnsignedByte();
      value |= (long) (part & 0x7F) << shift;
      if ((part & 0x80) == 0) {
        return value;
      }
    }
    throw new IOException("a number of too many bytes");
  }
}
