package dev.castalia.scoring.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubHoldsTest {

  @TempDir private Path folder;

  @Test
  void whileOneIsRemovedOthersAreTakenAndLetGo() throws IOException {
    Runnable held = hold("held");

    assertThat(HubHolds.unlessHeld(folder.resolve("removed"), () -> inAnotherThread(held)))
        .isTrue();
    assertThat(HubHolds.unlessHeld(folder.resolve("held"), () -> {})).isTrue();
  }

  private void inAnotherThread(Runnable letGo) {
    CompletableFuture.runAsync(
            () -> {
              hold("taken").run();
              letGo.run();
            })
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  private Runnable hold(String name) {
    try {
      return HubHolds.hold(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
