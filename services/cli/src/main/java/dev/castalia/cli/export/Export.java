package dev.castalia.cli.export;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.FindingEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.gateway.RunEntry;
import dev.castalia.cli.gateway.TrajectoryEntry;
import dev.castalia.cli.text.WholeFile;
import dev.castalia.schemas.Glob;
import dev.castalia.schemas.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Writes what the gateway knows into a folder. */
public final class Export {

  private final GatewayClient gateway;
  private final Map<String, String> filter;
  private final Path folder;
  private final List<Path> written = new ArrayList<>();

  /**
   * @param filter any of model, task and source: patterns as the API's trajectories take them
   */
  public Export(GatewayClient gateway, Map<String, String> filter, Path folder) {
    this.gateway = gateway;
    this.filter = filter;
    this.folder = folder;
  }

  /**
   * Files {@code scorecards}, {@code trajectories} and {@code findings}.
   *
   * @throws CommandException if one cannot be written
   */
  public List<Path> tables(TableFile kind) {
    List<TrajectoryEntry> trajectories = gateway.trajectories(filter);
    table(kind, "scorecards", Rows.ScoreRow.class, Rows.scores(trajectories));
    table(kind, "trajectories", Rows.TrajectoryRow.class, Rows.trajectories(trajectories));
    table(kind, "findings", Rows.FindingRow.class, Rows.findings(findings()));
    return written;
  }

  private List<FindingEntry> findings() {
    Map<String, String> parameters = new HashMap<>(filter);
    Predicate<String> sources = Glob.anyOf(parameters.remove("source"));
    return gateway.findings(parameters).stream()
        .filter(it -> sources.test(Source.name(it.source())))
        .toList();
  }

  private <T extends Record> void table(TableFile kind, String name, Class<T> type, List<T> rows) {
    write(name + kind.suffix(), file -> kind.write(file, type, rows));
  }

  /**
   * A results file of lm-evaluation-harness for each checkpoint, source and number of shots.
   *
   * @throws CommandException if one cannot be written
   */
  public List<Path> harness() {
    Map<String, RunEntry> runs =
        gateway.runs().stream().collect(Collectors.toMap(RunEntry::model, Function.identity()));
    HarnessExport.files(gateway.trajectories(filter), runs)
        .forEach(
            (path, content) ->
                write(path, file -> Files.writeString(file, Json.indented(content) + "\n")));
    return written;
  }

  private void write(String name, WholeFile.Content content) {
    Path file = folder.resolve(name);
    WholeFile.write(file, content);
    written.add(file);
  }
}
