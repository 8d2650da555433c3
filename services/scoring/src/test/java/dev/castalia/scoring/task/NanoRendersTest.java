package dev.castalia.scoring.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.scoring.NanoSuite;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the nano tasks ask, against what jinja2 renders from the same files. */
class NanoRendersTest {

  private static final Map<String, Task> TASKS = NanoSuite.tasks(NanoSuite.bundled());

  @TestFactory
  List<DynamicTest> everyTasksItemsAreMadeOfJinja2sRenders() throws Exception {
    JsonNode golden =
        new ObjectMapper().readTree(NanoRendersTest.class.getResource("/golden/nano-renders.json"));
    assertThat(TASKS.keySet()).hasSize(8).allSatisfy(name -> assertThat(golden.has(name)).isTrue());
    return golden.properties().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> {
                      List<Item> items = TASKS.get(entry.getKey()).items(0);
                      for (JsonNode render : entry.getValue()) {
                        assertRendered(items.get(render.path("document").asInt()), render);
                      }
                    }))
        .toList();
  }

  private static void assertRendered(Item item, JsonNode render) {
    String text = render.path("doc_to_text").asText();
    String target = render.path("doc_to_target").asText();
    switch (item) {
      case Item.Choices choices -> {
        assertThat(choices.pairs()).extracting(Item.Pair::context).containsOnly(text);
        assertThat(choices.choices()).containsExactlyElementsOf(choices(render));
        assertThat(choices.gold()).containsExactly(Integer.parseInt(target));
      }
      case Item.Continuation(Item.Pair pair) ->
          assertThat(pair).isEqualTo(new Item.Pair(text, target));
      case Item.Text(String whole, String counted) -> {
        assertThat(whole).isEqualTo(target);
        assertThat(counted).isEqualTo(target);
      }
      case Item.Memory(String whole) -> assertThat(whole).isEqualTo(text);
      case Item.Sequence sequence -> throw new AssertionError("no nano task has " + sequence);
    }
  }

  /** The render is Python's text of a list of strings without escapes. */
  private static List<String> choices(JsonNode render) {
    String list = render.path("doc_to_choice").asText();
    return StreamSupport.stream(
            List.of(list.substring(2, list.length() - 2).split("['\"], ['\"]")).spliterator(),
            false)
        .toList();
  }

  @Test
  void theExamplesOfNanoSumAreItsFirstOtherDocuments() {
    Task sum = TASKS.get("nano_sum");
    assertThat(sum.shots(OptionalInt.empty())).isEqualTo(3);

    List<Item> items = sum.items(3);

    assertThat(context(items.get(0)))
        .isEqualTo(example(sum, 1) + example(sum, 2) + example(sum, 3) + question(sum, 0));
    assertThat(context(items.get(2)))
        .isEqualTo(example(sum, 0) + example(sum, 1) + example(sum, 3) + question(sum, 2));
    assertThat(context(items.get(100)))
        .isEqualTo(example(sum, 0) + example(sum, 1) + example(sum, 2) + question(sum, 100));
  }

  private static String context(Item item) {
    return ((Item.Choices) item).pairs().getFirst().context();
  }

  private static String question(Task task, int document) {
    return (String) task.document(document).get("question");
  }

  private static String example(Task task, int document) {
    int label = ((Number) task.document(document).get("label")).intValue();
    List<?> choices = (List<?>) task.document(document).get("choices");
    return question(task, document) + " " + choices.get(label) + " ";
  }
}
