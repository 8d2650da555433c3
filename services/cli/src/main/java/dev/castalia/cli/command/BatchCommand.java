package dev.castalia.cli.command;

import dev.castalia.cli.CommandException;
import dev.castalia.cli.gateway.Json;
import dev.castalia.scoring.task.data.IndexedDataset;
import dev.castalia.scoring.tokens.Tokenizer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what a model was trained on at a step. */
@Command(
    name = "batch",
    description = {
      "Shows the training sequences of a step; needs no gateway.",
      "In shuffled data, such as Pythia's, the batch of step N is the sequences N x batch-size and"
          + " on. The checkpoint stepN was saved before it saw them."
    })
public final class BatchCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "PREFIX",
      description = "The training set: PREFIX.idx, and PREFIX.bin or its parts.")
  private Path data;

  @Option(names = "--step", required = true, paramLabel = "N", description = "The step, from 0.")
  private long step;

  @Option(
      names = "--batch-size",
      defaultValue = "1024",
      paramLabel = "N",
      description = "Sequences a step (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--sequence-length",
      defaultValue = "2049",
      paramLabel = "N",
      description = "Tokens that a sequence must have (default: ${DEFAULT-VALUE}).")
  private int sequenceLength;

  @Option(names = "--limit", paramLabel = "N", description = "Only the first N sequences.")
  private Integer limit;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "The tokenizer.json, to show text; only token ids are shown unless given.")
  private Path tokenizer;

  @Option(names = "--json", description = "Print a JSON object a line.")
  private boolean json;

  @Override
  public Integer call() {
    Options.atLeast(spec, "--batch-size", batchSize, 1);
    Options.atLeast(spec, "--sequence-length", sequenceLength, 1);
    Options.atLeast(spec, "--limit", limit, 1);
    try (IndexedDataset sequences = IndexedDataset.open(data);
        Tokenizer tokens = tokenizer == null ? null : Tokenizer.load(tokenizer)) {
      long steps = sequences.size() / batchSize;
      if (steps == 0) {
        throw new CommandException(
            "%s has %d sequences, less than a step's %d: give the right --batch-size"
                .formatted(data, sequences.size(), batchSize));
      }
      if (step < 0 || step >= steps) {
        throw new CommandException(
            "step %d is not there: %s has %d sequences, which are steps 0 to %d of %d each"
                .formatted(step, data, sequences.size(), steps - 1, batchSize));
      }
      int count = limit == null ? batchSize : Math.min(limit, batchSize);
      for (long index = step * batchSize; index < step * batchSize + count; index++) {
        print(index, sequence(sequences, index), tokens);
      }
    }
    return ExitCode.OK;
  }

  private int[] sequence(IndexedDataset sequences, long index) {
    int[] sequence = sequences.tokens(index, sequenceLength + 1);
    if (sequence.length != sequenceLength) {
      throw new CommandException(
          "%s: sequence %d has %s%d tokens, not %d: give the right --sequence-length"
              .formatted(
                  data,
                  index,
                  sequence.length > sequenceLength ? "at least " : "",
                  sequence.length,
                  sequenceLength));
    }
    return sequence;
  }

  private void print(long index, int[] sequence, Tokenizer tokens) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("index", index);
      line.put("tokens", sequence);
      if (tokens != null) {
        line.put("text", tokens.decode(sequence));
      }
      out.println(Json.line(line));
    } else {
      out.println("sequence " + index);
      out.println(
          tokens == null
              ? Arrays.stream(sequence).mapToObj(String::valueOf).collect(Collectors.joining(" "))
              : tokens.decode(sequence));
    }
  }
}
