package dev.castalia.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.cli.progress.Work.Count;
import dev.castalia.cli.progress.Work.Part;
import dev.castalia.cli.text.PlainWriter;
import dev.castalia.cli.text.Screen;
import dev.castalia.cli.text.Screen.Size;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {

  private final StringWriter printed = new StringWriter();
  private long nanos;

  private ProgressDisplay display(Screen screen) {
    return new ProgressDisplay(new PrintWriter(printed), screen, "units", () -> nanos);
  }

  private static Screen terminal(int columns, int rows, boolean colour) {
    return new Screen(true, colour, () -> new Size(columns, rows));
  }

  private static Work work(int small, int large, int failed) {
    return new Work(
        "s1",
        new Count(400, small + large, failed),
        List.of(
            new Part("nano-480k-deduped", new Count(200, large, failed)),
            new Part("nano-74k", new Count(200, small, 0))),
        null);
  }

  private void after(double seconds) {
    nanos += (long) (seconds * 1e9);
  }

  @Test
  void onATerminalEachPartHasABarWithRateAndTimeLeft() {
    ProgressDisplay display = display(terminal(90, 24, false));
    display.update(work(0, 0, 0));
    printed.getBuffer().setLength(0);
    after(2);

    display.update(work(200, 50, 0));

    assertThat(frame())
        .containsExactly(
            "nano-480k-deduped  ██████▌░░░░░░░░░░░░░░░░░░░   50/200   25 %     25/s  6 s left",
            "nano-74k           ██████████████████████████  200/200  100 %  done",
            "s1                 ████████████████▎░░░░░░░░░  250/400   62 %    125/s  1 s left");
  }

  @Test
  void whatFailedIsToldAndCountsAsAnswered() {
    ProgressDisplay display = display(terminal(90, 24, false));
    display.update(work(0, 0, 0));
    printed.getBuffer().setLength(0);
    after(1);

    display.finish(work(200, 190, 10));

    assertThat(frame())
        .containsExactly(
            "nano-480k-deduped  ██████████████████████████  190/200  100 %  10 failed",
            "nano-74k           ██████████████████████████  200/200  100 %  done",
            "s1                 ██████████████████████████  390/400  100 %  10 failed");
  }

  @Test
  void aNarrowTerminalHasNoBarsAndNoLineWraps() {
    ProgressDisplay display = display(terminal(40, 24, false));

    display.update(work(200, 50, 0));

    assertThat(frame())
        .containsExactly(
            "nano-480k-deduped   50/200   25 %",
            "nano-74k           200/200  100 %  done", "s1                 250/400   62 %");
  }

  @Test
  void whereThePartsDoNotFitThoseUnderWayAreShown() {
    List<Part> parts =
        IntStream.range(0, 20)
            .mapToObj(i -> new Part("m" + i, new Count(10, i < 8 ? 10 : i < 10 ? 5 : 0, 0)))
            .toList();
    ProgressDisplay display = display(terminal(90, 8, false));

    display.update(new Work("s1", new Count(200, 90, 0), parts, "planning"));

    assertThat(frame())
        .hasSizeLessThan(8)
        .extracting(line -> line.split(" ")[0])
        .containsExactly("m8", "m9", "m10", "m11", "…", "s1", "planning");
    assertThat(frame()).contains("… and 16 more: 8 done, 8 waiting or under way");
  }

  @Test
  void theNextFrameIsDrawnOverTheLast() {
    ProgressDisplay display = display(terminal(90, 24, false));
    display.update(work(0, 0, 0));
    printed.getBuffer().setLength(0);
    after(1);

    display.update(work(1, 1, 0));

    assertThat(printed.toString()).startsWith("\033[3F\033[2Knano-480k").endsWith("\n\033[J");
  }

  @Test
  void aTerminalIsNotRedrawnMoreThanAFewTimesASecond() {
    ProgressDisplay display = display(terminal(90, 24, false));
    display.update(work(0, 0, 0));
    printed.getBuffer().setLength(0);
    after(0.1);

    display.update(work(1, 1, 0));

    assertThat(printed.toString()).isEmpty();
  }

  @Test
  void barsAreColouredWhereColoursAreWanted() {
    ProgressDisplay display = display(terminal(90, 24, true));

    display.update(work(200, 190, 10));

    assertThat(printed.toString())
        .contains("\033[31m██████████████████████████\033[0m  190/200")
        .contains("\033[32m██████████████████████████\033[0m  200/200");
  }

  @Test
  void aTerminalObeysTheDisplayButNoName() {
    ProgressDisplay display =
        new ProgressDisplay(
            new PlainWriter(new PrintWriter(printed)), terminal(90, 24, false), "units");

    display.update(
        new Work("s", new Count(2, 1, 0), List.of(new Part("a\033[2J", new Count(2, 1, 0))), null));

    assertThat(printed.toString()).startsWith("\033[2Ka\uFFFD[2J  ");
  }

  @Test
  void withoutATerminalALineIsPrintedNowAndThenAndAtTheEnd() {
    ProgressDisplay display = display(Screen.NONE);

    display.update(work(0, 0, 0));
    after(1);
    display.update(work(10, 10, 0));
    after(4);
    display.update(work(50, 50, 0));
    after(1);
    display.update(work(60, 60, 0));
    display.finish(work(200, 199, 1));

    assertThat(printed.toString().lines())
        .containsExactly(
            "s1: 0/400 units, 0 %",
            "s1: 100/400 units, 25 %, 20/s, 15 s left", "s1: 399/400 units, 100 %, 1 failed");
  }

  @Test
  void withoutATerminalAnEndThatWasPrintedIsNotPrintedAgain() {
    ProgressDisplay display = display(Screen.NONE);

    display.update(work(200, 200, 0));
    display.finish(work(200, 200, 0));

    assertThat(printed.toString().lines()).containsExactly("s1: 400/400 units, 100 %");
  }

  @Test
  void waitingForATurnIsNotSlowness() {
    ProgressDisplay display = display(terminal(90, 24, false));
    display.update(work(0, 0, 0));
    after(15);
    display.update(work(0, 0, 0));
    after(2);
    printed.getBuffer().setLength(0);

    display.update(work(0, 50, 0));

    assertThat(frame().getFirst()).contains("25/s  6 s left");
  }

  private List<String> frame() {
    return printed.toString().replaceAll("\033\\[\\d*[FKJ]", "").lines().toList();
  }
}
