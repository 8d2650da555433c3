package dev.castalia.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class SupervisorTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private final List<String> announcements = new CopyOnWriteArrayList<>();
  private final AtomicLong room = new AtomicLong(Long.MAX_VALUE);
  private final Supervisor supervisor = new Supervisor(announcements::add, file -> room.get());
  private Part part;

  @AfterEach
  void stop() {
    supervisor.close();
    part.stop();
  }

  @Test
  void aPartThatDiesIsNamedWithItsLastLinesAndStartedAgain() {
    long first = run(Processes.Waits.class);
    await().atMost(PATIENCE).until(() -> part.logTail(5).contains("waiting"));

    part.kill();

    await().atMost(PATIENCE).until(() -> part.isAlive() && part.pid() != first);
    assertThat(announcements)
        .singleElement()
        .asString()
        .contains("The Waits died (signal 9) and is started again")
        .contains("waiting");
  }

  @Test
  void whatAKilledPartLeftAmongItsTemporaryFilesIsGoneWhenItIsStartedAgain() throws IOException {
    long first = run(Processes.Litters.class);
    await().atMost(PATIENCE).until(() -> part.logTail(1).contains("waiting"));

    part.kill();

    await().atMost(PATIENCE).until(() -> part.isAlive() && part.pid() != first);
    await().atMost(PATIENCE).until(() -> part.logTail(1).contains("waiting"));
    try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void aPartThatKeepsDyingIsGivenUp() {
    run(Processes.Fails.class);

    await().atMost(PATIENCE).until(part::isGivenUp);
    assertThat(announcements).hasSize(5);
    assertThat(announcements.getLast())
        .contains("died (exit status 3) 5 times within a minute and is given up")
        .contains("no luck today");
  }

  @Test
  void whatAnExceptionSaysIsToldAndNotWhereItPassed() {
    run(Processes.Throws.class);

    await().atMost(PATIENCE).until(() -> !announcements.isEmpty());
    assertThat(announcements.getFirst())
        .contains("cannot go on", "Caused by: java.lang.IllegalArgumentException: the reason")
        .doesNotContain("at dev.castalia", "more");
  }

  @Test
  void aDiskWithoutRoomIsNamed() {
    room.set(4096);
    run(Processes.Fails.class);

    await().atMost(PATIENCE).until(() -> !announcements.isEmpty());
    assertThat(announcements.getFirst())
        .contains("and is started again; there is no room left on the disk of " + folder);
  }

  @Test
  void aPartThatIsStoppedStaysStopped() {
    long pid = run(Processes.Waits.class);
    part.stop();
    supervisor.close();
    assertThat(Processes.runs(pid)).isFalse();
    assertThat(part.isAlive()).isFalse();
    assertThat(announcements).isEmpty();
  }

  @Test
  void aPartThatIsKilledForGoodStaysDeadUntilItIsStarted() {
    long first = run(Processes.Waits.class);
    part.killForGood();
    assertThat(Processes.runs(first)).isFalse();

    part.start();

    assertThat(part.isAlive()).isTrue();
    assertThat(announcements).isEmpty();
  }

  @Test
  void aPausedPartCanBeStopped() {
    long pid = run(Processes.Waits.class);
    part.pause();
    part.stop();
    assertThat(Processes.runs(pid)).isFalse();
  }

  private long run(Class<?> main) {
    part = Processes.part(folder, main, () -> true);
    part.start();
    supervisor.watch(part);
    return part.pid();
  }
}
