package dev.castalia.cli.cluster;

import dev.castalia.cli.Folders;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * One part of a cluster: an operating-system process that can be ended and started again. Any
 * thread may call any of its methods.
 */
public final class Part {

  private static final Duration STOP = Duration.ofSeconds(25);
  private static final int TAIL_BYTES = 64 * 1024;

  /** A line of a stack trace that is none of its messages. */
  private static final Pattern FRAME = Pattern.compile("\\s+(at .+|\\.\\.\\. \\d+ more)");

  private final String name;
  private final List<String> javaOptions;
  private final Path log;
  private final Path temporary;
  private final BooleanSupplier ready;
  private Process process;
  private long logStart;
  private boolean wanted;
  private boolean paused;
  private boolean givenUp;

  /**
   * @param javaOptions what follows {@code java}: options, class path, main class, arguments
   * @param temporary the folder for its temporary files: emptied with each start, since the
   *     libraries that unpack their native code there clear it away only at an orderly end
   * @param ready whether the running process does its work yet
   */
  Part(String name, List<String> javaOptions, Path log, Path temporary, BooleanSupplier ready) {
    this.name = name;
    this.javaOptions = List.copyOf(javaOptions);
    this.log = log;
    this.temporary = temporary;
    this.ready = ready;
  }

  public String name() {
    return name;
  }

  /**
   * Starts the process, and returns at once.
   *
   * @throws IllegalStateException if it runs already: two of it would share one log and one port
   */
  public synchronized void start() {
    if (isAlive()) {
      throw new IllegalStateException("The " + name + " runs already, as process " + pid());
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(javaOptions);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // Quarkus would answer an interrupt from the terminal by itself.
    builder.environment().put("DISABLE_SIGNAL_HANDLERS", "true");
    try {
      if (Files.exists(temporary)) {
        Folders.delete(temporary);
      }
      Files.createDirectories(temporary);
      logStart = log.toFile().length();
      process = builder.start();
      wanted = true;
      paused = false;
      givenUp = false;
    } catch (IOException e) {
      throw new UncheckedIOException("Could not start " + name, e);
    }
  }

  /** Ends the process as an operator would, waits until it is gone, and starts it again. */
  public void restart() {
    stop();
    start();
  }

  /** Ends the process as an operator would, and waits until it is gone. It stays ended. */
  public void stop() {
    end(false);
  }

  /** Ends the process without warning, as a crash would; the cluster starts it again. */
  public void kill() {
    Process running;
    synchronized (this) {
      running = process;
    }
    running.destroyForcibly();
    await(running);
  }

  /** Ends the process without warning. It stays ended until {@link #start}. */
  public void killForGood() {
    end(true);
  }

  private void end(boolean withoutWarning) {
    Process running;
    synchronized (this) {
      wanted = false;
      if (process == null) {
        return;
      }
      running = process;
      if (withoutWarning) {
        running.destroyForcibly();
      } else {
        if (paused && running.isAlive()) {
          // What is stopped would not hear of its end.
          resume();
        }
        // Not the process's own: that closes its input, too, and is the end of its parent to it.
        running.toHandle().destroy();
      }
    }
    if (!await(running)) {
      running.destroyForcibly();
      await(running);
    }
  }

  /** Stops the process' clock until {@link #resume}. */
  public synchronized void pause() {
    signal("STOP");
    paused = true;
  }

  public synchronized void resume() {
    signal("CONT");
    paused = false;
  }

  public synchronized long pid() {
    return process.pid();
  }

  public synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Whether it does its work. */
  public boolean isReady() {
    return isAlive() && ready.getAsBoolean();
  }

  /** Whether it died so often that the cluster no longer starts it again. */
  synchronized boolean isGivenUp() {
    return givenUp;
  }

  /** How it ended, for people, if it ended though nobody asked it to. */
  synchronized Optional<String> death() {
    if (!wanted || process.isAlive()) {
      return Optional.empty();
    }
    int status = process.exitValue();
    return Optional.of(status > 128 ? "signal " + (status - 128) : "exit status " + status);
  }

  /** Starts it again, unless somebody has stopped or started it meanwhile. */
  synchronized void revive() {
    if (death().isPresent()) {
      start();
    }
  }

  /** Leaves it dead, unless somebody has started it meanwhile. */
  synchronized void giveUp() {
    if (death().isPresent()) {
      wanted = false;
      givenUp = true;
    }
  }

  Path log() {
    return log;
  }

  /**
   * The last lines that it printed since it was last started. Of stack traces those that say what
   * happened: with the frames, the rest would not be seen.
   */
  public List<String> logTail(int lines) {
    long start;
    synchronized (this) {
      start = logStart;
    }
    byte[] end;
    boolean cut;
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(start, file.length() - TAIL_BYTES);
      cut = from > start;
      end = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(end);
    } catch (IOException e) {
      return List.of("(its log " + log + " cannot be read: " + e.getMessage() + ")");
    }
    List<String> tail =
        new String(end, StandardCharsets.UTF_8)
            .lines()
            .skip(cut ? 1 : 0)
            .filter(line -> !FRAME.matcher(line).matches())
            .toList();
    return tail.subList(Math.max(0, tail.size() - lines), tail.size());
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

  private static boolean await(Process process) {
    try {
      return process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
