package dev.castalia.cli.harness;

import dev.castalia.cli.gateway.ReportEntry;
import dev.castalia.cli.gateway.ReportEntry.MetricReport;
import dev.castalia.cli.gateway.ReportEntry.TaskReport;
import dev.castalia.scoring.task.TaskLanguage;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a collection of results files reports.
 *
 * @param files how many were read
 * @param reports one for each file that could be read
 * @param unreadable what is wrong with each of the others
 * @param contradictions what files say against themselves or each other, and what is taken or left
 *     out
 */
public record HarnessResults(
    int files, List<ReportEntry> reports, List<String> unreadable, List<String> contradictions) {

  /**
   * Reads files, and all {@code .json} files of folders and the folders in them. Links are
   * followed, and what is reached in several ways is read once.
   *
   * @param source whose they are
   * @throws IOException if a folder cannot be listed
   */
  public static HarnessResults read(Collection<Path> paths, String source, NameMap map)
      throws IOException {
    KnownTasks known = KnownTasks.load();
    List<ReportEntry> reports = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    List<String> contradictions = new ArrayList<>();
    Map<String, Path> takenFrom = new LinkedHashMap<>();
    Collection<Path> files = files(paths);
    for (Path file : files) {
      try {
        HarnessFile results = HarnessFile.read(file);
        Identity identity = Identity.of(file, results, map);
        identity
            .contradictions()
            .forEach(it -> contradictions.add(file + ": " + it + "; taken: the configuration's"));
        results.leftOut().forEach(it -> contradictions.add(file + ": " + it));
        ReportEntry report = report(source, results, identity, known);
        reports.add(report);
        twice(report, file, takenFrom, contradictions);
      } catch (UnreadableResultsException e) {
        unreadable.add(file + ": " + e.getMessage());
      }
    }
    List<ReportEntry> once = withoutTwice(reports);
    contradictions.addAll(versions(once));
    return new HarnessResults(files.size(), once, unreadable, contradictions);
  }

  private static Collection<Path> files(Collection<Path> paths) throws IOException {
    Map<Path, Path> byRealPath = new HashMap<>();
    // What is reached without links goes by that name.
    for (Set<FileVisitOption> links :
        List.of(Set.<FileVisitOption>of(), Set.of(FileVisitOption.FOLLOW_LINKS))) {
      for (Path path : paths) {
        for (Path file : Files.isDirectory(path) ? walk(path, links) : List.of(path)) {
          byRealPath.putIfAbsent(file.toRealPath(), file);
        }
      }
    }
    return new TreeSet<>(byRealPath.values());
  }

  private static SortedSet<Path> walk(Path folder, Set<FileVisitOption> links) throws IOException {
    SortedSet<Path> files = new TreeSet<>();
    Files.walkFileTree(
        folder,
        links,
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path inside, BasicFileAttributes attributes)
              throws IOException {
            boolean leadsOut =
                !inside.equals(folder)
                    && Files.isSymbolicLink(inside)
                    && folder.toRealPath().startsWith(inside.toRealPath());
            return leadsOut ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".json") && Files.isRegularFile(file)) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof FileSystemLoopException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }
        });
    return files;
  }

  private static ReportEntry report(
      String source, HarnessFile results, Identity identity, KnownTasks known) {
    return new ReportEntry(
        source,
        identity.checkpoint(),
        results.tasks().stream()
            .map(
                task ->
                    new TaskReport(
                        task.task(),
                        task.version(),
                        TaskLanguage.ofName(task.task()),
                        known.groups(task),
                        task.shots() == null ? identity.shots() : task.shots(),
                        known.documents(task),
                        task.ofDocuments(),
                        task.scores().entrySet().stream()
                            .map(
                                score ->
                                    MetricReport.of(
                                        known.metric(task, score.getKey()),
                                        score.getValue().value(),
                                        score.getValue().stderr()))
                            .toList()))
            .toList());
  }

  private static void twice(
      ReportEntry report, Path file, Map<String, Path> takenFrom, List<String> contradictions) {
    Path other = null;
    int twice = 0;
    for (TaskReport task : report.tasks()) {
      Path before = takenFrom.put(key(report, task), file);
      if (before != null) {
        other = before;
        twice++;
      }
    }
    if (twice > 0) {
      contradictions.add(
          "%s: %d of its tasks are of %s@%s as those of %s are; taken: this file's"
              .formatted(
                  file, twice, report.checkpoint().model(), report.checkpoint().revision(), other));
    }
  }

  /** Each score once, the last file's, so that what is sent does not change back and forth. */
  private static List<ReportEntry> withoutTwice(List<ReportEntry> reports) {
    List<ReportEntry> once = new ArrayList<>();
    TreeSet<String> seen = new TreeSet<>();
    for (ReportEntry report : reports.reversed()) {
      List<TaskReport> tasks =
          report.tasks().stream().filter(task -> seen.add(key(report, task))).toList();
      if (!tasks.isEmpty()) {
        once.add(new ReportEntry(report.source(), report.checkpoint(), tasks));
      }
    }
    return once.reversed();
  }

  /** Tasks that are there in several versions, of which a board shows the last by name. */
  private static List<String> versions(List<ReportEntry> reports) {
    Map<String, TreeMap<String, Integer>> versions = new TreeMap<>();
    for (ReportEntry report : reports) {
      for (TaskReport task : report.tasks()) {
        versions
            .computeIfAbsent(task.task(), it -> new TreeMap<>())
            .merge(task.version(), 1, Integer::sum);
      }
    }
    return versions.entrySet().stream()
        .filter(it -> it.getValue().size() > 1)
        .map(
            it ->
                "%s is there in versions that are not comparable (%s): boards and findings have the last of them alone; import the others with a --source of their own"
                    .formatted(
                        it.getKey(),
                        it.getValue().entrySet().stream()
                            .map(each -> "%d × '%s'".formatted(each.getValue(), each.getKey()))
                            .collect(Collectors.joining(", "))))
        .toList();
  }

  private static String key(ReportEntry report, TaskReport task) {
    return String.join(
        "|",
        report.checkpoint().model(),
        report.checkpoint().revision(),
        task.task(),
        Integer.toString(task.shots()));
  }

  /** How many scores there are. */
  public int scores() {
    return reports.stream().mapToInt(ReportEntry::scores).sum();
  }
}
