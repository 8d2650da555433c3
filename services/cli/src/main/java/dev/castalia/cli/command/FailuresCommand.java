package dev.castalia.cli.command;

import dev.castalia.cli.gateway.FailureEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Json;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what could not be scored. */
@Command(
    name = "failures",
    description =
        "Shows what failed and is not scored since, the latest first: why, and what to do.")
public final class FailuresCommand implements Runnable {

  private static final int NAMED = 3;

  @Spec private CommandSpec spec;
  @Mixin private GatewayOption gateway;

  @ArgGroup private Which which = new Which();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = SinceConverter.class,
      description =
          "Only what failed then or later: how long ago, such as 90s, 30m, 12h or 7d, or a time such"
              + " as 2026-07-13T10:15:30Z.")
  private Instant since;

  @Option(names = "--json", description = "Print the failures as JSON.")
  private boolean json;

  private static final class Which {

    @Option(names = "--sweep", description = "Only what this sweep wants.")
    private String sweep;

    @ArgGroup(exclusive = false)
    private FailureMatch matching = new FailureMatch();
  }

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (GatewayClient client = gateway.client()) {
      List<FailureEntry> failures =
          client.failures(Optional.ofNullable(which.sweep), filters()).stream()
              .sorted(Comparator.comparing(FailuresCommand::at).reversed())
              .toList();
      if (json) {
        record Failures(List<FailureEntry> failures) {}
        out.println(Json.indented(new Failures(failures)));
      } else if (failures.isEmpty()) {
        out.println("nothing failed");
      } else {
        print(failures, out);
      }
    }
  }

  private Map<String, String> filters() {
    Map<String, String> filters = new LinkedHashMap<>(which.matching.filters());
    if (since != null) {
      filters.put("since", since.toString());
    }
    return filters;
  }

  /** One cause fails many units: each is told once. */
  private static void print(List<FailureEntry> failures, PrintWriter out) {
    record Cause(String kind, String reason, String remedy) {}
    Map<Cause, List<FailureEntry>> byCause = new LinkedHashMap<>();
    for (FailureEntry failure : failures) {
      byCause
          .computeIfAbsent(
              new Cause(failure.kind(), failure.reason(), failure.remedy()),
              cause -> new ArrayList<>())
          .add(failure);
    }
    byCause.forEach(
        (cause, units) -> {
          out.printf("%s: %s%n", cause.kind().toLowerCase(Locale.ROOT), cause.reason());
          out.printf("  to do: %s%n", cause.remedy());
          units.stream().limit(NAMED).forEach(unit -> out.println("  " + describe(unit)));
          if (units.size() > NAMED) {
            out.printf("  and %d more, since %s%n", units.size() - NAMED, second(units.getLast()));
          }
        });
  }

  private static Instant at(FailureEntry failure) {
    return Instant.parse(failure.failedAt());
  }

  private static Instant second(FailureEntry failure) {
    return at(failure).truncatedTo(ChronoUnit.SECONDS);
  }

  private static String describe(FailureEntry failure) {
    return failure.checkpoint() == null
        ? "%s  %s".formatted(second(failure), failure.failure())
        : "%s  %s, %s, documents %d to %d, attempt %d"
            .formatted(
                second(failure),
                failure.checkpoint(),
                failure.task(),
                failure.start(),
                failure.end() - 1,
                failure.attempts());
  }
}
