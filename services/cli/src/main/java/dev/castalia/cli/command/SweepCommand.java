package dev.castalia.cli.command;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.GatewayException;
import dev.castalia.cli.gateway.Json;
import dev.castalia.cli.gateway.PlanOrder;
import dev.castalia.cli.gateway.Sweep;
import dev.castalia.cli.gateway.SweepOrder;
import dev.castalia.cli.progress.SweepWatch;
import dev.castalia.cli.suite.CatalogSource;
import dev.castalia.cli.text.Numbers;
import dev.castalia.schemas.SweepIds;
import dev.castalia.scoring.catalog.Catalog;
import dev.castalia.scoring.catalog.CatalogRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks for an evaluation. */
@Command(
    name = "sweep",
    description = {
      "Enqueues a sweep: these checkpoints on these tasks.",
      "What is scored already is not scored again. FILE is a YAML file with the options below"
          + " without their dashes (id, models, steps, tasks, num_fewshot, dtype, standing,"
          + " priority); options on the command line override it."
    })
public final class SweepCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private GatewayOption gateway;

  @Parameters(paramLabel = "FILE", arity = "0..1", description = "The sweep, as a YAML file.")
  private Path file;

  @Option(
      names = "--id",
      description =
          "Id of the sweep: the same under the same id is one sweep, however often it is sent. One"
              + " is made unless given.")
  private String id;

  @Option(
      names = "--models",
      split = ",",
      paramLabel = "PATTERN",
      description = {
        "Models, with * and ?, or model@revision; or runs of a suite by size, such as"
            + " pythia:70m..1.4b or pythia:160m-deduped.",
        "Runs of a suite that nobody has published are announced as they lie on the Hugging Face"
            + " hub; with --plan they are counted as if they were."
      })
  private List<String> models;

  @Option(names = "--steps", description = Options.STEPS)
  private String steps;

  @Option(
      names = "--tasks",
      split = ",",
      paramLabel = "TASK",
      description = "Tasks, their tags, or patterns with * and ?; with :N behind, at N shots.")
  private List<String> tasks;

  @Option(
      names = "--num-fewshot",
      paramLabel = "K",
      description = "Few-shot examples; each task's own number unless given.")
  private Integer shots;

  @Option(names = "--dtype", description = "float32 or float16; float32 unless given.")
  private String dtype;

  @Option(names = "--standing", description = "Also evaluate what matches and is published later.")
  private Boolean standing;

  @Option(
      names = "--priority",
      paramLabel = "N",
      description =
          "Higher is issued first; 0 unless given. Producers give at most what the gateway is set"
              + " to, 10 as a rule; operators any.")
  private Integer priority;

  @Option(
      names = "--plan",
      description =
          "Only say what it would amount to, and how long it would take; nothing is announced or"
              + " enqueued.")
  private boolean planOnly;

  @Option(
      names = "--flops",
      paramLabel = "N",
      defaultValue = "50e9",
      description =
          "Operations a second of one scorer, for the estimated time: 2 x parameters x tokens / N;"
              + " ${DEFAULT-VALUE} unless given, about two cores; an A100 does some 1e13 in float32.")
  private double flops;

  @Option(names = "--watch", description = "Then watch it, as 'castalia watch' does.")
  private boolean watch;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    if (!(flops > 0)) {
      throw new ParameterException(
          spec.commandLine(), "--flops is %s: give a number above 0".formatted(flops));
    }
    SweepOrder order = order(file == null ? SweepFile.EMPTY : SweepFile.read(file));
    PrintWriter out = spec.commandLine().getOut();
    try (GatewayClient client = gateway.client()) {
      PlanOrder wanted = resolved(order, client);
      if (planOnly) {
        Sweep.Plan plan = client.planSweep(wanted);
        if (json) {
          out.println(Json.line(plan));
        } else {
          describe(plan, out);
        }
        return ExitCode.OK;
      }
      if (!wanted.checkpoints().isEmpty()) {
        client.publishCheckpoints(wanted.checkpoints());
      }
      Sweep sweep = create(wanted.order(), client);
      if (json) {
        out.println(Json.line(sweep));
      } else {
        describe(sweep, out);
      }
      out.flush();
      return watch
          ? new Watching(spec, json).watch(SweepWatch.ofCreated(client, sweep.sweep()))
          : ExitCode.OK;
    }
  }

  /** Always under an id, by which it can be repeated where no answer says what became of it. */
  private static Sweep create(SweepOrder order, GatewayClient client) {
    if (order.sweep() != null) {
      return client.createSweep(order);
    }
    String made = SweepIds.create();
    try {
      return client.createSweep(order.under(made));
    } catch (GatewayException e) {
      if (!e.passing()) {
        throw e;
      }
      throw new CommandException(
          "%s; repeat the command with --id %s, lest there be two sweeps if this one was taken"
              .formatted(e.getMessage(), made),
          e);
    }
  }

  private SweepOrder order(SweepFile given) {
    List<String> wantedModels = models != null ? models : given.models();
    List<String> wantedTasks = tasks != null ? tasks : given.tasks();
    require(wantedModels, "--models", "models", "patterns over models, such as 'nano-*'");
    require(wantedTasks, "--tasks", "tasks", "names of tasks or tags");
    return new SweepOrder(
        id != null ? id : given.id(),
        System.getProperty("user.name"),
        wantedModels,
        steps != null || given.steps() == null ? steps : String.join(",", given.steps()),
        wantedTasks,
        shots != null ? shots : given.shots(),
        dtype != null ? dtype : given.dtype(),
        standing != null ? standing : given.standing(),
        priority != null ? priority : given.priority());
  }

  private void require(List<String> value, String option, String field, String what) {
    if (value == null || value.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "%s is missing: give %s%s"
              .formatted(option, what, file == null ? "" : ", or " + field + " in " + file));
    }
  }

  /** The order with runs of suites as models' names, and the checkpoints of those not published. */
  private static PlanOrder resolved(SweepOrder order, GatewayClient client) {
    List<String> models = new ArrayList<>();
    List<CheckpointEntry> unpublished = new ArrayList<>();
    for (String pattern : order.models()) {
      if (!Catalog.isSelection(pattern)) {
        models.add(pattern);
        continue;
      }
      Catalog.Selected selected = Catalog.select(pattern);
      List<CatalogRun> unknown =
          selected.runs().stream()
              .filter(run -> client.checkpoints(Map.of("model", run.model())).isEmpty())
              .toList();
      unpublished.addAll(
          CatalogSource.announcement(new Catalog.Selected(selected.catalog(), unknown), null)
              .checkpoints());
      selected.runs().forEach(run -> models.add(run.model()));
    }
    return new PlanOrder(order.of(models), unpublished);
  }

  private void describe(Sweep sweep, PrintWriter out) {
    out.println("sweep " + sweep.sweep());
    if (sweep.plan() != null) {
      describe(sweep.plan(), out);
    }
  }

  private void describe(Sweep.Plan plan, PrintWriter out) {
    out.printf(
        "  %s of %s on %s%n",
        Numbers.count(plan.checkpoints(), "checkpoint"),
        Numbers.count(plan.models().size(), "model"),
        plan.tasks().stream().map(SweepCommand::described).collect(Collectors.joining(", ")));
    out.printf(
        "  %s, %s, about %s tokens and %sFLOP%n",
        Numbers.count(plan.units(), "unit"),
        Numbers.count(plan.documents(), "document"),
        Numbers.amount(plan.tokens()),
        Numbers.amount(plan.operations()));
    out.printf(
        "  about %s of one scorer at %sFLOP/s%n",
        Numbers.duration(Duration.ofSeconds(Math.round(plan.operations() / flops))),
        Numbers.amount(flops));
  }

  private static String described(Sweep.TaskPlan task) {
    return task.shots() == 0 ? task.task() : task.task() + " (" + task.shots() + "-shot)";
  }
}
