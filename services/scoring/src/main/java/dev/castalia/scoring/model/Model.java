package dev.castalia.scoring.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import java.nio.IntBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A checkpoint ready to run: its graphs in two sessions of ONNX Runtime. Holds native memory until
 * closed. One thread at a time: the input buffers are reused from batch to batch. Several models
 * may run at once, each on its own thread.
 */
public final class Model implements AutoCloseable {

  /** In place of a continuation's token where no token is the likeliest: the model gives NaN. */
  public static final int NO_TOKEN = -1;

  /** Tokens of one row that are read at once, however many there may be in a batch of several. */
  static final int LONGEST_PIECE = 512;

  private final Checkpoint checkpoint;
  private final MemoryClaims.Claim claim;
  private final TokenBudget budget;
  private final Body body;
  private final Head head;
  private final Scratch positions = new Scratch();

  private Model(Checkpoint checkpoint, MemoryClaims.Claim claim, Body body, Head head) {
    this.checkpoint = checkpoint;
    this.claim = claim;
    this.budget = new TokenBudget(checkpoint, claim.options().limits());
    this.body = body;
    this.head = head;
  }

  /**
   * Loads the weights from the checkpoint's files, which must stay as they are until the model is
   * closed. First asks whether they fit into memory beside what the process' other models need, and
   * how many tokens at once beside them; of a GPU's memory that shows when it is full.
   *
   * @throws EvaluationException if the memory does not suffice or the runtime refuses the graph
   */
  public static Model open(Checkpoint checkpoint, ModelOptions options) {
    MemoryClaims.Claim claim =
        options.device().isGpu()
            ? MemoryClaims.Claim.nothing(options)
            : MemoryClaims.OF_THIS_PROCESS.claim(checkpoint, options);
    try {
      return open(checkpoint, claim);
    } catch (Throwable e) {
      claim.close();
      throw e;
    }
  }

  private static Model open(Checkpoint checkpoint, MemoryClaims.Claim claim) {
    ModelOptions options = claim.options();
    Sessions sessions = new Sessions(checkpoint, options);
    Body body = new Body(sessions);
    Model model = new Model(checkpoint, claim, body, new Head(sessions, body));
    if (options.device().isGpu()) {
      // The first run loads the kernels: a part of opening, not of the first batch.
      try {
        model.read(List.of(new Passage(new int[] {0}, new int[] {0})), Progress.NONE);
      } catch (Throwable e) {
        model.close();
        throw e;
      }
    }
    return model;
  }

  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /** Longest row of tokens the model can read. */
  public int context() {
    return checkpoint.config().context();
  }

  /**
   * Reads all the passages, in batches of its own choosing; the composition of a batch changes a
   * log-probability by float32 rounding at most. Where the memory runs out, batches are halved.
   *
   * @return a reading for each passage, in their order, and the tokens that went through
   * @throws EvaluationException if the runtime fails, or one row is too much for the memory
   */
  public Readings read(List<Passage> passages, Progress progress) {
    passages.forEach(this::check);
    ReadingPlan plan = ReadingPlan.of(passages, budget.limits(), checkpoint.config().hidden());
    Reader reader = new Reader(passages, plan.tokens(), progress);
    try (Past nothing = body.nothingBefore()) {
      reader.read(plan, nothing);
    } catch (OrtException e) {
      throw Sessions.failure(checkpoint, "running", e);
    }
    return new Readings(List.of(reader.readings), reader.done, reader.places);
  }

  /**
   * Continues prompts greedily, ties going to the first token.
   *
   * @param prompts token ids, all of one length
   * @param count tokens to add, at least 1; prompt and continuation may exceed the context by one,
   *     since the last token is not read
   * @return the {@code count} tokens after each prompt; {@link #NO_TOKEN} from where the model
   *     gives NaN
   * @throws EvaluationException if the runtime fails, or one prompt is too much for the memory
   */
  public List<int[]> continueGreedily(List<int[]> prompts, int count, Progress progress) {
    for (int[] prompt : prompts) {
      checkLength(prompt.length + count - 1);
      checkTokens(prompt);
      if (prompt.length != prompts.getFirst().length) {
        throw new IllegalArgumentException("the prompts are not all of one length");
      }
    }
    return new GreedyDecoder(body, head, budget).decode(prompts, count, progress);
  }

  /**
   * How long each kind of operator took so far, of a model that was opened with {@link
   * ModelOptions#recorded}; to be asked once, after the last run. On a GPU, operators are only
   * begun, and their times are to be trusted only where the environment has CUDA_LAUNCH_BLOCKING=1.
   */
  public Map<String, Duration> operatorTimes() {
    Map<String, Duration> times = new TreeMap<>();
    try {
      body.takeOperatorTimes(times);
      head.takeOperatorTimes(times);
    } catch (OrtException e) {
      throw Sessions.failure(checkpoint, "recording", e);
    }
    return times;
  }

  private void check(Passage passage) {
    checkLength(passage.input().length);
    checkTokens(passage.input());
    checkTokens(passage.targets());
  }

  private void checkLength(int tokens) {
    if (tokens > context()) {
      throw new IllegalArgumentException(
          "a row of %d tokens for a context of %d".formatted(tokens, context()));
    }
  }

