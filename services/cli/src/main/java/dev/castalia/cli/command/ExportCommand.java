package dev.castalia.cli.command;

import dev.castalia.cli.export.Export;
import dev.castalia.cli.export.TableFile;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.text.Numbers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes scores and findings into files. */
@Command(
    name = "export",
    description = {
      "Writes scores and findings into a folder.",
      "csv, parquet: scorecards, trajectories and findings, a file each; in csv, an apostrophe"
          + " stands before a text that a spreadsheet would compute. lm-eval: a results file"
          + " of lm-evaluation-harness for each checkpoint, source and number of shots, which"
          + " 'castalia import' reads again."
    })
public final class ExportCommand implements Callable<Integer> {

  /** What files can be written. */
  private enum Format {
    CSV("csv", true, export -> export.tables(TableFile.CSV)),
    PARQUET("parquet", true, export -> export.tables(TableFile.PARQUET)),
    LM_EVAL("lm-eval", false, Export::harness);

    private final String label;
    private final boolean hasFindings;
    private final Function<Export, List<Path>> writing;

    Format(String label, boolean hasFindings, Function<Export, List<Path>> writing) {
      this.label = label;
      this.hasFindings = hasFindings;
      this.writing = writing;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  @Spec private CommandSpec spec;
  @Mixin private GatewayOption gateway;
  @Mixin private WaitOption wait;

  @Parameters(paramLabel = "DIR", description = "Where to; made when it is not there.")
  private Path folder;

  @Option(
      names = "--format",
      paramLabel = "csv|parquet|lm-eval",
      defaultValue = "csv",
      description = "What to write; ${DEFAULT-VALUE} unless given.",
      converter = FormatConverter.class)
  private Format format;

  @Option(names = "--model", paramLabel = "GLOB", description = "Only these, with * and ?.")
  private String model;

  @Option(names = "--task", paramLabel = "GLOB", description = "Only these, with * and ?.")
  private String task;

  @Option(
      names = "--source",
      paramLabel = "GLOB",
      description = "Only what these measured, castalia being Castalia itself; all unless given.")
  private String source;

  static final class FormatConverter implements picocli.CommandLine.ITypeConverter<Format> {
    @Override
    public Format convert(String text) {
      for (Format format : Format.values()) {
        if (format.toString().equals(text)) {
          return format;
        }
      }
      throw new picocli.CommandLine.TypeConversionException(
          "'" + text + "' is not a format: give csv, parquet or lm-eval");
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> filter = new LinkedHashMap<>();
    if (model != null) {
      filter.put("model", model);
    }
    if (task != null) {
      filter.put("task", task);
    }
    if (source != null) {
      filter.put("source", source);
    }
    try (GatewayClient client = gateway.client()) {
      if (format.hasFindings) {
        wait.awaitOrWarn(client);
      }
      List<Path> written = format.writing.apply(new Export(client, filter, folder));
      spec.commandLine()
          .getOut()
          .printf(
              "%s in %s%n",
              Numbers.count(written.size(), "file"), folder.toAbsolutePath().normalize());
    }
    return ExitCode.OK;
  }
}
