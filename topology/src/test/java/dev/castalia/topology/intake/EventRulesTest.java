package dev.castalia.topology.intake;

import static dev.castalia.topology.Mesh.checkpoint;
import static dev.castalia.topology.Mesh.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.castalia.events.Aggregation;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Direction;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.ScoreReported;
import dev.castalia.events.TaskRegistered;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventRulesTest {

  private static final MetricSpec ACC =
      new MetricSpec("acc", Aggregation.MEAN, Direction.HIGHER, null, 0.25);

  @ParameterizedTest
  @ValueSource(strings = {"en", "zh-Hant", "kor_Hang", "en,ko", "한국어"})
  void aLanguageIsAnyText(String language) {
    assertThat(EventRules.check(inLanguage(language))).isEqualTo("t");
  }

  @Test
  void nothingInALanguageIsObeyedByATerminal() {
    String language = "en\u001b]52;c;Y3VybA==\u0007";

    assertThatIllegalArgumentException()
        .isThrownBy(() -> EventRules.check(inLanguage(language)))
        .withMessage("language is " + language + " but must be without control characters");
  }

  @Test
  void textsMayBeAsLongAsPathsAre() {
    assertThat(EventRules.check(at("/" + "x".repeat(4095)))).isEqualTo("b@step1");
  }

  @ParameterizedTest
  @MethodSource("tooMuch")
  void whatSaysMoreThanItMayIsRefused(SpecificRecord event, String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EventRules.check(event))
        .withMessageStartingWith(reason);
  }

  static Stream<Arguments> tooMuch() {
    TaskRegistered task = task("t", 10, 10);
    return Stream.of(
        Arguments.of(at("x".repeat(4097)), "the length of location is 4097 but"),
        Arguments.of(at("/a\u001bb"), "location is /a\u001bb but"),
        Arguments.of(
            CheckpointPublished.newBuilder(checkpoint("b", 1))
                .setTokenizer("x".repeat(4097))
                .build(),
            "the length of tokenizer is 4097 but"),
        Arguments.of(
            TaskRegistered.newBuilder(task).setLocation("x".repeat(65_537)).build(),
            "the length of location is 65537 but"),
        Arguments.of(
            TaskRegistered.newBuilder(task).setMetrics(Collections.nCopies(1001, ACC)).build(),
            "the number of metrics is 1001 but"),
        Arguments.of(
            TaskRegistered.newBuilder(task).setTags(Collections.nCopies(101, "mmlu")).build(),
            "the number of tags is 101 but"),
        Arguments.of(
            TaskRegistered.newBuilder(task).setTags(List.of("a b")).build(), "tag \"a b\" cannot"),
        Arguments.of(
            reported().setTags(Collections.nCopies(101, "mmlu")).build(),
            "the number of tags is 101 but"),
        Arguments.of(
            reported().setVersion("1".repeat(201)).build(), "the length of version is 201 but"));
  }

  private static TaskRegistered inLanguage(String language) {
    return TaskRegistered.newBuilder(task("t", 10, 10)).setLanguage(language).build();
  }

  private static CheckpointPublished at(String location) {
    return CheckpointPublished.newBuilder(checkpoint("b", 1)).setLocation(location).build();
  }

  private static ScoreReported.Builder reported() {
    return ScoreReported.newBuilder()
        .setCheckpoint(checkpoint("b", 1))
        .setTask("sum")
        .setShots(0)
        .setMetric(ACC)
        .setValue(0.5)
        .setSource("paper")
        .setReportedAt(Instant.EPOCH);
  }
}
