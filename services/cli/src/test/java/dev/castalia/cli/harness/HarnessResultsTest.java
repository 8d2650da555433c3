package dev.castalia.cli.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.MetricEntry;
import dev.castalia.cli.gateway.ReportEntry;
import dev.castalia.cli.gateway.ReportEntry.MetricReport;
import dev.castalia.cli.gateway.ReportEntry.TaskReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HarnessResultsTest {

  private static final String EARLY =
      """
      {"results": {
         "arc_easy": {"acc": 0.4, "acc_stderr": 0.0492365963, "acc_norm": 0.35},
         "lambada_openai": {"ppl": 95.2, "ppl_stderr": 3.9, "acc": 0.0, "acc_stderr": 0.0},
         "crows_pairs_french_age": {"pct_stereotype": 0.6, "pct_stereotype_stderr": 0.0492365963}},
       "versions": {"arc_easy": 0, "lambada_openai": 1},
       "config": {"model": "hf-causal", "num_fewshot": 0,
         "model_args": "use_accelerate=True,pretrained=%s,revision=%s"}}
      """;

  private static final String TODAYS =
      """
      {"results": {
         "mmlu": {"acc,none": 0.26, "acc_stderr,none": 0.0036, "alias": "mmlu"},
         "mmlu_anatomy": {"alias": " - anatomy", "acc,none": 0.25, "acc_stderr,none": "N/A"},
         "mmlu_virology": {"alias": " - virology", "acc,none": 0.5, "acc_stderr,none": 0.05},
         "gsm8k": {"exact_match,strict-match": 0.01, "exact_match_stderr,strict-match": 0.002},
         "novel": {"goodness,none": NaN, "badness,none": 3}},
       "group_subtasks": {"mmlu": ["mmlu_anatomy", "mmlu_virology"]},
       "versions": {"mmlu": 2, "mmlu_anatomy": 1.0},
       "n-shot": {"mmlu_anatomy": 5, "mmlu_virology": 5, "gsm8k": 8},
       "higher_is_better": {"novel": {"goodness": true, "badness": false}},
       "n-samples": {"mmlu_anatomy": {"original": 135, "effective": 100},
         "mmlu_virology": {"original": 166, "effective": 166}},
       "config": {"model": "hf",
         "model_args": {"pretrained": "EleutherAI/pythia-160m-seed3", "dtype": "float32"},
         "model_revision": "step2000", "model_num_parameters": 162322944},
       "model_name": "EleutherAI/pythia-160m-seed3"}
      """;

  @TempDir private Path folder;

  @Test
  void theEarlyFormIsRead() throws IOException {
    write("a.json", EARLY.formatted("EleutherAI/pythia-v1.1-70m-deduped", "step512"));

    ReportEntry report = read().reports().getFirst();

    assertThat(report.checkpoint())
        .extracting(
            CheckpointEntry::model,
            CheckpointEntry::revision,
            CheckpointEntry::step,
            CheckpointEntry::tokensSeen,
            CheckpointEntry::parameters,
            CheckpointEntry::variant,
            CheckpointEntry::suite)
        .containsExactly(
            "pythia-70m-deduped",
            "step512",
            512L,
            1_073_741_824L,
            70_426_624L,
            "deduped",
            "pythia");
    assertThat(task(report, "arc_easy").metrics())
        .extracting(it -> it.metric().metric(), MetricReport::value, MetricReport::stderr)
        .containsExactly(tuple("acc", 0.4, 0.0492365963), tuple("acc_norm", 0.35, null));
    assertThat(task(report, "lambada_openai").version()).isEqualTo("1");
  }

  @Test
  void theNumberOfDocumentsIsToldFromAProportionsStandardError() throws IOException {
    write("a.json", EARLY.formatted("EleutherAI/pythia-70m", "step512"));

    ReportEntry report = read().reports().getFirst();

    // √(0.4 × 0.6 / 99) = 0.0492365963; none of LAMBADA is right, so it is known from elsewhere.
    assertThat(task(report, "arc_easy").documents()).isEqualTo(100);
    assertThat(task(report, "lambada_openai").documents()).isEqualTo(5153);
  }

  @Test
  void directionChanceAndLanguageAreOfKnownTasksAndMetrics() throws IOException {
    write("a.json", EARLY.formatted("EleutherAI/pythia-70m", "step512"));

    ReportEntry report = read().reports().getFirst();

    assertThat(task(report, "arc_easy").metrics().getFirst().metric())
        .isEqualTo(new MetricEntry("acc", "MEAN", "HIGHER", null, 0.25));
    assertThat(task(report, "lambada_openai").metrics().getFirst().metric())
        .isEqualTo(new MetricEntry("ppl", "PERPLEXITY", "LOWER", null, null));
    TaskReport french = task(report, "crows_pairs_french_age");
    assertThat(french.language()).isEqualTo("fr");
    assertThat(french.tags()).containsExactly("crows_pairs_french");
    assertThat(french.metrics().getFirst().metric())
        .isEqualTo(new MetricEntry("pct_stereotype", "MEAN", "NEAREST", 0.5, 0.5));
  }

  @Test
  void todaysFormIsReadWithItsGroupsShotsAndSamples() throws IOException {
    write("results_2026-01-01T00-00-00.000000.json", TODAYS);

    ReportEntry report = read().reports().getFirst();

    assertThat(report.checkpoint().model()).isEqualTo("pythia-160m-seed3");
    assertThat(report.checkpoint().seed()).isEqualTo(3);
    assertThat(report.checkpoint().step()).isEqualTo(2000);
    assertThat(report.tasks())
        .extracting(
            TaskReport::task,
            TaskReport::shots,
            TaskReport::documents,
            TaskReport::ofDocuments,
            TaskReport::tags)
        .contains(
            tuple("mmlu", 5, 266, 301, List.of()),
            tuple("mmlu_anatomy", 5, 100, 135, List.of("mmlu")),
            tuple("mmlu_virology", 5, 166, 166, List.of("mmlu")));
    assertThat(task(report, "mmlu_anatomy").metrics().getFirst().stderr()).isNull();
    assertThat(task(report, "gsm8k").metrics().getFirst())
        .extracting(it -> it.metric().metric(), MetricReport::stderr)
        .containsExactly("exact_match,strict-match", 0.002);
  }

  @Test
  void aGroupOfTasksOfDifferentShotsIsLeftOutAndThisIsSaid() throws IOException {
    write("a.json", TODAYS.replace("\"mmlu_virology\": 5", "\"mmlu_virology\": 0"));

    HarnessResults results = read();

    assertThat(results.reports().getFirst().tasks())
        .extracting(TaskReport::task)
        .doesNotContain("mmlu")
        .contains("mmlu_anatomy", "mmlu_virology");
    assertThat(results.contradictions())
        .singleElement()
        .asString()
        .endsWith("a.json: mmlu is left out, whose tasks are of 0 and 5 shots");
  }

  @Test
  void whatIsUnknownOfAMetricIsNotMadeUpAndNaNStaysNaN() throws IOException {
    write("a.json", TODAYS);

    assertThat(task(read().reports().getFirst(), "novel").metrics())
        .containsExactly(
            new MetricReport(
                new MetricEntry("goodness", "UNKNOWN", "HIGHER", null, null), null, "NaN", null),
            new MetricReport(
                new MetricEntry("badness", "UNKNOWN", "LOWER", null, null), 3.0, null, null));
  }

  @Test
  void resultsOfGptNeoxAreOfTheStepItLoadedAndTheRunItsNameSpeaksOf() throws IOException {
    write(
        "evals.json",
        """
        {"results": {"sciq": {"acc": 0.661}},
         "config": {"model": "neox", "model_args": {"iteration": 134000,
           "eval_results_prefix": "../bias-evals/intervention-19m-deduped-step134000"}}}
        """);

    CheckpointEntry checkpoint = read().reports().getFirst().checkpoint();

    assertThat(checkpoint.model()).isEqualTo("pythia-intervention-70m-deduped");
    assertThat(checkpoint.variant()).isEqualTo("intervention");
    assertThat(checkpoint.step()).isEqualTo(134_000);
  }

  @Test
  void aListOfPromptsIsATaskEach() throws IOException {
    write(
        "pythia/410M/evals.json",
        """
        {"results": [{"task_name": "wino_bias", "prompt_name": "refers to", "em": 0.25}],
         "config": {"model": "neox", "model_args": {"iteration": 3000}}}
        """);

    ReportEntry report = read().reports().getFirst();

    assertThat(report.checkpoint().model()).isEqualTo("pythia-410m");
    assertThat(report.tasks()).extracting(TaskReport::task).containsExactly("wino_bias+refers_to");
  }

  @Test
  void theConfigurationWinsOverThePathAndTheContradictionIsListed() throws IOException {
    write(
        "pythia-1b/five-shot/1b-5shot_step64.json",
        EARLY.formatted("EleutherAI/pythia-v1.1-1.4b", "step32"));

    HarnessResults results = read();

    assertThat(results.reports().getFirst().checkpoint().model()).isEqualTo("pythia-1.4b");
    assertThat(results.reports().getFirst().checkpoint().step()).isEqualTo(32);
    assertThat(results.contradictions())
        .satisfiesExactly(
            it -> assertThat(it).contains("of pythia-1.4b, its path of pythia-1b"),
            it -> assertThat(it).contains("of step 32, its path of step 64"),
            it -> assertThat(it).contains("of 0 shots, its path of 5"));
  }

  @Test
  void twoFilesOfTheSameAreListedAndTheLastCounts() throws IOException {
    write("a.json", EARLY.formatted("EleutherAI/pythia-70m", "step1"));
    write("b.json", EARLY.formatted("EleutherAI/pythia-70m", "step1").replace("0.4,", "0.5,"));

    HarnessResults results = read();

    assertThat(results.contradictions()).singleElement().asString().contains("a.json");
    assertThat(results.reports()).hasSize(1);
    assertThat(task(results.reports().getFirst(), "arc_easy").metrics().getFirst().value())
        .isEqualTo(0.5);
  }

  @ParameterizedTest
  @CsvSource({
    "EleutherAI/pythia-v1.1-1b-bf16, pythia-1b, 1011781632",
    "EleutherAI/pythia-6.9b-deduped, pythia-6.9b-deduped, 6857302016",
    "EleutherAI/pythia-1.4b-deduped-v0, pythia-1.4b-deduped-v0, 1414647808",
    "EleutherAI/pythia-160m-data-seed2, pythia-160m-data-seed2, 162322944",
    "EleutherAI/pythia-intervention-long-1.4b-deduped, pythia-intervention-long-1.4b-deduped,"
        + " 1414647808",
    "facebook/opt-125m, facebook/opt-125m, 125239296",
    "some/other-7b1, some/other-7b1, 7100000000",
    "/checkpoints/mine-74k/step8, mine-74k, 74000",
    "/checkpoints/pythia-160m-step1000, pythia-160m, 162322944",
    "/hub/models--EleutherAI--pythia-70m-deduped/snapshots/e93a9fa, pythia-70m-deduped, 70426624"
  })
  void aRunIsToldFromItsNames(String pretrained, String model, long parameters) {
    RunName run = RunName.ofPretrained(pretrained).orElseThrow();

    assertThat(run.model()).isEqualTo(model);
    assertThat(run.parameters() == null ? run.parametersInName() : run.parameters())
        .isEqualTo(parameters);
  }

  @ParameterizedTest
  @CsvSource({
    "lomahony/pythia-70m-helpful-sft, lomahony/pythia-70m-helpful-sft",
    "me/pythia-160m-korean, me/pythia-160m-korean",
    "EleutherAI/pythia-160m-alldropout, EleutherAI/pythia-160m-alldropout",
    "/checkpoints/pythia-160m/korean/checkpoint-500, korean",
    "/checkpoints/pythia-160m-korean/checkpoint-500, pythia-160m-korean"
  })
  void whatWasTrainedOnFromPythiaIsNotPythia(String pretrained, String model) {
    RunName run = RunName.ofPretrained(pretrained).orElseThrow();

    assertThat(run.model()).isEqualTo(model);
    assertThat(run.suite()).isNull();
    assertThat(run.seed()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "pythia-v1/pythia-1b-bf16, 1b-bf16-5shot_step64, pythia-1b",
    "pythia-v0/pythia-1.4b, pythia-1.4b-5shot-global_step51500_eval_results_12-29-2022-16-51-02,"
        + " pythia-1.4b-v0",
    "pythia, term_frequency-pythia-v1.1-12b-deduped-117000-02shot, pythia-12b-deduped",
    "bias/intervene_21, eval_results_1.4b-deduped-long_121000,"
        + " pythia-intervention-long-1.4b-deduped",
    "bias/410M, 410M-deduped.yml, pythia-410m-deduped",
    "pythia, pythia-dedup-1.3B.yml, pythia-1.4b-deduped",
    "pythia, EleutherAI__pythia-160m, pythia-160m"
  })
  void pythiaIsToldFromTheNamesOfItsPublishedResults(String around, String name, String model) {
    assertThat(RunName.ofPythia(name, around)).map(RunName::model).contains(model);
  }

  @Test
  void aNameOfAFileThatGoesOnWithAnotherWordIsNotOfPythia() {
    assertThat(RunName.ofPythia("me__pythia-160m-korean", "pythia")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "runs/my-run/checkpoint-500, my-run",
    "my-run/checkpoint-500, my-run",
    "my-run/global_step500, my-run",
    "../my-run/step500/, my-run",
    "/data/my-run/step500/hf, my-run",
    "/data/my-run-step500, my-run",
    "/step3-runs/my-run, my-run",
    "/ckpts/my-run-step16000-ko-step2000, my-run-step16000-ko",
    "/ckpts/my-run-from-step16000, my-run-from-step16000",
    "my-org/my-run, my-org/my-run"
  })
  void theCheckpointsOfAPathAreOfTheFolderAboveThem(String pretrained, String model) {
    assertThat(RunName.ofPretrained(pretrained)).map(RunName::model).contains(model);
  }

  @ParameterizedTest
  @CsvSource({
    "/ckpts/pythia-160m-ko-from-step16000-lr1e-4/step2000, 2000",
    "/ckpts/pythia-160m-step16000-ko/checkpoint-500, 500",
    "__ckpts__pythia-160m-ko-from-step16000-lr1e-4__step2000, 2000",
    "my-run-from-global_step16000,",
    "my-run,"
  })
  void theStepARunStartedFromIsNotItsCheckpoints(String name, Long step) {
    assertThat(Steps.in(name))
        .isEqualTo(step == null ? OptionalLong.empty() : OptionalLong.of(step));
  }

  @Test
  void theNumberInTheFileCountsBeforeOneThatTheNameSeemsToGive() throws IOException {
    write(
        "a.json",
        """
        {"results": {"piqa": {"acc": 0.6}},
         "config": {"model_args": "pretrained=microsoft/Phi-3-mini-4k-instruct,revision=step1",
           "model_num_parameters": 3821079552}}
        """);

    assertThat(read().reports().getFirst().checkpoint().parameters()).isEqualTo(3_821_079_552L);
  }

  @Test
  void whatWasScoredFromTheHubIsOfTheRevisionThatWasAskedFor() throws IOException {
    write(
        "a.json",
        """
        {"results": {"piqa": {"acc,none": 0.6}},
         "config": {"model": "castalia", "model_args": "pretrained=pythia-70m@step3000"}}
        """);

    assertThat(read().reports().getFirst().checkpoint())
        .extracting(CheckpointEntry::model, CheckpointEntry::revision, CheckpointEntry::step)
        .containsExactly("pythia-70m", "step3000", 3000L);
  }

  @Test
  void aModelThatTheMapNamesIsOfThatName() throws IOException {
    write("a.json", EARLY.formatted("EleutherAI/pythia-70m", "step512"));
    Path map = folder.resolve("map.yaml");
    Files.writeString(map, "[{path: a, model: me/pythia-70m, parameters: 70426625}]");

    CheckpointEntry checkpoint =
        HarnessResults.read(List.of(folder), "test", NameMap.read(map))
            .reports()
            .getFirst()
            .checkpoint();

    assertThat(checkpoint.model()).isEqualTo("me/pythia-70m");
    assertThat(checkpoint.parameters()).isEqualTo(70_426_625);
    assertThat(checkpoint.seed()).isNull();
  }

  @Test
  void resultsBehindLinksAreReadOnce() throws IOException {
    write("elsewhere/a.json", EARLY.formatted("EleutherAI/pythia-70m", "step1"));
    write("evals/b.json", EARLY.formatted("EleutherAI/pythia-70m", "step2"));
    Path evals = folder.resolve("evals");
    Files.createSymbolicLink(evals.resolve("linked"), folder.resolve("elsewhere"));
    Files.createSymbolicLink(evals.resolve("again"), evals.resolve("linked"));
    Files.createSymbolicLink(evals.resolve("back"), folder);
    Files.createSymbolicLink(evals.resolve("gone.json"), folder.resolve("gone"));

    HarnessResults results = HarnessResults.read(List.of(evals), "test", NameMap.NONE);

    assertThat(results.files()).isEqualTo(2);
    assertThat(results.contradictions()).isEmpty();
  }

  @Test
  void theLastCheckpointOfAPublishedRunNeedsNoStep() throws IOException {
    write(
        "opt-125m.json",
        """
        {"results": {"piqa": {"acc": 0.6}},
         "config": {"num_fewshot": 0, "model_args": "pretrained=facebook/opt-125m"}}
        """);

    assertThat(read().reports().getFirst().checkpoint().step()).isEqualTo(600_000);
  }

  @Test
  void whatFilesAndPathsDoNotSayTheMapDoes() throws IOException {
    write("mine/7.json", "{\"results\": {\"piqa\": {\"acc\": 0.6}}}");
    Path map = folder.resolve("map.yaml");
    Files.writeString(
        map,
        """
        - path: "mine/(\\\\d+)\\\\.json"
          model: mine
          step: $1000
          parameters: 123
          shots: 2
        """);

    assertThat(read().unreadable()).singleElement().asString().contains("--map");
    ReportEntry report =
        HarnessResults.read(List.of(folder), "test", NameMap.read(map)).reports().getFirst();

    assertThat(report.checkpoint().model()).isEqualTo("mine");
    assertThat(report.checkpoint().step()).isEqualTo(7000);
    assertThat(report.tasks().getFirst().shots()).isEqualTo(2);
  }

  @Test
  void theMapSaysWhichCheckpointARunContinuesInWhichLanguageAndAtWhichRate() throws IOException {
    write("ko-from64-lr1e-4/step8.json", EARLY.formatted("me/pythia-70m-ko", "step8"));
    Path map = folder.resolve("map.yaml");
    Files.writeString(
        map,
        """
        - path: ko-from(\\d+)-lr([^/]+)
          language: ko
          parent: pythia-70m@step$1
          learningRate: $2
        """);

    assertThat(
            HarnessResults.read(List.of(folder), "test", NameMap.read(map))
                .reports()
                .getFirst()
                .checkpoint())
        .extracting(
            CheckpointEntry::language, CheckpointEntry::parent, CheckpointEntry::learningRate)
        .containsExactly("ko", "pythia-70m@step64", 1e-4);
  }

  @ParameterizedTest
  @CsvSource({
    "shots: 9999999999, the map gives 9999999999 as shots",
    "shots: -1, the map gives -1 as shots",
    "parent: pythia-70m, \"pythia-70m\" is not a checkpoint",
    "learningRate: high, \"high\" as learningRate",
    "learningRate: 0, \"0\" as learningRate"
  })
  void whatTheMapGivesThatCannotBeIsNamedWithTheFile(String fact, String why) throws IOException {
    write("a.json", EARLY.formatted("EleutherAI/pythia-70m", "step512"));
    Path map = Files.writeString(folder.resolve("map.yaml"), "[{path: a, " + fact + "}]");

    assertThat(HarnessResults.read(List.of(folder), "test", NameMap.read(map)).unreadable())
        .singleElement()
        .asString()
        .contains("a.json", why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{; is not JSON",
        "[]; holds no results",
        "{\"results\": {}}; holds no results",
        "{\"results\": {\"piqa\": {\"alias\": \"x\"}}}; holds no results",
        "{\"results\": {\"piqa\": {\"acc\": 1}}}; does not say what model",
        "{\"results\": {\"piqa\": {\"acc\": 1}}, \"model_name\": \"checkpoint-500\"};"
            + " does not say what model",
        "{\"results\": {\"piqa\": {\"acc\": 1}}, \"model_name\": \"a/b-1b\"}; at which training step",
        "{\"results\": {\"piqa\": {\"acc\": 1}}, \"config\":"
            + " {\"model_args\": \"pretrained=a/b,revision=step1\"}}; how many parameters",
      })
  void aFileThatCannotBeReadIsListedAndTheOthersAreRead(String content, String why)
      throws IOException {
    write("bad.json", content);
    write("good.json", EARLY.formatted("EleutherAI/pythia-70m", "step1"));

    HarnessResults results = read();

    assertThat(results.reports()).hasSize(1);
    assertThat(results.unreadable()).singleElement().asString().contains("bad.json").contains(why);
  }

  @Test
  void aTaskInSeveralVersionsIsNamedForItsBoardShowsOneOfThem() throws IOException {
    write("a.json", EARLY.formatted("EleutherAI/pythia-70m", "step512"));
    write("b.json", EARLY.formatted("EleutherAI/pythia-70m", "step1000"));
    write(
        "c.json",
        EARLY
            .formatted("EleutherAI/pythia-70m", "step2000")
            .replace("\"arc_easy\": 0", "\"arc_easy\": 1"));

    assertThat(read().contradictions())
        .singleElement()
        .asString()
        .startsWith("arc_easy is there in versions that are not comparable (2 × '0', 1 × '1')")
        .contains("--source");
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private HarnessResults read() throws IOException {
    return HarnessResults.read(List.of(folder), "test", NameMap.NONE);
  }

  private static TaskReport task(ReportEntry report, String name) {
    return report.tasks().stream().filter(it -> it.task().equals(name)).findFirst().orElseThrow();
  }
}
