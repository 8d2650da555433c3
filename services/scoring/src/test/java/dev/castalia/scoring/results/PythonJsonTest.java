package dev.castalia.scoring.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PythonJsonTest {

  @Test
  void aTimeIsItsText() {
    // json.dumps with the handle_non_serializable of lm_eval 0.4.13.
    assertThat(PythonJson.line(Map.of("n", LocalDateTime.of(2012, 5, 1, 10, 20))))
        .isEqualTo("{\"n\": \"2012-05-01 10:20:00\"}");
  }
}
