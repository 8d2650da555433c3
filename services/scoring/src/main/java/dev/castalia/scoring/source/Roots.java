package dev.castalia.scoring.source;

import dev.castalia.scoring.ScoringException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The folders that events may name files in, and that the files they name may name others in. Where
 * they are given, nothing outside of them is touched, not through {@code ..} and not through links,
 * and nothing is told of what is there.
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
    Path asked = path.toAbsolutePath();
    // Followed as it stands: the system goes up by a '..' after a link from where that leads.
    boolean inside =
        folders.stream()
            .map(Path::toAbsolutePath)
            .anyMatch(
                root ->
                    asked.normalize().startsWith(root.normalize())
                        && real(asked).startsWith(real(root)));
    return inside
        ? Optional.empty()
        : Optional.of(
            "%s: is outside of %s, which is all that may be read here; put it there, or add its folder to castalia.scorer.roots"
                .formatted(path, folders));
  }

  /**
   * The path itself, which may be touched.
   *
   * @param refused makes the exception for one that may not, of the reason
   */
  public Path require(Path path, Function<String, ? extends ScoringException> refused) {
    Optional<String> reason = refusal(path);
    if (reason.isPresent()) {
      throw refused.apply(reason.get());
    }
    return path;
  }

  /** With links followed as far as there are files. */
  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      Path parent = path.getParent();
      return parent == null ? path : real(parent).resolve(path.getFileName()).normalize();
    }
  }
}
