package dev.castalia.scoring.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * One repository in the layout of huggingface_hub's cache: {@code refs/REVISION} holds a commit,
 * {@code snapshots/COMMIT/FILE} links to {@code blobs/HASH}, {@code .no_exist/COMMIT/FILE} stands
 * for a file that the commit does not have. What is there is whole: files come in under other names
 * and are renamed.
 */
final class HubCache {

  /** Locks of files do not keep threads of one process apart. */
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private static final String MODELS = "models--";
  private static final String SNAPSHOT_LOCK = "snapshot-";
  private static final String INCOMPLETE = ".incomplete";
  private static final int MOST_OF_A_REF = 1000;

  private final Path root;
  private final Path repository;

  HubCache(Path root, String repository) {
    this(root, root.resolve(MODELS + repository.replace("/", "--")));
  }

  private HubCache(Path root, Path repository) {
    this.root = root;
    this.repository = repository;
  }

  /** Those of all repositories of models in a cache. */
  static List<HubCache> all(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(root)) {
      return folders
          .filter(it -> it.getFileName().toString().startsWith(MODELS))
          .map(it -> new HubCache(root, it))
          .toList();
    }
  }

  /** The snapshot that a revision was when it was last fetched. */
  Optional<Path> snapshot(HubReference reference) throws IOException {
    String commit = reference.revision();
    if (!reference.isCommit()) {
      Path ref = repository.resolve("refs").resolve(reference.revision());
      if (!Files.isRegularFile(ref) || Files.size(ref) > MOST_OF_A_REF) {
        return Optional.empty();
      }
      commit = Files.readString(ref).strip();
    }
    Path snapshot = snapshot(commit);
    return HubReference.isCommit(commit) && Files.isDirectory(snapshot)
        ? Optional.of(snapshot)
        : Optional.empty();
  }

  Path snapshot(String commit) {
    return repository.resolve("snapshots").resolve(commit);
  }

  /** Whether a snapshot has a file of that name. */
  boolean has(String commit, String name) {
    return Files.exists(snapshot(commit).resolve(name));
  }

  /** Whether it is known if the commit has a file of that name. */
  boolean knows(String commit, String name) {
    return has(commit, name) || Files.exists(absence(commit, name));
  }

  /** Notes that the commit has no file of that name. */
  void noteAbsent(String commit, String name) {
    Path absence = absence(commit, name);
    try {
      Files.createDirectories(absence.getParent());
      Files.write(absence, new byte[0]);
    } catch (IOException e) {
      // Then the hub is asked again: a cache that may only be read serves what it has.
    }
  }

  private Path absence(String commit, String name) {
    return repository.resolve(".no_exist").resolve(commit).resolve(name);
  }

  Path blob(String hash) {
    return repository.resolve("blobs").resolve(hash);
  }

  Path incomplete(String hash) {
    return repository.resolve("blobs").resolve(hash + INCOMPLETE);
  }

  /** The snapshots that there are. */
  List<String> commits() throws IOException {
    Path snapshots = repository.resolve("snapshots");
    if (!Files.isDirectory(snapshots)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(snapshots)) {
      return folders.map(it -> it.getFileName().toString()).toList();
    }
  }

  /** When a snapshot was last taken, or else made; the epoch where there is none. */
  FileTime lastUse(String commit) throws IOException {
    try {
      return Files.getLastModifiedTime(snapshot(commit));
    } catch (NoSuchFileException e) {
      return FileTime.fromMillis(0);
    }
  }

  /** Takes a snapshot, there or still to be made: nobody removes it until it is closed. */
  HeldFolder hold(String commit) {
    Path snapshot = snapshot(commit);
    HeldFolder held;
    try {
      held = new HeldFolder(snapshot, HubHolds.hold(lock(SNAPSHOT_LOCK + commit)));
    } catch (IOException e) {
      // A cache that may only be read serves what it has.
      return HeldFolder.of(snapshot);
    }
    try {
      Files.setLastModifiedTime(snapshot, FileTime.from(Instant.now()));
    } catch (IOException e) {
      // It is still to be made, or another's.
    }
    return held;
  }

  /**
   * Removes a snapshot that nobody uses, with the blobs that no other one links to.
   *
   * @return whether it was removed
   */
  boolean remove(String commit) throws IOException {
    return HubHolds.unlessHeld(
        lock(SNAPSHOT_LOCK + commit),
        () -> {
          // The links last: until then the next attempt finds what this one leaves.
          for (Path blob : blobs(commit)) {
            if (Files.exists(blob)) {
              exclusively(blob.getFileName().toString(), () -> removeUnlessLinked(blob, commit));
            }
          }
          FoundFiles.delete(snapshot(commit));
          removeRefs(commit);
        });
  }

  private void removeUnlessLinked(Path blob, String removed) throws IOException {
    for (String commit : commits()) {
      if (!commit.equals(removed) && blobs(commit).contains(blob)) {
        return;
      }
    }
    Files.deleteIfExists(blob);
  }

  /**
   * Removes what is left of downloads that broke off, unless somebody fetches the same just now.
   *
   * @param since what was written to since then stays: its download may go on
   * @param except files that stay
   */
  void removeBrokenOff(Instant since, Set<Path> except) throws IOException {
    FoundFiles.forEach(
        repository.resolve("blobs"),
        (file, attributes) -> {
          String name = file.getFileName().toString();
          if (name.endsWith(INCOMPLETE)
              && !except.contains(file)
              && attributes.lastModifiedTime().toInstant().isBefore(since)) {
            exclusivelyIfFree(
                name.substring(0, name.length() - INCOMPLETE.length()),
                () -> Files.deleteIfExists(file));
          }
        });
  }

  private void removeRefs(String commit) throws IOException {
    FoundFiles.forEach(
        repository.resolve("refs"),
        (ref, attributes) -> {
          if (attributes.size() <= MOST_OF_A_REF && Files.readString(ref).strip().equals(commit)) {
            Files.deleteIfExists(ref);
          }
        });
  }

  /** The blobs that a snapshot links to. */
  private Set<Path> blobs(String commit) throws IOException {
    Path all = repository.resolve("blobs").normalize();
    Set<Path> blobs = new HashSet<>();
    FoundFiles.forEach(
        snapshot(commit),
        (file, attributes) -> {
          if (attributes.isSymbolicLink()) {
            Path blob = file.resolveSibling(Files.readSymbolicLink(file)).normalize();
            if (all.equals(blob.getParent())) {
              blobs.add(blob);
            }
          }
        });
    return blobs;
  }

  /**
   * The bytes of all its files.
   *
   * @param except files that do not count
   */
  long bytes(Set<Path> except) throws IOException {
    AtomicLong bytes = new AtomicLong();
    FoundFiles.forEach(
        repository,
        (file, attributes) -> {
          if (attributes.isRegularFile() && !except.contains(file)) {
            bytes.addAndGet(attributes.size());
          }
        });
    return bytes.get();
  }

  /** Puts a blob under a name into a snapshot. */
  void link(String commit, String name, String hash) throws IOException {
    Path link = snapshot(commit).resolve(name);
    Files.createDirectories(link.getParent());
    try {
      Files.createSymbolicLink(link, link.getParent().relativize(blob(hash)));
    } catch (FileAlreadyExistsException e) {
      if (!Files.exists(link)) {
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, link.getParent().relativize(blob(hash)));
      }
    }
  }

  /** Notes which commit a revision is. */
  void point(HubReference reference, String commit) throws IOException {
    if (reference.isCommit()) {
      return;
    }
    Path ref = repository.resolve("refs").resolve(reference.revision());
    Files.createDirectories(ref.getParent());
    Path written = Files.createTempFile(ref.getParent(), ".ref", null);
    Files.writeString(written, commit);
    Files.move(written, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Something done while nobody else, of whatever process, does it to the same blob. */
  interface Exclusively {
    void run() throws IOException;
  }

  void exclusively(String hash, Exclusively action) throws IOException {
    Path file = lock(hash);
    Files.createDirectories(file.getParent());
    Files.createDirectories(repository.resolve("blobs"));
    ReentrantLock threads = threads(file);
    threads.lock();
    try (FileChannel channel = open(file);
        FileLock _ = channel.lock()) {
      action.run();
    } finally {
      threads.unlock();
    }
  }

  /** Does it now or not at all. */
  private void exclusivelyIfFree(String hash, Exclusively action) throws IOException {
    Path file = lock(hash);
    Files.createDirectories(file.getParent());
    ReentrantLock threads = threads(file);
    if (!threads.tryLock()) {
      return;
    }
    try (FileChannel channel = open(file);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        action.run();
      }
    } finally {
      threads.unlock();
    }
  }

  private static ReentrantLock threads(Path lock) {
    return THREADS.computeIfAbsent(lock.toAbsolutePath().normalize(), _ -> new ReentrantLock());
  }

  private static FileChannel open(Path lock) throws IOException {
    return FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private Path lock(String name) {
    return root.resolve(".locks").resolve(repository.getFileName()).resolve(name + ".lock");
  }
}
