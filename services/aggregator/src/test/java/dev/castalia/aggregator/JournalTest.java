package dev.castalia.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.MDC;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalTest {

  private static final String REQUEST = "m@step1#0";

  private final List<ExtLogRecord> logged = new ArrayList<>();
  private final Logger log = Logger.getLogger(Journal.class.getName());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          ExtLogRecord kept = ExtLogRecord.wrap(record);
          kept.copyMdc();
          logged.add(kept);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    log.addHandler(handler);
  }

  @AfterEach
  void leave() {
    log.removeHandler(handler);
  }

  @Test
  void whatIsSaidOfARequestHasItsIds() {
    Journal.issued("sweep", "m@step1", REQUEST, 3, 1.25);
    Journal.late("m@step1", REQUEST, 2);
    Journal.givenUp("m@step1", REQUEST, "m@step1|task|v1|0|float32|0|10", "no scorer answered");

    Map<String, String> all = Map.of("sweep", "sweep", "checkpoint", "m@step1", "request", REQUEST);
    Map<String, String> known = Map.of("checkpoint", "m@step1", "request", REQUEST);
    assertThat(logged).extracting(ExtLogRecord::getMdcCopy).containsExactly(all, known, known);
    assertThat(logged.getFirst().getFormattedMessage())
        .isEqualTo("Issued m@step1#0: 3 units, about 1.3 s");
    assertThat(MDC.copy()).isEmpty();
  }

  @Test
  void aUnitThatNoRequestAskedForHasNoRequestsId() {
    Journal.givenUp("m@step1", null, "m@step1|task|v1|0|float32|0|10", "refused");

    assertThat(logged)
        .extracting(ExtLogRecord::getMdcCopy)
        .containsExactly(Map.of("checkpoint", "m@step1"));
  }
}
