package dev.castalia.scoring.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The names and shapes of a GPT-NeoX model's own tensors; whatever else a file holds is ignored.
 */
public final class NeoxTensors {

  public static final String EMBEDDING = "gpt_neox.embed_in.weight";
  public static final String FINAL_NORM = "gpt_neox.final_layer_norm";
  static final String UNEMBEDDING = "embed_out.weight";

  private NeoxTensors() {}

  /** The prefix of a layer's tensors, without the dot. */
  public static String layer(int index) {
    return "gpt_neox.layers." + index;
  }

  /** The output projection, [vocabulary, hidden]. */
  public static String unembedding(NeoxConfig config) {
    return config.tiedEmbeddings() ? EMBEDDING : UNEMBEDDING;
  }

  /** What each of the model's tensors must be shaped like, by name. */
  public static Map<String, List<Long>> shapes(NeoxConfig config) {
    long hidden = config.hidden();
    long intermediate = config.intermediate();
    long vocabulary = config.vocabulary();
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    shapes.put(EMBEDDING, List.of(vocabulary, hidden));
    for (int i = 0; i < config.layers(); i++) {
      String layer = layer(i);
      norm(shapes, layer + ".input_layernorm", hidden);
      norm(shapes, layer + ".post_attention_layernorm", hidden);
      boolean bias = config.attentionBias();
      linear(shapes, layer + ".attention.query_key_value", 3 * hidden, hidden, bias);
      linear(shapes, layer + ".attention.dense", hidden, hidden, bias);
      linear(shapes, layer + ".mlp.dense_h_to_4h", intermediate, hidden, true);
      linear(shapes, layer + ".mlp.dense_4h_to_h", hidden, intermediate, true);
    }
    norm(shapes, FINAL_NORM, hidden);
    shapes.put(unembedding(config), List.of(vocabulary, hidden));
    return shapes;
  }

  private static void norm(Map<String, List<Long>> shapes, String name, long width) {
    shapes.put(name + ".weight", List.of(width));
    shapes.put(name + ".bias", List.of(width));
  }

  private static void linear(
      Map<String, List<Long>> shapes, String name, long out, long in, boolean bias) {
    shapes.put(name + ".weight", List.of(out, in));
    if (bias) {
      shapes.put(name + ".bias", List.of(out));
    }
  }
}
