package dev.castalia.scoring.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.castalia.scoring.CheckpointException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/**
 * Whatever happens to a checkpoint's files, nothing but a checkpoint error comes out, and no length
 * that a file claims is allocated.
 */
class DamageTest {

  /** Longest message: it is published and printed. */
  private static final int MESSAGE = 4000;

  /** Most bytes allocated for one of these files, whose largest has some thousand. */
  private static final long MEMORY = 16 << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Path folder;

  @BeforeProperty
  void create() throws IOException {
    folder = Files.createTempDirectory("damage");
  }

  @AfterProperty
  void delete() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /** One change to a file's bytes; {@code at} counts from 0 at its beginning to 1 at its end. */
  sealed interface Damage {
    record Sets(double at, byte value) implements Damage {}

    record Flips(double at, int bit) implements Damage {}

    record SetsNumber(double at, long value) implements Damage {}

    record Cuts(double at) implements Damage {}

    record Repeats(double from, double to, int bytes) implements Damage {}
  }

  /** Of safetensors the header, of PyTorch's files the pickle and the directory, of JSON all. */
  @Tag("slow")
  @Property(tries = 1500)
  void aDamagedFileIsReadOrRefused(
      @ForAll("places") String place, @ForAll("damages") List<Damage> damages) throws IOException {
    String form = place.substring(0, place.indexOf(' '));
    String name = place.substring(place.indexOf(' ') + 1);
    try (Stream<Path> files = Files.list(Formats.folder("f32", form))) {
      for (Path file : files.toList()) {
        Path copy = folder.resolve(file.getFileName().toString());
        byte[] bytes = Files.readAllBytes(file);
        Files.write(copy, copy.endsWith(name) ? damaged(bytes, damages) : bytes);
      }
    }

    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      Fingerprint.of(Checkpoint.open(folder).weights());
    } catch (CheckpointException e) {
      assertThat(e.getMessage()).contains(folder.getFileName().toString());
      assertThat(e.getMessage().length()).isLessThan(MESSAGE);
    } finally {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MEMORY);
  }

  @Provide
  Arbitrary<String> places() {
    return Arbitraries.of(
        "safetensors model.safetensors",
        "safetensors config.json",
        "safetensors-shards model-00002-of-00004.safetensors",
        "safetensors-shards model.safetensors.index.json",
        "torch pytorch_model.bin",
        "torch-shards pytorch_model-00001-of-00002.bin",
        "torch-shards pytorch_model.bin.index.json");
  }

  @Provide
  Arbitrary<List<Damage>> damages() {
    // Three of four in the first or last fifth, where headers, pickles and directories lie.
    Arbitrary<Double> at =
        Arbitraries.oneOf(
            Arbitraries.doubles().between(0, 0.2),
            Arbitraries.doubles().between(0, 0.01),
            Arbitraries.doubles().between(0.8, 1),
            Arbitraries.doubles().between(0, 1));
    Arbitrary<Damage> damage =
        Arbitraries.oneOf(
            Combinators.combine(at, Arbitraries.bytes()).as(Damage.Sets::new),
            Combinators.combine(at, Arbitraries.integers().between(0, 7)).as(Damage.Flips::new),
            Combinators.combine(at, Arbitraries.longs()).as(Damage.SetsNumber::new),
            at.map(Damage.Cuts::new),
            Combinators.combine(at, at, Arbitraries.integers().between(1, 200))
                .as(Damage.Repeats::new));
    return damage.list().ofMinSize(1).ofMaxSize(4);
  }

  private static byte[] damaged(byte[] whole, List<Damage> damages) {
    byte[] bytes = whole;
    for (Damage damage : damages) {
      bytes = damaged(bytes, damage);
    }
    return bytes;
  }

  private static byte[] damaged(byte[] bytes, Damage damage) {
    if (bytes.length < 16) {
      return bytes;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    switch (damage) {
      case Damage.Sets(double at, byte value) -> buffer.put(place(bytes, at, 1), value);
      case Damage.Flips(double at, int bit) -> bytes[place(bytes, at, 1)] ^= (byte) (1 << bit);
      case Damage.SetsNumber(double at, long value) ->
          buffer.putLong(place(bytes, at, Long.BYTES), value);
      case Damage.Cuts(double at) -> {
        return Arrays.copyOf(bytes, place(bytes, at, 1));
      }
      case Damage.Repeats(double from, double to, int length) ->
          System.arraycopy(
              bytes.clone(),
              place(bytes, from, Math.min(length, bytes.length / 2)),
              bytes,
              place(bytes, to, Math.min(length, bytes.length / 2)),
              Math.min(length, bytes.length / 2));
    }
    return bytes;
  }

  private static int place(byte[] bytes, double at, int room) {
    return (int) (at * (bytes.length - room));
  }
}