  private void checkTokens(int[] tokens) {
    int vocabulary = checkpoint.config().vocabulary();
    for (int token : tokens) {
      if (token < 0 || token >= vocabulary) {
        throw new EvaluationException(
            "%s: token %d is outside of the vocabulary of %d; this tokenizer is not the model's"
                .formatted(checkpoint.folder(), token, vocabulary),
            false,
            null);
      }
    }
  }

  /** Reads the tokens of a row from one to before another, and gives what went before the next. */
  @FunctionalInterface
  private interface Piece {
    Past read(int from, int to, Past before) throws OrtException;
  }

  /** Passages on their way through the model. */
  private final class Reader {

    private final List<Passage> passages;
    private final Reading[] readings;
    private final long total;
    private final Progress progress;
    private long done;
    private long places;

    Reader(List<Passage> passages, long total, Progress progress) {
      this.passages = passages;
      this.readings = new Reading[passages.size()];
      this.total = total;
      this.progress = progress;
    }

    void read(ReadingPlan plan, Past before) {
      long doneBefore = done;
      TokenBudget.Spent spent =
          budget.run(
              plan.batches(),
              batch -> read(batch, before),
              (tokens, _) -> progress.batchDone(doneBefore + tokens, total));
      done += spent.tokens();
      places += spent.places();
      for (ReadingPlan deeper : plan.deeper()) {
        int length = deeper.prefix().length;
        try (Past past = advance(deeper.prefix(), before)) {
          done += length;
          places += length;
          progress.batchDone(done, total);
          read(deeper, past);
        }
      }
    }

    private void read(Batch batch, Past before) throws OrtException {
      Wanted wanted = Wanted.of(batch, passages);
      Answers answers = new Answers(wanted);
      TokenTree first = batch.rows().getFirst();
      if (batch.rows().size() == 1 && !first.branches() && first.size() > LONGEST_PIECE) {
        readInPieces(first, wanted, before, answers);
      } else {
        body.run(batch, before, positions(wanted.places(), 0), answers);
      }
      wanted.distribute(answers.logProbabilities, answers.likeliest, readings);
    }

    private Past advance(int[] prefix, Past before) {
      try {
        return inPieces(
            prefix.length,
            before,
            (from, to, past) ->
                body.advance(List.of(Arrays.copyOfRange(prefix, from, to)), past, (_, _, _) -> {}));
      } catch (OrtException | OutOfMemoryError e) {
        throw budget.failure(before.length() + prefix.length, e);
      }
    }

    private void readInPieces(TokenTree row, Wanted wanted, Past before, Answers answers)
        throws OrtException {
      inPieces(
              row.size(),
              before,
              (from, to, past) -> {
                List<int[]> tokens = List.of(row.tokens(from, to));
                int[] places = wanted.places(from, to);
                int earlier = wanted.places(0, from).length;
                return places.length == 0
                    ? body.advance(tokens, past, (_, _, _) -> {})
                    : body.advance(
                        tokens,
                        past,
                        positions(places, from),
                        (hidden, first, count) -> answers.project(hidden, earlier + first, count));
              })
          .close();
    }

    /**
     * Reads one long row: of a whole one's attention, half would be spent on what no token may see.
     *
     * @param before stays the caller's
     * @return what went before the row's end, the caller's to close
     */
    private static Past inPieces(int length, Past before, Piece piece) throws OrtException {
      Past past = before;
      try {
        for (int from = 0; from < length; from += LONGEST_PIECE) {
          Past longer = piece.read(from, Math.min(length, from + LONGEST_PIECE), past);
          if (past != before) {
            past.close();
          }
          past = longer;
        }
        return past;
      } catch (Throwable e) {
        if (past != before) {
          past.close();
        }
        throw e;
      }
    }

    private IntBuffer positions(int[] places, int from) {
      IntBuffer at = positions.ints(places.length);
      for (int place : places) {
        at.put(place - from);
      }
      return at.flip();
    }
  }

  /** What the head says of a batch, place by place. */
  private final class Answers implements Body.Projection {

    private final Wanted wanted;
    private final float[] logProbabilities;
    private final int[] likeliest;

    Answers(Wanted wanted) {
      this.wanted = wanted;
      this.logProbabilities = new float[wanted.targets().length];
      this.likeliest = new int[wanted.places().length];
    }

    @Override
    public void project(OnnxTensor hidden, int from, int count) throws OrtException {
      int first = wanted.firstOf(from);
      int last = wanted.firstOf(from + count);
      int[] rows = Arrays.copyOfRange(wanted.rows(), first, last);
      Arrays.setAll(rows, i -> rows[i] - from);
      Head.Answer answer =
          head.answer(hidden, rows, Arrays.copyOfRange(wanted.targets(), first, last));
      System.arraycopy(answer.logProbabilities(), 0, logProbabilities, first, last - first);
      for (int i = 0; i < count; i++) {
        likeliest[from + i] = Math.toIntExact(answer.likeliest()[i]);
      }
    }
  }

  @Override
  public void close() {
    head.close();
    body.close();
    claim.close();
  }
}
