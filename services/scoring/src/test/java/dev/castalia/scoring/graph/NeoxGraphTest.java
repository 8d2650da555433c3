package dev.castalia.scoring.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.castalia.scoring.checkpoint.DType;
import dev.castalia.scoring.checkpoint.NeoxConfig;
import dev.castalia.scoring.checkpoint.NeoxTensors;
import dev.castalia.scoring.checkpoint.TinyCheckpoint;
import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.model.ModelOptions;
import dev.castalia.scoring.model.Passage;
import dev.castalia.scoring.model.Progress;
import dev.castalia.scoring.model.Reading;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NeoxGraphTest {

  private static final double FLOAT32 = 2e-5;
  private static final double FLOAT16 = 2e-2;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16"})
  void everyLogProbabilityIsTheDefinitions(DType dtype) {
    assertEqualsReference(TinyCheckpoint.random(TinyCheckpoint.CONFIG, dtype, 1));
  }

  @Test
  void aSequentialResidualIsComputed() {
    assertEqualsReference(
        TinyCheckpoint.random(config(0.5, 10_000, false, true, false), DType.F32, 2));
  }

  @Test
  void aResidualStreamFarFromZeroIsNormed() {
    TinyCheckpoint checkpoint = TinyCheckpoint.random(TinyCheckpoint.CONFIG, DType.F32, 9);
    float[] bias = checkpoint.values().get(NeoxTensors.layer(0) + ".mlp.dense_4h_to_h.bias");
    for (int i = 0; i < bias.length; i++) {
      bias[i] += 30;
    }
    assertEqualsReference(checkpoint);
  }

  @Test
  void attentionWithoutBiasesIsComputed() {
    assertEqualsReference(
        TinyCheckpoint.random(config(0.5, 10_000, true, false, false), DType.F32, 3));
  }

  @Test
  void tiedEmbeddingsAreUsedTwice() {
    assertEqualsReference(
        TinyCheckpoint.random(config(0.5, 10_000, true, true, true), DType.F16, 4));
  }

  @Test
  void otherRotationsAreComputed() {
    assertEqualsReference(TinyCheckpoint.random(config(1, 100, true, true, false), DType.F32, 5));
    assertEqualsReference(
        TinyCheckpoint.random(config(0.25, 10_000, true, true, false), DType.F32, 6));
  }

  @Test
  void aRowOfManyHundredTokensIsComputed() {
    NeoxConfig config =
        new NeoxConfig(24, 3, 3, 40, 31, 1100, 0.5, 10_000, 1e-5f, true, true, false, 0);
    TinyCheckpoint checkpoint = TinyCheckpoint.random(config, DType.F32, 8);
    assertEqualsReference(checkpoint);

    int[] tokens = new Random(12).ints(1100, 0, config.vocabulary()).toArray();
    int[] targets = {3, 1, 4};
    double[][] expected = new ReferenceNeox(checkpoint).logProbabilities(tokens);
    try (Model model = Model.open(checkpoint.write(folder), ModelOptions.DEFAULT)) {
      Reading reading =
          model.read(List.of(new Passage(tokens, targets)), Progress.NONE).all().getFirst();
      for (int i = 0; i < targets.length; i++) {
        assertThat((double) reading.logProbabilities()[i])
            .isCloseTo(expected[1097 + i][targets[i]], within(FLOAT32));
      }
    }
  }

  @Test
  void ofEquallyLikelyTokensTheFirstIsTheLikeliest() {
    int vocabulary = 60;
    int distinct = 13;
    NeoxConfig config =
        new NeoxConfig(24, 3, 3, 40, vocabulary, 20, 0.5, 10_000, 1e-5f, true, true, false, 0);
    TinyCheckpoint checkpoint = TinyCheckpoint.random(config, DType.F32, 9);
    float[] output = checkpoint.values().get("embed_out.weight");
    for (int i = distinct * config.hidden(); i < output.length; i++) {
      output[i] = output[i - distinct * config.hidden()];
    }
    int[] tokens = new Random(13).ints(20, 0, vocabulary).toArray();

    double[][] expected = new ReferenceNeox(checkpoint).logProbabilities(tokens);
    try (Model model = Model.open(checkpoint.write(folder), ModelOptions.DEFAULT)) {
      Reading reading =
          model.read(List.of(new Passage(tokens, tokens)), Progress.NONE).all().getFirst();

      assertThat(reading.likeliest())
          .containsExactly(Arrays.stream(expected).mapToInt(NeoxGraphTest::argMax).toArray());
      assertThat(Arrays.stream(reading.likeliest()).distinct().count()).isGreaterThan(2);
    }
  }

  /** Float16 has 11 bits: the reference rounds nothing, and differs by some of its steps. */
  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16"})
  void inFloat16EveryLogProbabilityIsTheDefinitionsButForRounding(DType dtype) {
    assertEqualsReference(
        TinyCheckpoint.random(TinyCheckpoint.CONFIG, dtype, 7), Precision.FLOAT16, FLOAT16);
  }

  @Test
  void everyNodeInFloat16HasAKernelOnTheGpu() throws IOException {
    Map<String, Integer> kernels = kernels();
    var checkpoint = TinyCheckpoint.random(TinyCheckpoint.CONFIG, DType.F16, 1).write(folder);

    for (byte[] graph :
        List.of(
            NeoxGraph.body(checkpoint, Precision.FLOAT16, true, folder),
            NeoxGraph.logProbabilities(checkpoint, Precision.FLOAT16, true, folder))) {
      ModelProto model = ModelProto.parseFrom(graph);
      for (NodeProto node : model.getGraph().getNodeList()) {
        String domain = node.getDomain().isEmpty() ? "ai.onnx" : node.getDomain();
        assertThat(kernels).as(node.getOpType()).containsKey(domain + " " + node.getOpType());
        assertThat(opset(model, node.getDomain()))
            .as(node.getOpType())
            .isGreaterThanOrEqualTo(kernels.get(domain + " " + node.getOpType()));
      }
    }
  }

  @Test
  void weightsInTheFilesPrecisionAreNeitherCastNorCopied() throws IOException {
    var checkpoint = TinyCheckpoint.random(TinyCheckpoint.CONFIG, DType.F16, 1).write(folder);

    GraphProto graph =
        ModelProto.parseFrom(NeoxGraph.body(checkpoint, Precision.FLOAT16, true, folder))
            .getGraph();

    List<String> external =
        graph.getInitializerList().stream()
            .filter(it -> it.getDataLocation() == TensorProto.DataLocation.EXTERNAL)
            .map(TensorProto::getName)
            .toList();
    assertThat(external).hasSizeGreaterThan(30);
    assertThat(graph.getNodeList())
        .filteredOn(node -> node.getOpType().equals("Cast"))
        .allSatisfy(cast -> assertThat(external).doesNotContain(cast.getInput(0)));
  }

  private static long opset(ModelProto model, String domain) {
    return model.getOpsetImportList().stream()
        .filter(it -> it.getDomain().equals(domain))
        .findFirst()
        .orElseThrow()
        .getVersion();
  }

  /** The least version of each operator, by domain and name, that a kernel in float16 serves. */
  private static Map<String, Integer> kernels() throws IOException {
    try (InputStream list = NeoxGraphTest.class.getResourceAsStream("/cuda-kernels.tsv")) {
      return new String(list.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t"))
          .filter(kernel -> kernel[3].equals("yes"))
          .collect(
              Collectors.toMap(
                  kernel -> kernel[0] + " " + kernel[1], kernel -> Integer.valueOf(kernel[2])));
    }
  }

  private static NeoxConfig config(
      double rotaryShare, double rotaryBase, boolean parallel, boolean bias, boolean tied) {
    return new NeoxConfig(
        24, 3, 3, 40, 31, 20, rotaryShare, rotaryBase, 1e-5f, parallel, bias, tied, 0);
  }

  private void assertEqualsReference(TinyCheckpoint checkpoint) {
    assertEqualsReference(checkpoint, Precision.FLOAT32, FLOAT32);
  }

  private void assertEqualsReference(
      TinyCheckpoint checkpoint, Precision precision, double tolerance) {
    ReferenceNeox reference = new ReferenceNeox(checkpoint);
    Random random = new Random(11);
    try (Model model =
        Model.open(checkpoint.write(folder), ModelOptions.DEFAULT.withPrecision(precision))) {
      for (int length : new int[] {1, 2, 7, checkpoint.config().context()}) {
        int[] tokens = random.ints(length + 1, 0, checkpoint.config().vocabulary()).toArray();
        int[] input = Arrays.copyOf(tokens, length);
        int[] targets = Arrays.copyOfRange(tokens, 1, length + 1);

        Reading reading =
            model.read(List.of(new Passage(input, targets)), Progress.NONE).all().getFirst();

        double[][] expected = reference.logProbabilities(input);
        for (int t = 0; t < length; t++) {
          assertThat((double) reading.logProbabilities()[t])
              .as("%s, token %d of %d", checkpoint.config(), t, length)
              .isCloseTo(
                  expected[t][targets[t]],
                  within(tolerance * (1 + Math.abs(expected[t][targets[t]]))));
          double[] all = expected[t];
          assertThat(all[reading.likeliest()[t]])
              .isCloseTo(all[argMax(all)], within(tolerance * (1 + Math.abs(all[argMax(all)]))));
        }
      }
    }
  }

  private static int argMax(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }
}
