package dev.castalia.scoring.task.data;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import dev.castalia.scoring.TaskException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The files of a folder of data, by the split that their names say they are of. */
final class SplitFiles {

  /** What the datasets library takes for no data either. */
  private static final Set<String> ABOUT_DATA =
      Set.of("config.json", "dataset_info.json", "dataset_infos.json", "dataset_dict.json");

  private SplitFiles() {}

  /**
   * Empty where there is no such folder.
   *
   * @param prefix of the files' names, before the split
   */
  static Map<String, List<Path>> of(Path folder, String prefix) {
    if (!Files.isDirectory(folder)) {
      return Map.of();
    }
    Map<String, List<Path>> splits = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> DataFormat.of(name(file)).isPresent())
          .filter(file -> name(file).startsWith(prefix) && !ABOUT_DATA.contains(name(file)))
          .sorted()
          .forEach(
              file ->
                  splits
                      .computeIfAbsent(
                          split(file).substring(prefix.length()), it -> new ArrayList<>())
                      .add(file));
    } catch (IOException e) {
      throw TaskException.unreadable(folder, e);
    }
    Map<String, List<Path>> chosen = new LinkedHashMap<>();
    splits.forEach((split, files) -> chosen.put(split, withMissing(ofOneForm(files))));
    return chosen;
  }

  /** The same data may lie there in several forms: a split is read from one of them. */
  private static List<Path> ofOneForm(List<Path> files) {
    String first = form(files.getFirst());
    return files.stream().filter(file -> form(file).equals(first)).toList();
  }

  private static String form(Path file) {
    return Shard.of(file).isPresent() + suffix(file);
  }

  private static String split(Path file) {
    return Shard.of(file).map(Shard::split).orElse(DataFormat.stem(name(file)));
  }

  /** With those that the others' numbers speak of, so that whoever reads the split misses them. */
  private static List<Path> withMissing(List<Path> files) {
    Map<Integer, Set<Integer>> numbers =
        files.stream()
            .flatMap(file -> Shard.of(file).stream())
            .collect(groupingBy(Shard::count, TreeMap::new, mapping(Shard::number, toSet())));
    List<Path> all = new ArrayList<>(files);
    numbers.forEach(
        (count, there) ->
            IntStream.range(0, count)
                .filter(number -> there.size() < count && !there.contains(number))
                .mapToObj(number -> new Shard(split(files.getFirst()), number, count))
                .forEach(it -> all.add(it.beside(files.getFirst()))));
    return all;
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static String suffix(Path file) {
    return name(file).substring(DataFormat.stem(name(file)).length());
  }

  /** One of several files of a split: {@code test-00000-of-00002.parquet}. */
  private record Shard(String split, int number, int count) {

    private static final Pattern STEM =
        Pattern.compile("(.+?)-(\\d{5})-of-(\\d{5})(?:-[0-9a-f]+)?");

    static Optional<Shard> of(Path file) {
      Matcher stem = STEM.matcher(DataFormat.stem(name(file)));
      return stem.matches()
          ? Optional.of(
              new Shard(
                  stem.group(1), Integer.parseInt(stem.group(2)), Integer.parseInt(stem.group(3))))
          : Optional.empty();
    }

    Path beside(Path other) {
      return other.resolveSibling(
          "%s-%05d-of-%05d%s".formatted(split, number, count, suffix(other)));
    }
  }
}
