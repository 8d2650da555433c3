package dev.castalia.scoring.task.data;

import dev.castalia.scoring.TaskException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of a folder of data, by the split that their names say they are of. */
final class SplitFiles {

  /** What the datasets library takes for no data either. */
  private static final Set<String> ABOUT_DATA =
      Set.of("config.json", "dataset_info.json", "dataset_infos.json", "dataset_dict.json");

  private static final Pattern SHARD = Pattern.compile("(.+?)-\\d{5}-of-\\d{5}(?:-[0-9a-f]+)?");

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
    splits.forEach((split, files) -> chosen.put(split, ofOneForm(files)));
    return chosen;
  }

  /** The same data may lie there in several forms: a split is read from one of them. */
  private static List<Path> ofOneForm(List<Path> files) {
    String first = form(files.getFirst());
    return files.stream().filter(file -> form(file).equals(first)).toList();
  }

  private static String form(Path file) {
    return SHARD.matcher(DataFormat.stem(name(file))).matches() + suffix(file);
  }

  private static String split(Path file) {
    String stem = DataFormat.stem(name(file));
    Matcher shard = SHARD.matcher(stem);
    return shard.matches() ? shard.group(1) : stem;
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static String suffix(Path file) {
    return name(file).substring(DataFormat.stem(name(file)).length());
  }
}
