package dev.castalia.scoring.score;

import dev.castalia.schemas.Slices;
import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.task.Item;
import dev.castalia.scoring.task.OutputType;
import dev.castalia.scoring.task.Task;
import dev.castalia.scoring.tokens.PairEncoder;
import dev.castalia.scoring.tokens.PythonSpace;
import dev.castalia.scoring.tokens.TokenPair;
import dev.castalia.scoring.tokens.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * A task's documents as one tokenizer's tokens, with some number of shots: all that is the same for
 * every checkpoint. Immutable and thread-safe.
 *
 * <p>Documents are numbered here: a memorization task leaves out those too short for it, so this
 * may have fewer than the task.
 */
public final class EncodedTask {

  /** Tokens that a slice aims at: a second or so of a small model, a minute of a large one. */
  private static final long SLICE_TOKENS = 50_000;

  private final Task task;
  private final int shots;
  private final OptionalInt prefixToken;
  private final List<EncodedItem> items;
  private final int[] documents;
  private final int available;

  private EncodedTask(
      Task task,
      int shots,
      OptionalInt prefixToken,
      List<EncodedItem> items,
      int[] documents,
      int available) {
    this.task = task;
    this.shots = shots;
    this.prefixToken = prefixToken;
    this.items = items;
    this.documents = documents;
    this.available = available;
  }

  /**
   * Renders and encodes every document.
   *
   * @throws TaskException if a document does not fit the task's templates, or asks for nothing
   */
  public static EncodedTask of(Task task, Tokenizer tokenizer, int shots) {
    return of(task, tokenizer, shots, Integer.MAX_VALUE);
  }

  /**
   * The same, but no more documents than that.
   *
   * @param most at least 1
   */
  public static EncodedTask of(Task task, Tokenizer tokenizer, int shots, int most) {
    Encoder encoder = new Encoder(task, tokenizer);
    List<Item> items = task.items(shots);
    List<EncodedItem> encoded = new ArrayList<>(items.size());
    int[] documents = new int[items.size()];
    int available = 0;
    for (int i = 0; i < items.size(); i++) {
      if (available < most || task.outputType() == OutputType.MEMORIZATION) {
        EncodedItem item = encoder.encode(items.get(i), i);
        if (item != null && available++ < most) {
          documents[encoded.size()] = i;
          encoded.add(item);
        }
      } else {
        available++;
      }
    }
    if (encoded.isEmpty()) {
      throw new TaskException(
          "%s: all %d documents are shorter than the %d tokens of prompt and continuation"
              .formatted(
                  task.file(), items.size(), task.promptTokens() + task.continuationTokens()));
    }
    return new EncodedTask(
        task,
        shots,
        tokenizer.prefixToken(),
        List.copyOf(encoded),
        Arrays.copyOf(documents, encoded.size()),
        available);
  }

  public Task task() {
    return task;
  }

  public int shots() {
    return shots;
  }

  /** What the tokenizer has for an empty context; empty where that is the model's to say. */
  OptionalInt prefixToken() {
    return prefixToken;
  }

  /** Documents that are scored. */
  public int documents() {
    return items.size();
  }

  /** Documents that would be scored without a limit. */
  public int available() {
    return available;
  }

  /** Which of the task's documents the index-th scored one is. */
  public int document(int index) {
    return documents[index];
  }

  /** Tokens through the model a document, on average: what an evaluation costs. */
  public double meanTokens() {
    return items.stream().mapToLong(EncodedItem::cost).average().orElseThrow();
  }

  /** About how many bytes of memory it holds, together with its task. */
  public long bytes() {
    return task.bytes() + Integer.BYTES * items.stream().mapToLong(EncodedItem::cost).sum();
  }

  /**
   * Documents a slice, so many that a slice is about {@value #SLICE_TOKENS} tokens; more where
   * there would be too many slices.
   */
  public int sliceDocuments() {
    return sliceDocuments(items.size(), meanTokens());
  }

  static int sliceDocuments(int documents, double meanTokens) {
    int least = Math.ceilDiv(documents, Slices.MOST);
    return (int) Math.clamp(Math.round(SLICE_TOKENS / meanTokens), least, documents);
  }

  List<EncodedItem> items(int from, int to) {
    return items.subList(from, to);
  }

  private static final class Encoder {

    private final Task task;
    private final Tokenizer tokenizer;
    private final PairEncoder pairs;

    Encoder(Task task, Tokenizer tokenizer) {
      this.task = task;
      this.tokenizer = tokenizer;
      this.pairs = new PairEncoder(tokenizer);
    }

    /** The item as tokens; null for a text that is too short to test memory with. */
    EncodedItem encode(Item item, int document) {
      return switch (item) {
        case Item.Choices choices ->
            new EncodedItem.Choices(
                choices.pairs().stream().map(pair -> pair(pair, document)).toList(),
                choices.choices().stream()
                    .mapToInt(choice -> choice.codePointCount(0, choice.length()))
                    .toArray(),
                choices.choices().stream().mapToInt(Encoder::bytes).toArray(),
                choices.gold());
        case Item.Continuation(Item.Pair pair) ->
            new EncodedItem.Continuation(pair(pair, document));
        case Item.Text(String text, String counted) ->
            new EncodedItem.Text(
                tokenizer.encode(text), PythonSpace.words(counted), bytes(counted));
        case Item.Memory(String text) -> memory(tokenizer.encode(text), true);
        case Item.Sequence(var tokens) ->
            memory(tokens.stream().mapToInt(Integer::intValue).toArray(), false);
      };
    }

    private TokenPair pair(Item.Pair pair, int document) {
      TokenPair tokens = pairs.encode(pair.context(), pair.continuation());
      if (tokens.continuation().length == 0) {
        throw new TaskException(
            "%s: document %d has the continuation \"%s\" after \"%s\", which is no token of its own;"
                    .formatted(task.file(), document, pair.continuation(), pair.context())
                + " correct the template or the data");
      }
      return tokens;
    }

    private EncodedItem memory(int[] tokens, boolean prefixed) {
      int prompt = task.promptTokens();
      int end = prompt + task.continuationTokens();
      return tokens.length < end
          ? null
          : new EncodedItem.Memory(
              Arrays.copyOf(tokens, prompt), Arrays.copyOfRange(tokens, prompt, end), prefixed);
    }

    private static int bytes(String text) {
      return text.getBytes(StandardCharsets.UTF_8).length;
    }
  }
}
