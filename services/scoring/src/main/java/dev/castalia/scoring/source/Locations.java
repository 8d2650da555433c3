package dev.castalia.scoring.source;

import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.catalog.Catalog;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where events and command lines say that files are: a path, a file URI, or {@code
 * hf:ORG/NAME@REVISION}. Which hub that is, the process's own settings say and never a location.
 */
public final class Locations {

  private final Hub hub;

  public Locations(Hub hub) {
    this.hub = hub;
  }

  /** With the hub and the cache that the environment names. */
  public static Locations ofEnvironment() {
    return new Locations(new Hub(HubSettings.from(System.getenv())));
  }

  /** A file or folder on this machine. */
  public static Path path(String location) {
    return location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location);
  }

  /**
   * The checkpoint's folder, fetched if need be.
   *
   * @throws CheckpointException if it cannot be fetched
   */
  public Path checkpoint(String location) {
    return HubReference.is(location) ? hub.fetch(HubReference.parse(location)) : path(location);
  }

  /**
   * The checkpoint that a person names: a folder, or a revision of a repository with or without
   * {@code hf:} before it; Pythia's models need not be told whose they are.
   *
   * @throws CheckpointException if it cannot be fetched
   */
  public Path model(String name) {
    if (Files.isDirectory(path(name)) || HubReference.is(name)) {
      return checkpoint(name);
    }
    if (name.indexOf('@') < 1) {
      throw new CheckpointException(
          name + ": neither a folder nor MODEL@REVISION, such as pythia-70m@step3000");
    }
    HubReference reference = HubReference.parse(name);
    return hub.fetch(
        Catalog.of("pythia")
            .run(reference.repository())
            .map(run -> new HubReference(run.repository(), reference.revision()))
            .orElse(reference));
  }

  /** The tokenizer's file: the location itself, or on the hub the one beside the weights. */
  public Path tokenizer(String location) {
    return HubReference.is(location)
        ? checkpoint(location).resolve("tokenizer.json")
        : path(location);
  }
}
