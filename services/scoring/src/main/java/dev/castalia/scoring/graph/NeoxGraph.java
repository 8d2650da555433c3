package dev.castalia.scoring.graph;

import static dev.castalia.scoring.graph.OnnxGraph.MICROSOFT;
import static dev.castalia.scoring.graph.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.checkpoint.NeoxConfig;
import dev.castalia.scoring.checkpoint.NeoxTensors;
import dev.castalia.scoring.checkpoint.StoredTensor;
import dev.castalia.scoring.graph.OnnxGraph.Attribute;
import dev.castalia.scoring.graph.OnnxGraph.Value;
import java.nio.file.Path;
import java.util.List;

/**
 * GPT-NeoX as ONNX graphs over a checkpoint's own bytes.
 *
 * <p>The <em>body</em> takes tokens, given the keys and values of those before, to the hidden
 * states of the positions that are asked for; the <em>head</em> takes hidden states to
 * log-probabilities. They are apart so that the largest tensor there is, rows × vocabulary, is
 * bounded by how many hidden states the head is given at once.
 *
 * <p>The equations, for the tokens t of a row, with x the residual stream:
 *
 * <pre>
 * x = E[t]
 * x = x + attention(norm₁(x)) + mlp(norm₂(x))        parallel residual
 * x = x + attention(norm₁(x));  x = x + mlp(norm₂(x))   otherwise
 * log p(next) = log softmax(U norm(x))
 * </pre>
 *
 * The mask says which tokens are before which: a row may hold several sequences that begin alike.
 */
public final class NeoxGraph {

  /** Body, in: the ids of the tokens that there are, each once; int32 [types]. */
  public static final String TYPES = "types";

  /** Body, in: the rows' tokens, as indices into {@link #TYPES}; int32 [batch × length]. */
  public static final String TOKENS = "tokens";

  /** Body, in: each token's place in its sequence, int64 [batch, length]. */
  public static final String PLACES = "places";

  /** Body, in: the index of each token of a row, those before included; int32 [length, 1]. */
  public static final String INDICES = "indices";

  /** Body, in: 0, 1, 2, … of the tokens so far and these; int32 [tokens so far + length]. */
  public static final String SEEN = "seen";

  /**
   * Body, in: for each token of {@link #SEEN} the index of the first after it that does not see it;
   * int32 [batch or 1, 1, 1, tokens so far + length]. Sequences that begin alike lie in a row depth
   * first: a token is seen by those from its own index to there.
   */
  public static final String ENDS = "ends";

  /** Body, in: the positions wanted, int32 [rows], as indices into batch × length. */
  public static final String POSITIONS = "positions";

  /**
   * Body, in: [batch, length, hidden], int64 [3]. Given rather than computed, so that a GPU has
   * nothing to leave to the CPU.
   */
  public static final String JOINED = "joined";

  /** Body, in: [batch, heads, tokens so far, width of a head], int64 [4]. */
  public static final String BEFORE = "before";

  /** Body, out, and head, in: hidden states after the final norm, float32 [rows, hidden]. */
  public static final String HIDDEN = "hidden";

  /** Head, in: rows, and the tokens whose probabilities are asked for there; int32 [targets, 2]. */
  public static final String TARGETS = "targets";

  /** Head, out: natural-log probability of each target, float32 [targets]. */
  public static final String LOG_PROBABILITIES = "log_probabilities";

  /**
   * Head, out: the likeliest token of each row, on the CPU the first of equals; int64 [rows, 1].
   */
  public static final String LIKELIEST = "likeliest";

  /** The other head's output: float32 [rows, vocabulary]. */
  public static final String LOGITS = "logits";

  private final NeoxConfig config;
  private final Checkpoint checkpoint;
  private final Precision precision;
  private final boolean gpu;
  private final OnnxGraph graph;

  private NeoxGraph(
      Checkpoint checkpoint, Precision precision, boolean gpu, String name, Path root) {
    this.checkpoint = checkpoint;
    this.precision = precision;
    this.gpu = gpu;
    this.config = checkpoint.config();
    this.graph = new OnnxGraph(name, root);
  }

  /**
   * {@link #TYPES}, {@link #TOKENS}, {@link #PLACES}, {@link #INDICES}, {@link #SEEN}, {@link
   * #ENDS}, {@link #POSITIONS}, {@link #JOINED}, {@link #BEFORE} and {@link #pastKeys}, {@link
   * #pastValues} of every layer → {@link #HIDDEN} and {@link #presentKeys}, {@link #presentValues}.
   * Keys and values are in the precision, [batch, heads, tokens so far, width of a head]; going in,
   * those of one row may serve them all. At the beginning there are 0 tokens so far.
   *
   * @param gpu whether it is for a GPU, which has kernels that the CPU has not, and the reverse
   * @param root a folder that the checkpoint's files lie under; they are named relative to it
   */
  public static byte[] body(Checkpoint checkpoint, Precision precision, boolean gpu, Path root) {
    return new NeoxGraph(checkpoint, precision, gpu, "gpt_neox", root).body();
  }

