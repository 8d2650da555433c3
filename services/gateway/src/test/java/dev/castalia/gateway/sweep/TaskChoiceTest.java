package dev.castalia.gateway.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.castalia.events.TaskRegistered;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.gateway.support.Events;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskChoiceTest {

  private final TaskChoice choice =
      new TaskChoice(
          List.of(
              tagged("blimp_a", "blimp"),
              tagged("blimp_b", "blimp"),
              tagged("piqa", "pythia"),
              TaskRegistered.newBuilder(tagged("mmlu", "pythia")).setShots(5).build()));

  @Test
  void aNameMeansItsTaskAtItsOwnShots() {
    assertThat(chosen(null, "mmlu", "piqa")).containsExactly("mmlu:5", "piqa:0");
  }

  @Test
  void aTagMeansEveryTaskThatHasIt() {
    assertThat(chosen(null, "blimp")).containsExactly("blimp_a:0", "blimp_b:0");
  }

  @Test
  void aPatternMeansEveryTaskItMatches() {
    assertThat(chosen(null, "*_b", "p?qa")).containsExactly("blimp_b:0", "piqa:0");
  }

  @Test
  void shotsBehindANameGoBeforeTheSweeps() {
    assertThat(chosen(3, "mmlu:0", "piqa")).containsExactly("mmlu:0", "piqa:3");
  }

  @Test
  void aTaskThatIsMeantTwiceIsChosenOnce() {
    assertThat(chosen(null, "blimp", "blimp_a", "blimp_a:2"))
        .containsExactly("blimp_a:0", "blimp_b:0", "blimp_a:2");
  }

  @Test
  void whatMeansNothingIsNamedWithWhatIsClose() {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> chosen(null, "pika:5"))
        .withMessageContaining("\"pika\"")
        .withMessageEndingWith("Did you mean piqa?");
  }

  private List<String> chosen(Integer shots, String... wanted) {
    return choice.choose(List.of(wanted), shots).stream()
        .map(chosen -> chosen.task().getTask() + ":" + chosen.shots())
        .toList();
  }

  private static TaskRegistered tagged(String task, String tag) {
    return TaskRegistered.newBuilder(Events.task(task, "v1")).setTags(List.of(tag)).build();
  }
}
