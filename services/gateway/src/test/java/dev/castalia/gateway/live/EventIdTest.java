package dev.castalia.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdTest {

  private static final Instant AT = Instant.parse("2026-07-13T10:15:30Z");

  @Test
  void itIsReadBackAsItWasWritten() {
    long[] offsets = {0, 127, 128, 5_000_000_000L, Long.MAX_VALUE};

    EventId read = EventId.parse(new EventId(-42, AT, offsets).text()).orElseThrow();

    assertThat(read.stream()).isEqualTo(-42);
    assertThat(read.at()).isEqualTo(AT);
    assertThat(read.offsets()).containsExactly(offsets);
  }

  @Test
  void itIsReadBackOfAsManyPartitionsAsThereMayBe() {
    long[] offsets = LongStream.range(0, 8 * 1000).map(i -> 5_000_000_000L + i).toArray();

    assertThat(EventId.parse(new EventId(-42, AT, offsets).text()))
        .hasValueSatisfying(read -> assertThat(read.offsets()).containsExactly(offsets));
  }

  @Test
  void itIsShortAndSafeInAHeader() {
    assertThat(new EventId(Long.MIN_VALUE, AT, new long[] {400_000, 400_000, 12}).text())
        .hasSizeLessThan(40)
        .matches("[A-Za-z0-9_-]+");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "!!", "AA", "AQAA", "____________________", "AQAAAAAAAAAA_____w", "é"})
  void whatIsNoIdIsNone(String text) {
    assertThat(EventId.parse(text)).isEmpty();
  }
}