  public static String pastKeys(int layer) {
    return "past_keys_" + layer;
  }

  public static String pastValues(int layer) {
    return "past_values_" + layer;
  }

  public static String presentKeys(int layer) {
    return "present_keys_" + layer;
  }

  public static String presentValues(int layer) {
    return "present_values_" + layer;
  }

  /**
   * {@link #HIDDEN}, {@link #TARGETS} → {@link #LOG_PROBABILITIES}, {@link #LIKELIEST}.
   *
   * @param gpu as {@link #body}'s
   */
  public static byte[] logProbabilities(
      Checkpoint checkpoint, Precision precision, boolean gpu, Path root) {
    return new NeoxGraph(checkpoint, precision, gpu, "log_probabilities", root).logProbabilities();
  }

  /** {@link #HIDDEN} → {@link #LOGITS}: every one, for comparison with what need not be done. */
  public static byte[] logits(Checkpoint checkpoint, Precision precision, Path root) {
    return new NeoxGraph(checkpoint, precision, false, "logits", root).logits();
  }

  private byte[] body() {
    Value types = graph.input(TYPES, DataType.INT32, "types");
    Value tokens = graph.input(TOKENS, DataType.INT32, "tokens");
    Value places = graph.input(PLACES, DataType.INT64, "batch", "length");
    Value mask = mask();
    Value wanted = graph.input(POSITIONS, DataType.INT32, "rows");
    Rotation rotation = rotation(places);
    Heads heads =
        new Heads(graph.input(JOINED, DataType.INT64, 3), graph.input(BEFORE, DataType.INT64, 4));

    Residual x = new Residual(embed(types));
    for (int i = 0; i < config.layers(); i++) {
      String layer = NeoxTensors.layer(i);
      List<Value> projected = project(x.norm(layer + ".input_layernorm"), layer);
      if (i == 0) {
        // Before the first attention a token is the same wherever it stands: once for each type.
        x = config.parallelResidual() ? x.plus(mlp(x, layer)) : x;
        x = new Residual(rows(x.sum(), tokens));
        projected = projected.stream().map(part -> rows(part, tokens)).toList();
      }
      Value attended = attend(i, projected, heads, rotation, mask);
      if (i == config.layers() - 1) {
        // Past the last attention no position looks at another: go on with the wanted ones only.
        attended = rows(attended, wanted);
        x = new Residual(rows(x.sum(), wanted));
      }
      Value attentionOut = linear(attended, layer + ".attention.dense", config.attentionBias());
      if (!config.parallelResidual()) {
        x = x.plus(attentionOut);
        x = x.plus(mlp(x, layer));
      } else if (i == 0) {
        x = x.plus(attentionOut);
      } else {
        x = x.plus(add(attentionOut, mlp(x, layer)));
      }
    }
    Value hidden = graph.named(HIDDEN, toFloat(x.norm(NeoxTensors.FINAL_NORM)));
    graph.output(hidden, DataType.FLOAT, "rows", config.hidden());
    return graph.model();
  }

  private byte[] logProbabilities() {
    Value hidden = graph.input(HIDDEN, DataType.FLOAT, "rows", config.hidden());
    Value targets = graph.input(TARGETS, DataType.INT32, "targets", 2);
    Value logits = unembed(hidden);
    Value logs = graph.node("LogSoftmax", List.of(logits), attribute("axis", 1));
    Value pairs =
        graph.node("Cast", List.of(targets), attribute("to", (long) DataType.INT64.getNumber()));
    Value asked = graph.node("GatherND", List.of(logs, pairs));
    Value likeliest = gpu ? top(logits) : topOfGroups(logits);
    graph.output(graph.named(LOG_PROBABILITIES, asked), DataType.FLOAT, "targets");
    graph.output(graph.named(LIKELIEST, likeliest), DataType.INT64, "rows", 1);
    return graph.model();
  }

  /** The index of the greatest in each row; of [rows, n]: int64 [rows, 1]. */
  private Value top(Value rows) {
    // On a GPU ArgMax takes several times as long as all the rest of the head.
    return graph
        .nodes("", "TopK", 2, List.of(rows, graph.integers(1)), attribute("axis", 1))
        .getLast();
  }

