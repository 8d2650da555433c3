package dev.castalia.cli.command;

import dev.castalia.cli.gateway.FindingEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.report.Language;
import dev.castalia.cli.report.WhatPays;
import dev.castalia.cli.text.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Shows what the scores support. */
@Command(
    name = "findings",
    description = {
      "Shows what the scores so far support, with uncertainty, and where they do not suffice.",
      "",
      "Intervals are of 95 %%; q is p adjusted for false discoveries over all tasks. Of continued "
          + "training, details say from which base step it pays, at which learning rate, and what "
          + "it costs and keeps in the old language."
    })
public final class FindingsCommand implements Callable<Integer> {

  /** The seven questions, by the API's names. */
  enum Kind {
    BIAS_TRAJECTORY,
    DEDUPLICATION,
    SEEDS,
    ACQUISITION,
    SCALING,
    CONTINUED_TRAINING,
    SUSPICIOUS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Kind of(String name) {
      return Arrays.stream(values())
          .filter(kind -> kind.toString().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "\"%s\" is no kind of finding: give one of %s"
                          .formatted(name, Arrays.toString(values()))));
    }
  }

  @Spec private CommandSpec spec;
  @Mixin private GatewayOption gateway;
  @Mixin private WaitOption wait;

  @Option(
      names = "--kind",
      converter = KindConverter.class,
      description = "Only of this kind: ${COMPLETION-CANDIDATES}.")
  private Kind kind;

  @Option(names = "--verdict", paramLabel = "CODE", description = "Only with this verdict.")
  private String verdict;

  @Option(names = "--task", paramLabel = "GLOB", description = "Only of these tasks.")
  private String task;

  @Option(names = "--model", paramLabel = "GLOB", description = "Only about these models.")
  private String model;

  @Option(names = "--json", description = "Print the findings, with all details, as JSON.")
  private boolean json;

  static final class KindConverter implements ITypeConverter<Kind> {
    @Override
    public Kind convert(String value) {
      return Kind.of(value);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (GatewayClient client = gateway.client()) {
      wait.awaitOrWarn(client);
      List<FindingEntry> findings = client.findings(filter());
      if (json) {
        record Findings(List<FindingEntry> findings) {}
        out.println(Json.indented(new Findings(findings)));
      } else if (findings.isEmpty()) {
        out.println("no findings");
      } else {
        print(findings, out);
      }
    }
    return ExitCode.OK;
  }

  private Map<String, String> filter() {
    Map<String, String> filter = new LinkedHashMap<>();
    if (kind != null) {
      filter.put("kind", kind.toString());
    }
    if (verdict != null) {
      filter.put("verdict", verdict);
    }
    if (task != null) {
      filter.put("task", task);
    }
    if (model != null) {
      filter.put("model", model);
    }
    return filter;
  }

  private static void print(List<FindingEntry> findings, PrintWriter out) {
    Map<String, Table> tables = new LinkedHashMap<>();
    for (FindingEntry finding : findings) {
      tables.computeIfAbsent(finding.kind(), FindingsCommand::table).row(cells(finding));
    }
    String gap = "";
    for (Table table : tables.values()) {
      out.print(gap);
      table.lines().forEach(out::println);
      gap = System.lineSeparator();
    }
  }

  private static Table table(String kind) {
    List<String> headings =
        new ArrayList<>(List.of(kind, "verdict", ">effect", ">interval", ">p", ">q", ">evidence"));
    if (hasDetails(kind)) {
      headings.add("details");
    }
    return new Table(headings.toArray(String[]::new));
  }

  private static Object[] cells(FindingEntry finding) {
    List<String> cells =
        new ArrayList<>(
            List.of(
                finding.subject(),
                finding.verdict(),
                number(finding.effect()),
                finding.low() == null
                    ? ""
                    : number(finding.low()) + " to " + number(finding.high()),
                number(finding.pValue()),
                number(finding.qValue()),
                finding.evidence().size() + "/" + finding.expected()));
    if (hasDetails(finding.kind())) {
      cells.add(WhatPays.of(finding, Language.EN));
    }
    return cells.toArray();
  }

  private static boolean hasDetails(String kind) {
    return kind.equals(Kind.CONTINUED_TRAINING.toString());
  }

  private static String number(Double value) {
    if (value == null) {
      return "";
    }
    return value != 0 && Math.abs(value) < 0.0001
        ? String.format(Locale.ROOT, "%.1e", value)
        : String.format(Locale.ROOT, "%.4f", value);
  }
}
