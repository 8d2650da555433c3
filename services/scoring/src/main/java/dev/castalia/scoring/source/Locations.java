package dev.castalia.scoring.source;

import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.catalog.Catalog;
import dev.castalia.scoring.tokens.TokenizerFiles;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Where events and command lines say that files are: a path, a file URI, or {@code
 * hf:ORG/NAME@REVISION}. Which hub that is, the process's own settings say and never a location.
 */
public final class Locations {

  private final Hub hub;
  private final Roots roots;

  public Locations(Hub hub) {
    this(hub, Roots.ANY);
  }

  private Locations(Hub hub, Roots roots) {
    this.hub = hub;
    this.roots = roots;
  }

  /** With the hub and the cache that the environment names. */
  public static Locations ofEnvironment() {
    return ofEnvironment(OptionalLong.empty());
  }

  /**
   * The same.
   *
   * @param cacheBytes what the models in the cache may take; see {@link Hub}
   */
  public static Locations ofEnvironment(OptionalLong cacheBytes) {
    return new Locations(new Hub(HubSettings.from(System.getenv()), cacheBytes));
  }

  /** The same, for files within these roots; what comes from the hub is not among them. */
  public Locations within(Roots these) {
    return new Locations(hub, these);
  }

  /** Where files may lie. */
  public Roots roots() {
    return roots;
  }

  /**
   * A file or folder on this machine.
   *
   * @throws CheckpointException if the text is no path
   */
  static Path path(String location) {
    try {
      return location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          location + ": no location; give a path, or file:/// and an absolute one", e);
    }
  }

  /**
   * The checkpoint's folder, fetched if need be, which stays as long as this process lives.
   *
   * @throws CheckpointException if it cannot be fetched, or is outside of the roots
   */
  public Path checkpoint(String location) {
    return hold(location).path();
  }

  /**
   * The checkpoint's folder, fetched if need be, which stays until it is closed.
   *
   * @throws CheckpointException if it cannot be fetched, or is outside of the roots
   */
  public HeldFolder hold(String location) {
    return HubReference.is(location)
        ? hub.hold(HubReference.parse(location))
        : HeldFolder.of(inside(path(location)));
  }

  private Path inside(Path path) {
    return roots.require(path, CheckpointException::new);
  }

  /**
   * The location of the checkpoint that a person names: a folder, or a revision of a repository
   * with or without {@code hf:} before it; Pythia's models need not be told whose they are.
   *
   * @throws CheckpointException if it is neither
   */
  public static String named(String name) {
    if (Files.isDirectory(path(name)) || HubReference.is(name)) {
      return name;
    }
    if (name.indexOf('@') < 1) {
      throw new CheckpointException(
          name + ": neither a folder nor MODEL@REVISION, such as pythia-70m@step3000");
    }
    HubReference reference = HubReference.parse(name);
    return Catalog.of("pythia")
        .run(reference.repository())
        .map(run -> new HubReference(run.repository(), reference.revision()))
        .orElse(reference)
        .toString();
  }

  /**
   * The tokenizer's file: the location itself, which may also be a folder that has one, or on the
   * hub the one beside the weights, fetched if need be.
   *
   * @throws CheckpointException if it cannot be fetched, or it or what belongs to it is outside of
   *     the roots
   */
  public Path tokenizer(String location) {
    if (HubReference.is(location)) {
      return TokenizerFiles.at(hub.fetchTokenizer(HubReference.parse(location))).tokenizer();
    }
    TokenizerFiles files = TokenizerFiles.at(inside(path(location)));
    files.all().forEach(this::inside);
    return files.tokenizer();
  }
}
