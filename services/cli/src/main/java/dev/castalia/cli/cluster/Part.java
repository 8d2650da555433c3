package dev.castalia.cli.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** One part of a cluster: an operating-system process that can be ended and started again. */
public final class Part {

  private static final Duration STOP = Duration.ofSeconds(25);

  private final String name;
  private final List<String> javaOptions;
  private final Path log;
  private final BooleanSupplier ready;
  private Process process;
  private boolean wanted;

  /**
   * @param javaOptions what follows {@code java}: options, class path, main class, arguments
   * @param ready whether the running process does its work yet
   */
  Part(String name, List<String> javaOptions, Path log, BooleanSupplier ready) {
    this.name = name;
    this.javaOptions = List.copyOf(javaOptions);
    this.log = log;
    this.ready = ready;
  }

  public String name() {
    return name;
  }

  public synchronized void start() {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(javaOptions);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // Quarkus would answer an interrupt from the terminal by itself.
    builder.environment().put("DISABLE_SIGNAL_HANDLERS", "true");
    try {
      process = builder.start();
      wanted = true;
    } catch (IOException e) {
      throw new UncheckedIOException("Could not start " + name, e);
    }
  }

  /** Ends the process as an operator would, and waits until it is gone. */
  public void stop() {
    Process running = unwant();
    if (running == null) {
      return;
    }
    running.destroy();
    if (!await(running, STOP)) {
      running.destroyForcibly();
      await(running, STOP);
    }
  }

  /** Ends the process without warning, as a crash would; the cluster starts it again. */
  public synchronized void kill() {
    process.destroyForcibly();
    await(process, STOP);
  }

  /** Stops the process' clock until {@link #resume}. */
  public void pause() {
    signal("STOP");
  }

  public void resume() {
    signal("CONT");
  }

  public synchronized long pid() {
    return process.pid();
  }

  public synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Whether it was started and nobody has stopped it since. */
  synchronized boolean isWanted() {
    return wanted;
  }

  /** Whether it does its work. */
  public boolean isReady() {
    return isAlive() && ready.getAsBoolean();
  }

  public Path log() {
    return log;
  }

  /** The last lines of what it printed. */
  public List<String> logTail(int lines) {
    Deque<String> tail = new ArrayDeque<>();
    try (Stream<String> all = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      all.forEach(
          line -> {
            tail.addLast(line);
            if (tail.size() > lines) {
              tail.removeFirst();
            }
          });
    } catch (IOException | UncheckedIOException e) {
      tail.add("(its log " + log + " cannot be read: " + e.getMessage() + ")");
    }
    return List.copyOf(tail);
  }

  private synchronized Process unwant() {
    wanted = false;
    return process;
  }

  private void signal(String signal) {
    try {
      int exit = new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException("kill -" + signal + " " + pid() + " ended with " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while signalling " + name, e);
    }
  }

  private static boolean await(Process process, Duration patience) {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
