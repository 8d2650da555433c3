package dev.castalia.scoring.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache with two checkpoints of 100 bytes, one used long ago and the other not so long ago. */
class HubRoomTest {

  private static final int BYTES = 100;
  private static final String OLD = "a".repeat(40);
  private static final String RECENT = "b".repeat(40);

  @TempDir private Path root;
  private HubCache one;
  private HubCache other;

  @BeforeEach
  void fill() throws IOException {
    one = new HubCache(root, "org/one");
    other = new HubCache(root, "org/other");
    snapshot(one, OLD, "1".repeat(64), Duration.ofDays(2));
    one.point(new HubReference("org/one", "step1"), OLD);
    snapshot(other, RECENT, "2".repeat(64), Duration.ofDays(1));
  }

  @Test
  void theRevisionUsedLeastRecentlyGivesWay() throws IOException {
    reserve(room(2 * BYTES + 50), "3", BYTES);

    assertThat(one.snapshot(OLD)).doesNotExist();
    assertThat(root.resolve("models--org--one/blobs")).isEmptyDirectory();
    assertThat(root.resolve("models--org--one/refs/step1")).doesNotExist();
    assertWhole(other, RECENT);
  }

  @Test
  void aRevisionInUseStaysUntilItIsNot() throws IOException {
    HubRoom room = room(BYTES);
    try (HeldFolder _ = one.hold(OLD);
        HeldFolder _ = one.hold(OLD)) {
      age(one, OLD, Duration.ofDays(2));
      reserve(room, "3", BYTES);
      assertWhole(one, OLD);
      assertThat(other.snapshot(RECENT)).doesNotExist();
    }

    reserve(room, "3", BYTES);
    assertThat(one.snapshot(OLD)).doesNotExist();
  }

  @Test
  void aRevisionIsUsedWhenItIsTaken() throws IOException {
    one.hold(OLD).close();
    reserve(room(2 * BYTES), "3", BYTES);

    assertWhole(one, OLD);
    assertThat(other.snapshot(RECENT)).doesNotExist();
  }

  @Tag("slow")
  @Test
  void aRevisionThatAnotherProcessUsesStays() throws Exception {
    Process process = holding();
    assertThat(process.getInputStream().read()).isEqualTo(Holding.READY);
    age(one, OLD, Duration.ofDays(2));

    reserve(room(2 * BYTES), "3", BYTES);

    assertWhole(one, OLD);
    process.getOutputStream().close();
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void aFileThatAnotherRevisionHasTooStays() throws IOException {
    String both = "c".repeat(40);
    snapshot(one, both, "1".repeat(64), Duration.ZERO);

    reserve(room(2 * BYTES), "3", BYTES);

    assertThat(one.snapshot(OLD)).doesNotExist();
    assertWhole(one, both);
  }

  @Test
  void roomIsKeptForWhatIsStillToCome() throws IOException {
    HubRoom room = room(3 * BYTES);
    try (HubRoom.Reserved _ = room.reserve(one.incomplete("3"), BYTES)) {
      assertWhole(one, OLD);
      reserve(room, "4", BYTES);
    }

    assertThat(one.snapshot(OLD)).doesNotExist();
    assertWhole(other, RECENT);
  }

  @Test
  void whatIsLeftOfADownloadThatBrokeOffGoesBeforeAnyRevision() throws IOException {
    Path left = brokenOff(Duration.ofDays(2));

    reserve(room(3 * BYTES), "3", BYTES);

    assertThat(left).doesNotExist();
    assertWhole(one, OLD);
    assertWhole(other, RECENT);
  }

  @Test
  void aDownloadThatMayStillGoOnStays() throws IOException {
    Path left = brokenOff(Duration.ofHours(1));

    reserve(room(3 * BYTES), "3", BYTES);

    assertThat(left).exists();
    assertThat(one.snapshot(OLD)).doesNotExist();
  }

  @Test
  void withoutALimitNothingIsRemoved() throws IOException {
    reserve(new HubRoom(root, OptionalLong.empty()), "3", Long.MAX_VALUE);

    assertWhole(one, OLD);
  }

  /** Half of a file that nothing was written of for so long. */
  private Path brokenOff(Duration ago) throws IOException {
    Path left = Files.write(one.incomplete("9".repeat(64)), new byte[BYTES]);
    return Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(ago)));
  }

  /** A process that uses a revision until its input ends. */
  static final class Holding {

    static final int READY = '!';

    public static void main(String[] arguments) throws IOException {
      try (HeldFolder _ = new HubCache(Path.of(arguments[0]), "org/one").hold(OLD)) {
        System.out.write(READY);
        System.out.flush();
        System.in.read();
      }
    }
  }

  private Process holding() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    return new ProcessBuilder(java, "-cp", classes, Holding.class.getName(), root.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private HubRoom room(long most) {
    // What notes which commit a revision is counts too.
    return new HubRoom(root, OptionalLong.of(most + OLD.length()));
  }

  private void reserve(HubRoom room, String hash, long bytes) throws IOException {
    room.reserve(one.incomplete(hash), bytes).close();
  }

  private static void snapshot(HubCache cache, String commit, String hash, Duration age)
      throws IOException {
    Files.createDirectories(cache.blob(hash).getParent());
    Files.write(cache.blob(hash), new byte[BYTES]);
    cache.link(commit, "model.safetensors", hash);
    age(cache, commit, age);
  }

  private static void age(HubCache cache, String commit, Duration age) throws IOException {
    Files.setLastModifiedTime(cache.snapshot(commit), FileTime.from(Instant.now().minus(age)));
  }

  private static void assertWhole(HubCache cache, String commit) {
    assertThat(cache.snapshot(commit).resolve("model.safetensors")).isRegularFile();
  }
}
