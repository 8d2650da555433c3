package dev.castalia.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StandardOutputTest {

  private static final String CLOSED = "파이프가 깨어짐";

  private final CountDownLatch gone = new CountDownLatch(1);

  @Test
  void aReaderThatIsGoneIsNoticedWhateverLanguageTheSystemSpeaks() throws InterruptedException {
    StandardOutput output = failing(CLOSED);

    assertThat(gone.await(1, TimeUnit.MINUTES)).isTrue();
    assertThat(output.failed()).isTrue();
    assertThat(output.failure()).isEmpty();
  }

  @Test
  void aDiskThatIsFullIsToldOf() {
    StandardOutput output = failing("장치에 남은 공간이 없음");

    assertThat(gone.getCount()).isOne();
    assertThat(output.failure()).contains("장치에 남은 공간이 없음");
  }

  /** One that was written to. */
  private StandardOutput failing(String message) {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int oneByte) throws IOException {
            throw new IOException(message);
          }
        };
    StandardOutput output = new StandardOutput(broken, () -> CLOSED, gone::countDown);
    assertThatThrownBy(() -> output.write(1)).isInstanceOf(IOException.class);
    return output;
  }
}
