package dev.castalia.scoring.checkpoint;

import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.tokens.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which files of a repository a checkpoint is made of. */
public final class CheckpointFiles {

  private static final String CONFIG = "config.json";

  private CheckpointFiles() {}

  /**
   * The files to fetch, small ones first: the configuration, the tokenizer where there is one, and
   * the weights in the first of the forms that Castalia reads.
   *
   * @param what the repository, for the message
   * @throws CheckpointException if there are no such files
   */
  public static List<String> needed(String what, Set<String> available) {
    List<String> needed = new ArrayList<>(List.of(CONFIG));
    needed.addAll(TokenizerFiles.among(available));
    for (WeightFiles files : WeightFiles.values()) {
      if (available.contains(files.fileName()) && available.contains(CONFIG)) {
        needed.add(files.fileName());
        available.stream().filter(files.shard()::matches).forEach(needed::add);
        return needed;
      }
    }
    throw new CheckpointException(
        what + ": holds no checkpoint: wanted config.json and one of " + WeightFiles.names());
  }

  /** Whether a folder has all of them but the tokenizer's, which may lie elsewhere. */
  public static boolean areWhole(Path folder) {
    try (Stream<Path> inside = Files.list(folder)) {
      Set<String> names =
          inside
              .filter(Files::isRegularFile)
              .map(it -> it.getFileName().toString())
              .collect(Collectors.toSet());
      for (WeightFiles files : WeightFiles.values()) {
        if (names.contains(files.fileName())) {
          return names.contains(CONFIG) && files.shard().areAllAmong(names);
        }
      }
      return false;
    } catch (IOException e) {
      throw CheckpointException.unreadable(folder, e);
    }
  }

  /** The names of shards: {@code STEM-00001-of-00003.SUFFIX}; none where {@code stem} is null. */
  record Shard(String stem, String suffix) {

    static final Shard NONE = new Shard(null, null);

    private Pattern pattern() {
      return Pattern.compile(
          Pattern.quote(stem) + "-(\\d{5})-of-(\\d{5})\\." + Pattern.quote(suffix));
    }

    boolean matches(String name) {
      return stem != null && pattern().matcher(name).matches();
    }

    boolean areAllAmong(Set<String> names) {
      if (stem == null) {
        return true;
      }
      List<String> shards = names.stream().filter(this::matches).toList();
      return !shards.isEmpty()
          && shards.stream()
              .map(pattern()::matcher)
              .allMatch(it -> it.matches() && Integer.parseInt(it.group(2)) == shards.size());
    }
  }
}
