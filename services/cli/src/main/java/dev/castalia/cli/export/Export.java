package dev.castalia.cli.export;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.gateway.TrajectoryEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes what the gateway knows into a folder. */
public final class Export {

  private final GatewayClient gateway;
  private final Map<String, String> filter;
  private final Path folder;
  private final List<Path> written = new ArrayList<>();

  /**
   * @param filter parameters of the API's trajectories
   */
  public Export(GatewayClient gateway, Map<String, String> filter, Path folder) {
    this.gateway = gateway;
    this.filter = filter;
    this.folder = folder;
  }

  /**
   * {@code scorecards.csv}, {@code trajectories.csv} and {@code findings.csv}.
   *
   * @throws CommandException if one cannot be written
   */
  public List<Path> csv() {
    List<TrajectoryEntry> trajectories = gateway.trajectories(filter);
    write("scorecards.csv", Csv.of(Tables.scorecards(trajectories)));
    write("trajectories.csv", Csv.of(Tables.trajectories(trajectories)));
    write("findings.csv", Csv.of(Tables.findings(gateway.findings())));
    return written;
  }

  /**
   * A results file of lm-evaluation-harness for each checkpoint, source and number of shots.
   *
   * @throws CommandException if one cannot be written
   */
  public List<Path> harness() {
    HarnessExport.files(gateway.trajectories(filter))
        .forEach((path, content) -> write(path, Json.indented(content) + "\n"));
    return written;
  }

  private void write(String name, String content) {
    Path file = folder.resolve(name);
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
      written.add(file);
    } catch (IOException e) {
      throw new CommandException(file + ": cannot be written (" + e + ")", e);
    }
  }
}