  /**
   * The same, of the group with the greatest maximum: on the CPU maxima take a fifth of the time
   * that looking for an index does.
   */
  private Value topOfGroups(Value logits) {
    int vocabulary = config.vocabulary();
    int width = (int) Math.sqrt(vocabulary);
    while (vocabulary % width != 0) {
      width--;
    }
    Value groups =
        graph.node("Reshape", List.of(logits, graph.integers(-1, vocabulary / width, width)));
    Value maxima =
        graph.node("ReduceMax", List.of(groups, graph.integers(2)), attribute("keepdims", 0));
    Value group = top(maxima);
    Value members = graph.node("GatherND", List.of(groups, group), attribute("batch_dims", 1));
    Value before = graph.node("Mul", List.of(group, graph.integers(width)));
    return add(before, top(members));
  }

  private byte[] logits() {
    Value hidden = graph.input(HIDDEN, DataType.FLOAT, "rows", config.hidden());
    graph.output(graph.named(LOGITS, unembed(hidden)), DataType.FLOAT, "rows", config.vocabulary());
    return graph.model();
  }

  /** 0 where a token (third axis) sees another (fourth), −∞ elsewhere. */
  private Value mask() {
    Value indices = graph.input(INDICES, DataType.INT32, "length", 1);
    Value seen = graph.input(SEEN, DataType.INT32, "with_these");
    Value ends = graph.input(ENDS, DataType.INT32, "masks", 1, 1, "with_these");
    Value visible =
        graph.node(
            "And",
            List.of(
                graph.node("LessOrEqual", List.of(seen, indices)),
                graph.node("Less", List.of(indices, ends))));
    return graph.node(
        "Where",
        List.of(
            visible,
            compute(graph.floats(new float[] {0})),
            compute(graph.floats(new float[] {Float.NEGATIVE_INFINITY}))));
  }

  private Value embed(Value tokens) {
    // Rows are gathered before they are cast: a cast table would be a second one in memory.
    StoredTensor table = checkpoint.weights().get(NeoxTensors.EMBEDDING);
    return inPrecision(rows(graph.stored(table), tokens), table);
  }

  private Value unembed(Value hidden) {
    Value projection = weight(NeoxTensors.unembedding(config));
    return toFloat(
        graph.node("Gemm", List.of(compute(hidden), projection), attribute("transB", 1)));
  }

  private Value mlp(Residual stream, String layer) {
    Value x = stream.norm(layer + ".post_attention_layernorm");
    String widening = layer + ".mlp.dense_h_to_4h";
    Value wide =
        gpu
            ? graph
                .nodes(
                    MICROSOFT,
                    "BiasGelu",
                    1,
                    List.of(linear(x, widening, false), weight(widening + ".bias")))
                .getFirst()
            : graph.node("Gelu", List.of(linear(x, widening, true)));
    return linear(wide, layer + ".mlp.dense_4h_to_h", true);
  }

  /** q, k, v, each [rows of x, heads, width]; the projection has those of the first head first. */
  private List<Value> project(Value x, String layer) {
    Value projected = linear(x, layer + ".attention.query_key_value", config.attentionBias());
    Value shape = graph.integers(-1, config.heads(), 3 * config.headWidth());
    Value byHead = graph.node("Reshape", List.of(projected, shape));
    return graph.nodes(
        "", "Split", 3, List.of(byHead), attribute("axis", 2), attribute("num_outputs", 3));
  }

  /** softmax(q kᵀ / √width + mask) v, head by head, over what went before and these. */
  private Value attend(int layer, List<Value> qkv, Heads heads, Rotation rotation, Value mask) {
    Value q = rotate(joined(qkv.get(0), heads), rotation);
    Value k = rotate(joined(qkv.get(1), heads), rotation);
    Value v = joined(qkv.get(2), heads);
    Object[] before = {"befores", config.heads(), "before", config.headWidth()};
    Value keys = inEveryRow(graph.input(pastKeys(layer), precision.type(), before), heads);
    Value values = inEveryRow(graph.input(pastValues(layer), precision.type(), before), heads);
    List<Value> outputs =
        graph.nodes(
            "",
            "Attention",
            3,
            List.of(q, k, v, mask, keys, values),
            attribute("q_num_heads", config.heads()),
            attribute("kv_num_heads", config.heads()));
    Object[] longer = {"batch", config.heads(), "with_these", config.headWidth()};
    graph.output(graph.named(presentKeys(layer), outputs.get(1)), precision.type(), longer);
    graph.output(graph.named(presentValues(layer), outputs.get(2)), precision.type(), longer);
    return graph.node("Reshape", List.of(outputs.getFirst(), graph.integers(-1, config.hidden())));
  }

