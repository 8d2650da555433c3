package dev.castalia.scoring.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The folders that events may name files in. Where they are given, nothing outside of them is
 * touched, not through {@code ..} and not through links, and nothing is told of what is there.
 *
 * @param folders none for the whole machine
 */
public record Roots(List<Path> folders) {

  /** The whole machine. */
  public static final Roots ANY = new Roots(List.of());

  /** Why the path is not to be touched; empty if it may be. */
  public Optional<String> refusal(Path path) {
    if (folders.isEmpty()) {
      return Optional.empty();
    }
    Path asked = path.toAbsolutePath().normalize();
    boolean inside =
        folders.stream()
            .anyMatch(
                root ->
                    asked.startsWith(root.toAbsolutePath().normalize())
                        && real(asked).startsWith(real(root)));
    return inside
        ? Optional.empty()
        : Optional.of(
            "%s: is outside of %s, which is all that may be read here; put it there, or add its folder to castalia.scorer.roots"
                .formatted(path, folders));
  }

  /** With links followed as far as there are files. */
  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      Path parent = path.getParent();
      return parent == null ? path : real(parent).resolve(path.getFileName());
    }
  }
}
