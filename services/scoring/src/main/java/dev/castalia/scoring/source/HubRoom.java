package dev.castalia.scoring.source;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.logging.Logger;

/**
 * Keeps the models in a cache within a number of bytes: before a file is fetched, what is left of
 * downloads that broke off goes, and then the snapshots that were used least recently. Those in use
 * stay, even where that is more. Thread-safe.
 */
final class HubRoom {

  private static final Logger LOG = Logger.getLogger(HubRoom.class.getName());

  /** A download that nothing was written of for so long will hardly go on. */
  private static final Duration BROKEN_OFF = Duration.ofDays(1);

  private final Path root;
  private final OptionalLong most;

  /** Files that this process fetches, and the bytes that each will have. */
  private final Map<Path, Long> coming = new HashMap<>();

  /**
   * @param most bytes; empty if nothing is to be removed
   */
  HubRoom(Path root, OptionalLong most) {
    this.root = root;
    this.most = most;
  }

  /** Room for a file that is fetched. */
  interface Reserved extends AutoCloseable {
    @Override
    void close();
  }

  private record Used(HubCache cache, String commit, FileTime last) {}

  /**
   * Makes room for a file, and reckons with it until that is closed.
   *
   * @param file where it is written to
   */
  synchronized Reserved reserve(Path file, long bytes) throws IOException {
    if (most.isEmpty()) {
      return () -> {};
    }
    coming.put(file, bytes);
    try {
      makeRoom(most.getAsLong());
    } catch (IOException e) {
      release(file);
      throw e;
    }
    return () -> release(file);
  }

  private synchronized void release(Path file) {
    coming.remove(file);
  }

  private void makeRoom(long bytes) throws IOException {
    long over = total() - bytes;
    if (over > 0) {
      Instant since = Instant.now().minus(BROKEN_OFF);
      for (HubCache cache : HubCache.all(root)) {
        cache.removeBrokenOff(since, coming.keySet());
      }
      over = total() - bytes;
    }
    for (Used snapshot : over > 0 ? oldestFirst() : List.<Used>of()) {
      if (over > 0 && snapshot.cache.remove(snapshot.commit)) {
        LOG.info("Removed %s to make room".formatted(snapshot.cache.snapshot(snapshot.commit)));
        over = total() - bytes;
      }
    }
    if (over > 0) {
      LOG.warning(
          "%s: what is in use and what is fetched are %d bytes more than castalia.scorer.cache-bytes"
              .formatted(root, over));
    }
  }

  private long total() throws IOException {
    long total = coming.values().stream().mapToLong(it -> it).sum();
    for (HubCache cache : HubCache.all(root)) {
      total += cache.bytes(coming.keySet());
    }
    return total;
  }

  private List<Used> oldestFirst() throws IOException {
    List<Used> all = new ArrayList<>();
    for (HubCache cache : HubCache.all(root)) {
      for (String commit : cache.commits()) {
        all.add(new Used(cache, commit, cache.lastUse(commit)));
      }
    }
    all.sort(Comparator.comparing(Used::last));
    return all;
  }
}
