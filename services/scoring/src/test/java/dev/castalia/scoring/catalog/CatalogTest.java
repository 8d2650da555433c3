package dev.castalia.scoring.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.scoring.catalog.Catalog.CatalogException;
import dev.castalia.scoring.checkpoint.NeoxConfig;
import dev.castalia.scoring.checkpoint.NeoxTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogTest {

  private static final Catalog PYTHIA = Catalog.of("pythia");

  @TempDir private Path folder;

  /** The numbers of the models' cards and of the paper's table 1. */
  @ParameterizedTest
  @CsvSource({
    "14m, 14067712, 1189888",
    "31m, 30494720, 4739072",
    "70m, 70426624, 18915328",
    "160m, 162322944, 85056000",
    "410m, 405334016, 302311424",
    "1b, 1011781632, 805736448",
    "1.4b, 1414647808, 1208602624",
    "2.8b, 2775208960, 2517652480",
    "6.9b, 6857302016, 6444163072",
    "12b, 11846072320, 11327027200"
  })
  void theParametersArePublishedOnes(String size, long parameters, long withoutEmbeddings) {
    CatalogRun.Shape shape = PYTHIA.run("pythia-" + size).orElseThrow().shape();

    assertThat(shape.parameters()).isEqualTo(parameters);
    assertThat(shape.nonEmbeddingParameters()).isEqualTo(withoutEmbeddings);
    assertThat(elementsOfTensors(shape)).isEqualTo(parameters);
  }

  private static long elementsOfTensors(CatalogRun.Shape shape) {
    NeoxConfig config =
        new NeoxConfig(
            shape.hidden(),
            shape.layers(),
            shape.heads(),
            shape.intermediate(),
            shape.vocabulary(),
            2048,
            0.25,
            10_000,
            1e-5f,
            true,
            true,
            false,
            0);
    return NeoxTensors.shapes(config).values().stream()
        .mapToLong(it -> it.stream().reduce(1L, (a, b) -> a * b))
        .sum();
  }

  @Test
  void pythiaHasEveryRun() {
    assertThat(PYTHIA.runs()).hasSize(10 + 8 + 5 * 9 + 8 + 8);
    assertThat(PYTHIA.run("pythia-410m-seed9").orElseThrow())
        .extracting(CatalogRun::repository, CatalogRun::seed, CatalogRun::variant)
        .containsExactly("EleutherAI/pythia-410m-seed9", 9L, "standard");
    assertThat(PYTHIA.run("pythia-14m-deduped")).isEmpty();
    assertThat(PYTHIA.run("pythia-1b-seed1")).isEmpty();
    assertThat(PYTHIA.run("pythia-31m-v0")).isEmpty();
  }

  @Test
  void aRunHasItsCheckpoints() {
    List<Long> steps = PYTHIA.run("pythia-12b-deduped").orElseThrow().steps();

    assertThat(steps).hasSize(154).startsWith(0L, 1L, 2L, 4L).contains(512L, 1000L, 2000L);
    assertThat(steps.getLast() * PYTHIA.tokensPerStep()).isEqualTo(299_892_736_000L);
    assertThat(PYTHIA.run("pythia-12b-v0").orElseThrow().steps()).hasSize(143).startsWith(1000L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      value = {
        "pythia:70m..1.4b = pythia-70m pythia-160m pythia-410m pythia-1b pythia-1.4b",
        "pythia:160m-deduped = pythia-160m-deduped",
        "pythia:6.9b..12b-deduped-v0 = pythia-6.9b-deduped-v0 pythia-12b-deduped-v0",
        "pythia:70m-seed2 = pythia-70m-seed2"
      })
  void aSelectionNamesRuns(String selection, String models) {
    assertThat(Catalog.isSelection(selection)).isTrue();
    assertThat(Catalog.select(selection).runs())
        .extracting(CatalogRun::model)
        .containsExactly(models.split(" "));
  }

  @Test
  void aSuffixMayBeAPattern() {
    assertThat(Catalog.select("pythia:14m-seed*").runs()).hasSize(9);
    assertThat(Catalog.select("pythia:*-*").runs()).hasSize(10 + 8 + 45 + 8 + 8 - 10);
    assertThat(Catalog.select("pythia:*").runs()).hasSize(10);
  }

  @Test
  void whatIsNotThereIsNamedWithWhatIs() {
    assertRefused("pythia:71m", "no size '71m', only 14m, 31m, 70m");
    assertRefused("pythia:1b-seed1", "names no run", "-deduped");
    assertRefused("python:70m", "no suite is called 'python'");
    assertRefused(folder.resolve("absent.json") + ":1b", "absent.json", "cannot be read");
    assertThat(Catalog.isSelection("nano-*")).isFalse();
    assertThat(Catalog.isSelection("org/model@main")).isFalse();
  }

  @Test
  void anotherSuiteIsAFile() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("mine.json"),
            """
            {"suite": "mine", "tokensPerStep": 1000,
             "sizes": [{"size": "1k", "layers": 1, "hidden": 8, "heads": 2, "intermediate": 32,
                        "vocabulary": 100}],
             "runs": [{"steps": "0,10..30/10"}, {"suffix": "-ko", "steps": "5"}]}""");

    Catalog.Selected selected = Catalog.select(file + ":1k");

    assertThat(selected.runs()).hasSize(1);
    assertThat(selected.runs().getFirst().steps()).containsExactly(0L, 10L, 20L, 30L);
    assertThat(selected.catalog().language()).isEqualTo("en");
  }

  @Test
  void aFileThatContradictsItselfIsRefused() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("mine.json"),
            """
            {"suite": "mine", "tokensPerStep": 1000,
             "sizes": [{"size": "1k", "layers": 1, "hidden": 8, "heads": 2, "intermediate": 32,
                        "vocabulary": 100, "parameters": 7}],
             "runs": [{"steps": "0"}]}""");

    assertRefused(file + ":1k", "size 1k has 7 parameters, but its shape 2488");
  }

  private static void assertRefused(String selection, String... why) {
    assertThatThrownBy(() -> Catalog.select(selection))
        .isInstanceOf(CatalogException.class)
        .hasMessageContainingAll(why);
  }
}