  private Value joined(Value part, Heads heads) {
    return graph.node("Reshape", List.of(part, heads.joined()));
  }

  private Value inEveryRow(Value before, Heads heads) {
    return graph.node("Expand", List.of(before, heads.before()));
  }

  /** Shapes for attention: [batch, length, hidden] and [batch, heads, tokens so far, width]. */
  private record Heads(Value joined, Value before) {}

  /** Cosines and sines [context, rotated / 2], and the place of each token. */
  private record Rotation(Value places, Value cosines, Value sines) {}

  private Rotation rotation(Value places) {
    int half = config.rotated() / 2;
    float[] cosines = new float[config.context() * half];
    float[] sines = new float[cosines.length];
    for (int i = 0; i < half; i++) {
      // In float32, like the models' own training code: the rounding is part of what they learned.
      float frequency = (float) (1.0 / Math.pow(config.rotaryBase(), 2.0 * i / config.rotated()));
      for (int position = 0; position < config.context(); position++) {
        float angle = position * frequency;
        cosines[position * half + i] = (float) Math.cos(angle);
        sines[position * half + i] = (float) Math.sin(angle);
      }
    }
    return new Rotation(
        places,
        compute(graph.floats(cosines, config.context(), half)),
        compute(graph.floats(sines, config.context(), half)));
  }

  private Value rotate(Value x, Rotation rotation) {
    return graph
        .nodes(
            MICROSOFT,
            "RotaryEmbedding",
            1,
            List.of(x, rotation.places(), rotation.cosines(), rotation.sines()),
            attribute("num_heads", config.heads()),
            attribute("rotary_embedding_dim", config.rotated()))
        .getFirst();
  }

  private Value linear(Value x, String name, boolean bias) {
    Value weight = weight(name + ".weight");
    List<Value> inputs = bias ? List.of(x, weight, weight(name + ".bias")) : List.of(x, weight);
    return graph.node("Gemm", inputs, attribute("transB", 1));
  }

  /**
   * The residual stream. On the CPU, what was added to it last is summed by the norm that comes
   * next: one kernel for both takes a fifth of the time of the one for a norm alone. It subtracts
   * the square of the mean from the mean of the squares, which in float32 holds for a stream whose
   * mean is not many times its deviation. On a GPU it would do so in float16; there sum and norm
   * are two kernels.
   */
  private final class Residual {

    private final Value before;

    /** Null if there is nothing to add. */
    private final Value added;

    /** Null until it is made. */
    private Value sum;

    Residual(Value x) {
      this(x, null);
      this.sum = x;
    }

    private Residual(Value before, Value added) {
      this.before = before;
      this.added = added;
    }

    Residual plus(Value more) {
      return new Residual(sum(), more);
    }

    Value sum() {
      if (sum == null) {
        sum = add(before, added);
      }
      return sum;
    }

    Value norm(String name) {
      Value weight = weight(name + ".weight");
      Value bias = weight(name + ".bias");
      Attribute epsilon = attribute("epsilon", config.normEpsilon());
      if (gpu || added == null) {
        return graph.node(
            "LayerNormalization", List.of(sum(), weight, bias), attribute("axis", -1), epsilon);
      }
      // The fourth output is the sum; the two between are for training.
      int outputs = sum == null ? 4 : 1;
      List<Value> values =
          graph.nodes(
              MICROSOFT,
              "SkipLayerNormalization",
              outputs,
              List.of(before, added, weight, bias),
              epsilon);
      if (sum == null) {
        sum = values.getLast();
      }
      return values.getFirst();
    }
  }

  private Value add(Value a, Value b) {
    return graph.node("Add", List.of(a, b));
  }

  private Value rows(Value table, Value indices) {
    return graph.node("Gather", List.of(table, indices), attribute("axis", 0));
  }

  private Value weight(String name) {
    StoredTensor tensor = checkpoint.weights().get(name);
    return inPrecision(graph.stored(tensor), tensor);
  }

  /** What is stored, as it is computed with; the cast of a constant is folded at opening. */
  private Value inPrecision(Value value, StoredTensor stored) {
    return stored.dtype() == precision.stored() ? value : graph.cast(value, precision.type());
  }

  /** A float32 value as it is computed with. */
  private Value compute(Value value) {
    return precision == Precision.FLOAT32 ? value : graph.cast(value, precision.type());
  }

  private Value toFloat(Value value) {
    return precision == Precision.FLOAT32 ? value : graph.cast(value, DataType.FLOAT);
  }
}
