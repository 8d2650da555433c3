package dev.castalia.scoring.task;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.events.Aggregation;
import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.metric.Direction;
import dev.castalia.scoring.metric.Metric;
import dev.castalia.scoring.metric.Outcome;
import dev.castalia.scoring.metric.TaskMetric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskTest {

  private static final String CHOICE =
      """
      task: t
      dataset_path: json
      dataset_kwargs: {data_files: {test: data.jsonl}}
      output_type: multiple_choice
      test_split: test
      doc_to_text: "Q: {{q}}"
      doc_to_choice: [yes, "no", maybe]
      doc_to_target: a
      """
          .replace("[yes,", "[\"yes\",");

  @TempDir private Path folder;

  @BeforeEach
  void writeData() throws IOException {
    data(
        """
        {"q": "one", "a": 0, "pair": ["x", "y"]}
        {"q": "two", "a": 1, "pair": ["x", "y"]}
        {"q": "three", "a": 2, "pair": ["x", "y"]}
        {"q": "one", "a": 0, "pair": ["x", "y"]}
        """);
  }

  @Test
  void choicesFollowTheDelimiter() {
    Item.Choices item = (Item.Choices) task(CHOICE).items(0).get(1);

    assertThat(item.pairs())
        .containsExactly(
            new Item.Pair("Q: two", " yes"),
            new Item.Pair("Q: two", " no"),
            new Item.Pair("Q: two", " maybe"));
    assertThat(item.gold()).containsExactly(1);
  }

  @Test
  void aTargetMayBeTheChoicesText() {
    Item.Choices item =
        (Item.Choices)
            task(CHOICE.replace("doc_to_target: a", "doc_to_target: \"{{['no','maybe','x'][a]}}\""))
                .items(0)
                .get(0);

    assertThat(item.gold()).containsExactly(1);
  }

  @Test
  void aTargetThatIsNoChoiceIsNeverRight() {
    Item.Choices item =
        (Item.Choices)
            task(CHOICE.replace("doc_to_target: a", "doc_to_target: \"never\"")).items(0).get(0);

    assertThat(item.gold()).containsExactly(Outcome.Choice.NONE);
  }

  @Test
  void indicesThatAreNoneOfTheChoicesAreWhatTheHarnessMakesOfThem() throws IOException {
    data(
        """
        {"q": "", "a": [0, 7]}
        {"q": "", "a": [-1, 1]}
        {"q": "", "a": [-100, 2]}
        """);

    assertThat(task(CHOICE).items(0))
        .extracting(item -> ((Item.Choices) item).gold())
        .containsExactly(
            new int[] {0, Outcome.Choice.NONE},
            new int[] {-1, 1},
            new int[] {Outcome.Choice.NONE, 2});
  }

  @ParameterizedTest
  @ValueSource(strings = {"-4", "[1, -4]", "-9223372036854775808"})
  void anIndexThatTheHarnessCannotCountFromTheEndIsNamedWithItsDocument(String index)
      throws IOException {
    data("{\"q\": \"how many?\", \"a\": %s}\n".formatted(index));
    Task task = task(CHOICE);

    assertThatThrownBy(() -> task.items(0))
        .isInstanceOf(TaskException.class)
        .hasMessageContainingAll("t.yaml", "is not the index of one of the choices", "how many?");
  }

  @Test
  void choicesMayBeContexts() {
    Item.Choices item =
        (Item.Choices)
            task(CHOICE
                    .replace("\"Q: {{q}}\"", "\"{{a}}\"")
                    .replace("doc_to_target: a", "doc_to_target: \"{{q}}.\""))
                .items(0)
                .get(1);

    assertThat(item.pairs().getFirst()).isEqualTo(new Item.Pair("yes", " two."));
    assertThat(item.gold()).containsExactly(1);
  }

  /** What construct_requests of lm_eval 0.4.13 gives for the same task and documents. */
  @Test
  void aPrefixFollowsAQuestionAfterTheDelimiterAndAContextAtOnce() throws IOException {
    data(
        """
        {"q": "He ran", "a": 1, "pair": ["He stayed", "He left"]}
        {"q": "x", "a": 0, "pair": ["b ", "c"]}
        """);
    String choices = "doc_to_choice: pair\ngen_prefix: \"Answer:\"\n";
    String head =
        CHOICE.lines().filter(line -> !line.startsWith("doc_to_")).collect(joining("\n", "", "\n"));
    String examples =
        "description: \"D {{q}}|\"\nfewshot_split: test\nfewshot_config: {sampler: first_n}\n";
    Task questions = task(head + choices + "doc_to_text: q\ndoc_to_target: a\n");
    Task contexts =
        task(head + choices + "doc_to_text: \"{{a}}\"\ndoc_to_target: \"{{q}}.\"\n" + examples);

    assertThat(((Item.Choices) questions.items(0).getFirst()).pairs())
        .containsExactly(
            new Item.Pair("He ran Answer:", " He stayed"),
            new Item.Pair("He ran Answer:", " He left"));
    assertThat(((Item.Choices) contexts.items(1).getFirst()).pairs())
        .containsExactly(
            new Item.Pair("D He ran|b Answer: x.\n\nHe stayedAnswer:", " He ran."),
            new Item.Pair("D He ran|b Answer: x.\n\nHe leftAnswer:", " He ran."));
  }

  /** What build_qa_turn of lm_eval 0.4.13 gives. */
  @ParameterizedTest
  @CsvSource({
    "a, 'Q \n\nQ', 'Q P:\n\nQ P:'",
    "'\"{{''''}}\"', QQ, 'Q P:Q P:'",
  })
  void anExampleWhoseRightChoiceIsEmptyHasAnAnswer(String target, String plain, String prefixed)
      throws IOException {
    data("{\"q\": \"Q\", \"a\": 1, \"n\": 1}\n{\"q\": \"Q\", \"a\": 1, \"n\": 2}\n");
    String yaml =
        CHOICE
                .replace("Q: {{q}}", "{{q}}")
                .replace("[\"yes\", \"no\", maybe]", "[\"x\", \"\"]")
                .replace("doc_to_target: a", "doc_to_target: " + target)
            + "fewshot_split: test\nfewshot_config: {sampler: first_n}\n";

    assertThat(contexts(task(yaml))).containsOnly(plain);
    assertThat(contexts(task(yaml + "gen_prefix: \"P:\"\n"))).containsOnly(prefixed);
  }

  /** What lm_eval 0.4.13 gives, where it gives something. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gen_prefix: null                                   | two no; one P:     | one yes; two P:
          gen_prefix: "A:"                                   | two A: no; one P:  | one A: yes; two P:
          gen_prefix: null, split: null                      | one yes; one P:    | one yes; two P:
          gen_prefix: null, doc_to_text: null, doc_to_target: null | two no; one P: | one yes; two P:
          gen_prefix: null, doc_to_choice: null, doc_to_target: "{{pair[0]}}" | two x; one P: | one x; two P:
          """)
  void whatExamplesAreSaidNotToHaveTheyDoNotInherit(String config, String first, String second) {
    Task task =
        task(
            CHOICE
                + "fewshot_split: test\ngen_prefix: \"P:\"\nfewshot_delimiter: \"; \"\n"
                + "fewshot_config: {sampler: first_n, "
                + config
                + "}\n");

    assertThat(contexts(task).subList(0, 2))
        .map(context -> context.replace("Q: ", ""))
        .containsExactly(first, second);
  }

  @Test
  void examplesThatAreSaidNotToBeProcessedAreNot() {
    TaskYaml yaml =
        TaskYaml.parse(folder.resolve("t.yaml"), CHOICE + "fewshot_config: {process_docs: null}\n");
    List<Map<String, Object>> documents = List.of(Map.of("q", "one"));

    assertThat(FewshotConfig.of(yaml, _ -> List.of()).process().apply(documents))
        .isEqualTo(documents);
  }

  private static List<String> contexts(Task task) {
    return task.items(1).stream()
        .map(item -> ((Item.Choices) item).pairs().getFirst().context())
        .toList();
  }

  @Test
  void aDescriptionComesFirst() {
    Item.Choices item =
        (Item.Choices) task(CHOICE + "description: \"About {{q}}.\\n\"\n").items(0).get(0);

    assertThat(item.pairs().getFirst().context()).isEqualTo("About one.\nQ: one");
  }

  @Test
  void drawnExamplesAreThoseOfPythonsGeneratorInDocumentOrder() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      lines.append("{\"q\": \"%d\", \"a\": 0}\n".formatted(i));
    }
    data(lines.toString());
    Task task = task(CHOICE + "fewshot_split: test\nfewshot_delimiter: \"|\"\n");

    List<Item> items = task.items(2);

    // Python: r = random.Random(1234); r.sample(range(30), 3) for each document gives [24, 14, 3],
    // [0, 2, 29], [25, 18, 1], [21, 22, 2]; the document itself is dropped and two are kept.
    assertThat(items.subList(0, 4))
        .extracting(item -> ((Item.Choices) item).pairs().getFirst().context())
        .containsExactly(
            "Q: 24 yes|Q: 14 yes|Q: 0",
            "Q: 0 yes|Q: 2 yes|Q: 1",
            "Q: 25 yes|Q: 18 yes|Q: 2",
            "Q: 21 yes|Q: 22 yes|Q: 3");
  }

  @Test
  void aTasksOwnZeroShotsWin() {
    assertThat(task(CHOICE).shots(OptionalInt.of(5))).isEqualTo(5);
    assertThat(task(CHOICE + "num_fewshot: 2\n").shots(OptionalInt.of(5))).isEqualTo(5);
    assertThat(task(CHOICE + "num_fewshot: 2\n").shots(OptionalInt.empty())).isEqualTo(2);
    assertThat(task(CHOICE + "num_fewshot: 0\n").shots(OptionalInt.of(5))).isZero();
  }

  @Test
  void tooFewExamplesAreAnError() {
    Task task = task(CHOICE + "fewshot_split: test\nfewshot_config: {sampler: first_n}\n");

    assertThatThrownBy(() -> task.items(4))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("4 examples are wanted");
  }

  @Test
  void metricsLeftOutAreTheHarnesss() {
    assertThat(task(CHOICE).metrics())
        .containsExactly(
            new TaskMetric(Metric.ACC, Aggregation.MEAN, Direction.HIGHER, true),
            new TaskMetric(Metric.ACC_NORM, Aggregation.MEAN, Direction.HIGHER, true));
    assertThat(task(CHOICE).chance()).hasValue(1.0 / 3);
  }

  @Test
  void biasIsBetterNearerToAHalfWhateverTheTaskSays() {
    TaskMetric metric =
        task(CHOICE.replace("[\"yes\", \"no\", maybe]", "\"{{pair}}\"")
                + "metric_list: [{metric: pct_stereotype, higher_is_better: false}]\n")
            .metrics()
            .getFirst();

    assertThat(metric.direction()).isEqualTo(new Direction.Nearest(0.5));
    assertThat(metric.higherIsBetter()).isFalse();
    assertThat(metric.metric().isAccuracy()).isFalse();
  }

  @Test
  void theVersionChangesWithDefinitionAndDataAndNothingElse() throws IOException {
    String version = task(CHOICE).version();
    assertThat(version).matches("[0-9a-f]{16}");

    Path elsewhere = Files.createDirectories(folder.resolve("other/place"));
    Files.copy(folder.resolve("data.jsonl"), elsewhere.resolve("renamed.jsonl"));
    String moved =
        Task.parse(
                elsewhere.resolve("t.yaml"),
                "# a comment\n" + CHOICE.replace("data.jsonl", "\"renamed.jsonl\"") + "tag: [x]\n")
            .version();
    String otherTemplate = task(CHOICE.replace("Q:", "Question:")).version();
    Files.writeString(
        folder.resolve("data.jsonl"),
        Files.readString(folder.resolve("data.jsonl")).replace("two", "too"));
    String otherData = task(CHOICE).version();

    assertThat(moved).isEqualTo(version);
    assertThat(List.of(version, otherTemplate, otherData)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "nano_ko_text, ko",
    "kobest_copa, ko",
    "kmmlu_accounting, ko",
    "haerae_history, ko",
    "click_lang, ko",
    "kbl_bar_exam_em_civil_2012, ko",
    "belebele_kor_Hang, ko",
    "include_base_44_korean_social_science, ko",
    "hrm8k_gsm8k, ko",
    "hrm8k_gsm8k_en, en",
    "xnli_fr, fr",
    "lambada, en",
    "clickbait, en",
    "flores_kon_Latn, en",
    "tokens, en",
  })
  void theLanguageFollowsFromTheName(String name, String language) {
    assertThat(task(CHOICE.replace("task: t", "task: " + name)).language()).isEqualTo(language);
    assertThat(task(CHOICE.replace("task: t", "task: " + name) + "metadata: {language: fr}\n"))
        .extracting(Task::language)
        .isEqualTo("fr");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          doc_to_tekst: a                       | doc_to_tekst: unknown key
          include: base.yaml                    | base.yaml does not exist
          process_docs: !function utils.p       | utils.py does not exist
          filter_list: [{name: x}]              | filter_list: not supported yet
          repeats: 3                            | repeats: 3
          fewshot_config: {sampler: balanced}   | sampler 'balanced' is unknown
          fewshot_config: {fewshot_delimiter: null} | fewshot_delimiter is null
          fewshot_config: {target_delimiter: null}  | target_delimiter is null
          metric_list: [{metric: ter}]          | metric 'ter' is unknown
          metric_list: [{metric: perplexity}]   | is not one of output_type multiple_choice
          metric_list: [{metric: acc, aggregation: median}] | aggregation 'median' of acc
          metric_list: [{metric: likelihood_diff}] | compare two sentences
          description: "{{nothing}}"            | nothing' is undefined
          num_fewshot: -1                       | num_fewshot: -1
          """)
  void whatIsNotUnderstoodIsNamed(String line, String why) {
    assertThatThrownBy(
            () -> {
              Task task = task(CHOICE + line + "\n");
              task.items(task.shots(OptionalInt.empty()));
            })
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("t.yaml")
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prompt_tokens: 0",
        "prompt_tokens: 2000000000",
        "continuation_tokens: 0",
        "continuation_tokens: 2000000000"
      })
  void countsOfTokensThatNoSequenceHasAreNamed(String line) throws IOException {
    data("{\"tokens\": [1, 2, 3]}\n");
    Task task =
        task(
            """
            task: t
            dataset_path: json
            dataset_kwargs: {data_files: {test: data.jsonl}}
            output_type: memorization
            test_split: test
            doc_to_text: tokens
            """
                + line);

    assertThatThrownBy(() -> assertThat(task.items(0)).hasSize(task.continuationTokens()))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("t.yaml: " + line);
  }

  @Test
  void aLineThatIsNoJsonIsNamed() throws IOException {
    data("{\"q\": \"one\", \"a\": 0}\nnonsense\n");

    assertThatThrownBy(() -> task(CHOICE))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("data.jsonl: line 2 is not a JSON object");
  }

  @Test
  void aLongDocumentIsNotQuotedWhole() throws IOException {
    data("{\"q\": \"%s\", \"a\": 0}\n".formatted("long".repeat(100_000)));
    Task task = task(CHOICE.replace("[\"yes\", \"no\", maybe]", "\"{{[1]}}\""));

    assertThatThrownBy(() -> task.items(0))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("[1] is not a list of texts, for {q=longlong")
        .hasMessageEndingWith("a=0}")
        .extracting(Throwable::getMessage)
        .asString()
        .hasSizeLessThanOrEqualTo(2000);
  }

  @Test
  void dataThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> task(CHOICE.replace("data.jsonl", "absent.jsonl")))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("absent.jsonl does not exist");
    assertThatThrownBy(() -> task(CHOICE.replace("test_split: test", "test_split: dev")))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("no split 'dev'");
  }

  private Task task(String yaml) {
    return Task.parse(folder.resolve("t.yaml"), yaml);
  }

  private void data(String lines) throws IOException {
    Files.writeString(folder.resolve("data.jsonl"), lines);
  }
}
