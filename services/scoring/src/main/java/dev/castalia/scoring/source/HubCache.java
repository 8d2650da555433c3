package dev.castalia.scoring.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One repository in the layout of huggingface_hub's cache: {@code refs/REVISION} holds a commit,
 * {@code snapshots/COMMIT/FILE} links to {@code blobs/HASH}, {@code .no_exist/COMMIT/FILE} stands
 * for a file that the commit does not have. What is there is whole: files come in under other names
 * and are renamed.
 */
final class HubCache {

  /** Locks of files do not keep threads of one process apart. */
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final Path root;
  private final Path repository;

  HubCache(Path root, String repository) {
    this.root = root;
    this.repository = root.resolve("models--" + repository.replace("/", "--"));
  }

  /** The snapshot that a revision was when it was last fetched. */
  Optional<Path> snapshot(HubReference reference) throws IOException {
    String commit = reference.revision();
    if (!reference.isCommit()) {
      Path ref = repository.resolve("refs").resolve(reference.revision());
      if (!Files.isRegularFile(ref) || Files.size(ref) > 1000) {
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
    return repository.resolve("blobs").resolve(hash + ".incomplete");
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
    Path file = root.resolve(".locks").resolve(repository.getFileName()).resolve(hash + ".lock");
    Files.createDirectories(file.getParent());
    Files.createDirectories(repository.resolve("blobs"));
    ReentrantLock threads =
        THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), _ -> new ReentrantLock());
    threads.lock();
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      action.run();
    } finally {
      threads.unlock();
    }
  }
}
