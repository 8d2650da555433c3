package dev.castalia.cli.command;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.text.Numbers;
import dev.castalia.schemas.Glob;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes checkpoints out that cannot be loaded any more. */
@Command(
    name = "retire",
    description = {
      "Takes checkpoints out that cannot be loaded any more, because their files are gone.",
      "Their scores stay, and count in sweeps; what was not scored of them is asked for no more, and"
          + " what failed is put away. Publishing a checkpoint again takes it back, and sweeps go on"
          + " with it."
    })
public final class RetireCommand implements Runnable {

  @Spec private CommandSpec spec;
  @Mixin private GatewayOption gateway;

  @Parameters(
      paramLabel = "PATTERN",
      arity = "1..*",
      description = "Models, with * and ?, or model@revision.")
  private List<String> patterns;

  @Option(names = "--steps", defaultValue = "all", description = Options.STEPS)
  private String steps;

  @Option(names = "--plan", description = "Only say which; nothing is retired.")
  private boolean planOnly;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (GatewayClient client = gateway.client()) {
      List<CheckpointEntry> chosen = choose(client);
      if (!planOnly && !chosen.isEmpty()) {
        client.publishCheckpoints(chosen.stream().map(CheckpointEntry::asRetired).toList());
      }
      List<String> names = chosen.stream().map(CheckpointEntry::key).toList();
      record Retired(List<String> retired) {}
      if (json) {
        out.println(Json.indented(new Retired(names)));
        return;
      }
      names.forEach(out::println);
      out.println(
          Numbers.count(names.size(), "checkpoint")
              + (planOnly
                  ? " would be retired"
                  : names.size() == 1 ? " is retired" : " are retired"));
    }
  }

  /**
   * What matches and is not retired yet, once each.
   *
   * @throws CommandException if nothing matches a pattern
   */
  private List<CheckpointEntry> choose(GatewayClient client) {
    Map<String, CheckpointEntry> chosen = new LinkedHashMap<>();
    for (String pattern : patterns) {
      List<CheckpointEntry> matching = matching(client, pattern);
      if (matching.isEmpty()) {
        throw new CommandException(
            "no checkpoint is of %s%s: 'castalia checkpoints' lists those there are"
                .formatted(pattern, steps.equals("all") ? "" : " at steps " + steps));
      }
      matching.forEach(it -> chosen.put(it.key(), it));
    }
    return chosen.values().stream().filter(it -> !it.retired()).toList();
  }

  private List<CheckpointEntry> matching(GatewayClient client, String pattern) {
    int at = pattern.indexOf('@');
    List<CheckpointEntry> ofModels =
        client.checkpoints(
            Map.of("model", at < 0 ? pattern : pattern.substring(0, at), "steps", steps));
    Glob revision = Glob.of(at < 0 ? "*" : pattern.substring(at + 1));
    return ofModels.stream().filter(it -> revision.matches(it.revision())).toList();
  }
}
