package dev.castalia.scoring.graph;

import dev.castalia.scoring.checkpoint.NeoxConfig;
import dev.castalia.scoring.checkpoint.NeoxTensors;
import dev.castalia.scoring.checkpoint.TinyCheckpoint;

/**
 * GPT-NeoX in plain loops and float64, written from the model's definition (transformers'
 * modeling_gpt_neox.py) and sharing nothing with the graph.
 */
public final class ReferenceNeox {

  private final NeoxConfig config;
  private final TinyCheckpoint checkpoint;

  public ReferenceNeox(TinyCheckpoint checkpoint) {
    this.checkpoint = checkpoint;
    this.config = checkpoint.config();
  }

  /** Natural-log probabilities of every next token, after each token: [length][vocabulary]. */
  public double[][] logProbabilities(int[] tokens) {
    int hidden = config.hidden();
    double[][] x = new double[tokens.length][hidden];
    float[] embedding = checkpoint.values().get(NeoxTensors.EMBEDDING);
    for (int t = 0; t < tokens.length; t++) {
      for (int i = 0; i < hidden; i++) {
        x[t][i] = embedding[tokens[t] * hidden + i];
      }
    }
    for (int l = 0; l < config.layers(); l++) {
      String layer = "gpt_neox.layers." + l;
      double[][] attention = attention(normed(x, layer + ".input_layernorm"), layer);
      if (config.parallelResidual()) {
        double[][] mlp = mlp(normed(x, layer + ".post_attention_layernorm"), layer);
        x = sum(x, sum(attention, mlp));
      } else {
        x = sum(x, attention);
        x = sum(x, mlp(normed(x, layer + ".post_attention_layernorm"), layer));
      }
    }
    x = normed(x, "gpt_neox.final_layer_norm");
    String projection = config.tiedEmbeddings() ? "gpt_neox.embed_in.weight" : "embed_out.weight";
    double[][] logits = product(x, checkpoint.values().get(projection), null, config.vocabulary());
    for (double[] row : logits) {
      double max = Double.NEGATIVE_INFINITY;
      for (double logit : row) {
        max = Math.max(max, logit);
      }
      double sum = 0;
      for (double logit : row) {
        sum += Math.exp(logit - max);
      }
      for (int i = 0; i < row.length; i++) {
        row[i] = row[i] - max - Math.log(sum);
      }
    }
    return logits;
  }

  private double[][] attention(double[][] x, String layer) {
    int width = config.hidden() / config.heads();
    double[][] qkv = linear(x, layer + ".attention.query_key_value", 3 * config.hidden());
    double[][] out = new double[x.length][config.hidden()];
    for (int head = 0; head < config.heads(); head++) {
      int at = head * 3 * width;
      double[][] q = rotated(part(qkv, at, width));
      double[][] k = rotated(part(qkv, at + width, width));
      double[][] v = part(qkv, at + 2 * width, width);
      for (int t = 0; t < x.length; t++) {
        double[] weight = new double[t + 1];
        double total = 0;
        for (int s = 0; s <= t; s++) {
          double score = 0;
          for (int i = 0; i < width; i++) {
            score += q[t][i] * k[s][i];
          }
          weight[s] = Math.exp(score / Math.sqrt(width));
          total += weight[s];
        }
        for (int s = 0; s <= t; s++) {
          for (int i = 0; i < width; i++) {
            out[t][head * width + i] += weight[s] / total * v[s][i];
          }
        }
      }
    }
    return linear(out, layer + ".attention.dense", config.hidden());
  }

  /** The first dimensions of a head, paired a half apart, turn by position × base^(−2i/d). */
  private double[][] rotated(double[][] x) {
    int d = (int) (config.hidden() / config.heads() * config.rotaryShare());
    double[][] out = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      out[t] = x[t].clone();
      for (int i = 0; i < d / 2; i++) {
        double angle = t * Math.pow(config.rotaryBase(), -2.0 * i / d);
        double a = x[t][i];
        double b = x[t][i + d / 2];
        out[t][i] = a * Math.cos(angle) - b * Math.sin(angle);
        out[t][i + d / 2] = b * Math.cos(angle) + a * Math.sin(angle);
      }
    }
    return out;
  }

  private double[][] mlp(double[][] x, String layer) {
    double[][] wide = linear(x, layer + ".mlp.dense_h_to_4h", config.intermediate());
    for (double[] row : wide) {
      for (int i = 0; i < row.length; i++) {
        row[i] = row[i] * 0.5 * (1 + erf(row[i] / Math.sqrt(2)));
      }
    }
    return linear(wide, layer + ".mlp.dense_4h_to_h", config.hidden());
  }

  /** Maclaurin's series; far out, where it would cancel, erf is ±1 to 1e−9. */
  private static double erf(double x) {
    if (Math.abs(x) > 4.5) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; n < 200; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }

  private double[][] normed(double[][] x, String name) {
    float[] gain = checkpoint.values().get(name + ".weight");
    float[] shift = checkpoint.values().get(name + ".bias");
    double[][] out = new double[x.length][x[0].length];
    for (int t = 0; t < x.length; t++) {
      double mean = 0;
      for (double value : x[t]) {
        mean += value / x[t].length;
      }
      double variance = 0;
      for (double value : x[t]) {
        variance += (value - mean) * (value - mean) / x[t].length;
      }
      for (int i = 0; i < x[t].length; i++) {
        out[t][i] =
            (x[t][i] - mean) / Math.sqrt(variance + config.normEpsilon()) * gain[i] + shift[i];
      }
    }
    return out;
  }

  private double[][] linear(double[][] x, String name, int width) {
    return product(
        x,
        checkpoint.values().get(name + ".weight"),
        checkpoint.values().get(name + ".bias"),
        width);
  }

  private static double[][] product(double[][] x, float[] weight, float[] bias, int width) {
    double[][] out = new double[x.length][width];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < width; o++) {
        double sum = bias == null ? 0 : bias[o];
        for (int i = 0; i < x[t].length; i++) {
          sum += x[t][i] * weight[o * x[t].length + i];
        }
        out[t][o] = sum;
      }
    }
    return out;
  }

  private static double[][] part(double[][] x, int from, int width) {
    double[][] out = new double[x.length][width];
    for (int t = 0; t < x.length; t++) {
      System.arraycopy(x[t], from, out[t], 0, width);
    }
    return out;
  }

  private static double[][] sum(double[][] a, double[][] b) {
    double[][] out = new double[a.length][a[0].length];
    for (int t = 0; t < a.length; t++) {
      for (int i = 0; i < a[t].length; i++) {
        out[t][i] = a[t][i] + b[t][i];
      }
    }
    return out;
  }
}
