package dev.castalia.scoring.task;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.task.TaskGroup.Aggregate;
import dev.castalia.scoring.task.data.DataPath;
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
import org.junit.jupiter.params.provider.ValueSource;

class TaskFolderTest {

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    file(
        "base/_template_yaml",
        """
        dataset_path: org/data
        output_type: multiple_choice
        test_split: test
        doc_to_text: "{{q}}"
        doc_to_choice: [a, b]
        doc_to_target: t
        """);
    file("base/one.yaml", "include: _template_yaml\ntask: one\ntag: letters\ndataset_name: x\n");
    file("base/two.yaml", "\"task\": \"two\"\n\"include\": one.yaml\n");
    file("three.yaml", "{task: three, include: base/_template_yaml, tag: [letters, others]}");
    file(
        "group.yaml",
        """
        group: all
        group_alias: All
        num_fewshot: 2
        task:
          - letters
          - group: inner
            task:
              - task: extra
                dataset_path: org/extra
              - three
            aggregate_metric_list: {metric: acc, weight_by_size: false}
        aggregate_metric_list:
          - metric: acc
        metadata: {version: 3}
        """);
    data("org/data/x/test.jsonl");
    data("org/data/default/test-00000-of-00002.jsonl");
    data("org/data/default/test-00001-of-00002.jsonl");
  }

  private void file(String path, String text) throws IOException {
    Path file = folder.resolve("tasks").resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void data(String path) throws IOException {
    Path file = folder.resolve("data").resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{\"q\": \"one\", \"t\": 0}\n{\"q\": \"two\", \"t\": 1}\n");
  }

  private TaskSelection select(String... names) {
    return TaskFolder.open(folder.resolve("tasks")).select(List.of(names));
  }

  private Task load(TaskDefinition task) {
    return task.load(DataPath.of(folder.resolve("data")));
  }

  @Test
  void includedFilesGiveWhatAFileLeavesOpenTagsAmongThem() {
    assertThat(select("two").tasks()).extracting(TaskDefinition::name).containsExactly("two");
    assertThat(load(select("two").tasks().getFirst()).documents()).isEqualTo(2);
    assertThat(select("letters").tasks())
        .extracting(TaskDefinition::name)
        .containsExactly("one", "three", "two");
  }

  /** As PyYAML has it: U+0085 and U+2028 end lines, in a text too. */
  @Test
  void linesEndWhereYamlEndsThem() throws IOException {
    file("base/breaks.yaml", "include: _template_yaml\u0085task: broken\u2028tag: breaks\n");
    file(
        "base/text.yaml",
        "include: _template_yaml\ndescription: |\n  a\u2028  task: no\u0085  b\ntask: text\n");

    assertThat(select("breaks").tasks()).extracting(TaskDefinition::name).containsExactly("broken");
    assertThat(select("text").tasks()).extracting(TaskDefinition::name).containsExactly("text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "task: !!java.net.URL [\"http://localhost\"]",
        "task: !!javax.script.ScriptEngineManager []",
        "task: !!python/object/apply:os.system [\"true\"]",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: &d [*c, *c]\ne: &e [*d, *d]\n"
            + "f: &f [*e, *e]\ng: &g [*f, *f]\nh: [*g, *g, *f, *f, *e, *e, *d, *d, *c, *c, *b]\n"
            + "i: [*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g]\n"
            + "j: [*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g,*g]",
        "metadata: &itself [*itself]",
        "metadata: {version: &itself {within: {it: *itself}}}",
        "task: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
      })
  void yamlMakesNoObjectsAndHasBounds(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("own.yaml"), text);

    assertThatThrownBy(() -> YamlFile.load(file))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("own.yaml: not YAML");
  }

  @Test
  void numberedFilesAreOneSplit() {
    assertThat(load(select("three").tasks().getFirst()).documents()).isEqualTo(4);
  }

  @Test
  void aSplitOfWhichFilesAreMissingIsRefusedWhereItIsRead() throws IOException {
    data("org/data/default/train-00001-of-00003.jsonl");
    assertThat(load(select("three").tasks().getFirst()).documents()).isEqualTo(4);
    file("own/more.yaml", "include: ../three.yaml\ntask: more\nfewshot_split: train\n");
    TaskDefinition more = select("more").tasks().getFirst();

    assertThat(load(more).items(0)).hasSize(4);
    assertThat(load(more).version()).hasSize(16);
    assertThatThrownBy(() -> load(more).items(1))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining(
            "train-00000-of-00003.jsonl does not exist (missing of the split's 3 files: 2)");

    data("org/data/default/train-00002-of-00003.jsonl");
    data("org/data/default/train-00000-of-00003.jsonl");
    assertThat(load(more).items(1)).hasSize(4);
  }

  @Test
  void filesAboutADataSetAreNotItsData() throws IOException {
    for (String name : List.of("dataset_infos", "dataset_info", "dataset_dict", "config")) {
      data("org/hub/" + name + ".json");
    }
    data("org/hub/data/test.jsonl");
    file("own/hub.yaml", "include: ../three.yaml\ntask: hub\ndataset_path: org/hub\n");

    assertThat(load(select("hub").tasks().getFirst()).documents()).isEqualTo(2);
  }

  @Test
  void namesMayBePatternsAndFiles() {
    assertThat(select("t[hw]*").tasks())
        .extracting(TaskDefinition::name)
        .containsExactly("three", "two");
    assertThat(select(folder.resolve("tasks/base/one.yaml").toString()).tasks())
        .extracting(TaskDefinition::name)
        .containsExactly("one");
  }

  @Test
  void groupsHoldTasksTagsAndGroupsAndSayOtherwiseOfThem() {
    TaskSelection selection = select("all");

    assertThat(selection.allGroups())
        .extracting(TaskGroup::name)
        .containsExactly("all::inner", "all");
    TaskGroup all = selection.groups().getFirst();
    assertThat(all.alias()).isEqualTo("All");
    assertThat(all.version()).isEqualTo("3");
    assertThat(all.children()).containsExactly("one", "three", "two", "all::inner");
    assertThat(all.tasks()).containsExactly("one", "three", "two", "all::inner::extra");
    assertThat(all.aggregates()).containsExactly(new Aggregate("acc", List.of(), true));
    assertThat(all.groups().getFirst().aggregates())
        .containsExactly(new Aggregate("acc", List.of(), false));
    assertThat(load(selection.tasks().getFirst()).shots(OptionalInt.empty())).isEqualTo(2);
    assertThat(selection.errors()).isEmpty();
  }

  @Test
  void whatIsWrongWithOneMemberDoesNotHideTheOthers() throws IOException {
    file("group.yaml", "group: all\ntask: [one, absent, bad]\n");
    file("bad.yaml", "task: bad\ninclude: nowhere.yaml\n");

    TaskSelection selection = select("all");

    assertThat(selection.tasks()).extracting(TaskDefinition::name).containsExactly("one");
    assertThat(selection.errors())
        .extracting(Throwable::getMessage)
        .satisfiesExactly(
            message -> assertThat(message).contains("group.yaml: task: 'absent' is neither"),
            message -> assertThat(message).contains("'bad' is neither"));
    assertThatThrownBy(() -> select("bad"))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("task 'bad' is unknown; there are [")
        .hasMessageContaining("nowhere.yaml does not exist");
  }

  @Test
  void ofTwoFilesWithOneNameTheFirstCounts() throws IOException {
    file("zzz.yaml", "task: one\n");

    TaskFolder opened = TaskFolder.open(folder.resolve("tasks"));

    assertThat(opened.select(List.of("one")).tasks().getFirst().file()).hasFileName("one.yaml");
    assertThat(opened.errors())
        .singleElement()
        .extracting(Throwable::getMessage)
        .asString()
        .contains("zzz.yaml: task: 'one' is also the name of");
  }

  @Test
  void pythonThatIsNotKnownIsNamedByFileKeyAndFunction() throws IOException {
    file("own/utils.py", "def f(doc): return doc\n");
    file("own/t.yaml", "include: ../three.yaml\ntask: t\nprocess_docs: !function utils.f\n");
    file("winogrande/preprocess_winogrande.py", "# changed\n");
    file(
        "winogrande/w.yaml",
        "include: ../three.yaml\ntask: w\ndoc_to_text: !function preprocess_winogrande.doc_to_text\n");

    assertThatThrownBy(() -> load(select("t").tasks().getFirst()))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("t.yaml: process_docs: !function utils.f of")
        .hasMessageContaining("which Castalia does not run");
    assertThatThrownBy(() -> load(select("w").tasks().getFirst()))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("w.yaml: doc_to_text: !function preprocess_winogrande.doc_to_text")
        .hasMessageContaining("its SHA-256 is");
  }

  @Test
  void aFileThatIncludesItselfIsAnError() throws IOException {
    file("loop.yaml", "include: loop.yaml\ntask: loop\n");

    assertThat(TaskFolder.open(folder.resolve("tasks")).errors())
        .singleElement()
        .extracting(Throwable::getMessage)
        .asString()
        .contains("loop.yaml: include: it includes itself");
  }

  @Test
  void filesThatIncludeOthersTwiceAreNotReadOverAndOver() throws IOException {
    for (int i = 0; i < 40; i++) {
      file("twice/" + i + ".yaml", "include: [%d.yaml, %d.yaml]\n".formatted(i + 1, i + 1));
    }
    file("twice/40.yaml", "include: ../three.yaml\ntask: twice\n");

    assertThatThrownBy(() -> load(select("twice").tasks().getFirst()))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("more than 1000 files that")
        .hasMessageContaining("0.yaml includes");
  }

  @Test
  void aliasesStandForNoMoreThanAFileCouldSay() throws IOException {
    StringBuilder text = new StringBuilder("metadata:\n  a0: &a0 [x, x, x]\n");
    for (int i = 1; i <= 16; i++) {
      String items = String.join(", ", nCopies(3, "*a" + (i - 1)));
      text.append("  a%d: &a%d [%s]\n".formatted(i, i, items));
    }
    Path file = Files.writeString(folder.resolve("own.yaml"), text);

    assertThatThrownBy(() -> YamlFile.load(file))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("own.yaml: its aliases stand for too many values");
  }

  @Test
  void overridesAreTheGroupsOwn() {
    assertThat(select("all").tasks().getFirst().overrides()).isEqualTo(Map.of("num_fewshot", 2));
  }
}
