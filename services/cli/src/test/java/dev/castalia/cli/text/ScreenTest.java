package dev.castalia.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.cli.text.Screen.Size;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScreenTest {

  private static Screen attached(Map<String, String> environment) {
    return Screen.of(environment, true, () -> new Size(120, 40));
  }

  @Test
  void withoutATerminalNothingIsRedrawnOrColoured() {
    Screen screen = Screen.of(Map.of("TERM", "xterm"), false, () -> new Size(120, 40));

    assertThat(screen.terminal()).isFalse();
    assertThat(screen.colour()).isFalse();
  }

  @Test
  void aDumbTerminalIsNone() {
    assertThat(attached(Map.of("TERM", "dumb")).terminal()).isFalse();
    assertThat(attached(Map.of()).terminal()).isFalse();
  }

  @Test
  void noColorTakesTheColourOnly() {
    Screen screen = attached(Map.of("TERM", "xterm", "NO_COLOR", "1"));

    assertThat(screen.terminal()).isTrue();
    assertThat(screen.colour()).isFalse();
  }

  @Test
  void anEmptyNoColorIsNotSet() {
    assertThat(attached(Map.of("TERM", "xterm", "NO_COLOR", "")).colour()).isTrue();
  }

  @Test
  void columnsOverrulesTheWindow() {
    assertThat(attached(Map.of("TERM", "xterm", "COLUMNS", "60")).size().get())
        .isEqualTo(new Size(60, 40));
  }

  @Test
  void columnsThatAreNoNumberAreIgnored() {
    assertThat(attached(Map.of("TERM", "xterm", "COLUMNS", "wide")).size().get())
        .isEqualTo(new Size(120, 40));
  }
}
