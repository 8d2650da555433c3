package dev.castalia.cli.cluster;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import sun.misc.Signal;

/**
 * Runs another main class, and ends with its parent: a parent that dies, however suddenly, closes
 * the pipe that is this process' standard input. An interrupt from the terminal, which reaches the
 * whole process group, is left to the parent to answer, so that the parts stop in their order.
 */
public final class Child {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Child() {}

  /**
   * @param args the main class and its arguments
   */
  public static void main(String[] args) throws Throwable {
    // As its parent's: in one with digits of its own the broker would not understand its ports.
    Locale.setDefault(Locale.ROOT);
    Signal.handle(new Signal("INT"), signal -> {});
    Thread.ofPlatform().daemon().name("parent-watch").start(Child::endWithParent);
    Class<?> main = Class.forName(args[0]);
    try {
      main.getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is ever written; only the end matters.
      }
    } catch (IOException e) {
      // A broken pipe is an end as well.
    }
    Thread.ofPlatform().daemon().start(Child::haltAfterPatience);
    // As an operator would: who has something to end before its JVM does listens for that.
    Signal.raise(new Signal("TERM"));
  }

  private static void haltAfterPatience() {
    try {
      Thread.sleep(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(1);
  }
}
