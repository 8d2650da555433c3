package dev.castalia.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Small processes to supervise, and what became of them. */
final class Processes {

  private Processes() {}

  /** A part that runs a class of the tests, under {@link Child}. */
  static Part part(Path folder, Class<?> main, BooleanSupplier ready, String... arguments) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                main.getName()));
    options.addAll(List.of(arguments));
    return new Part(
        main.getSimpleName(), options, folder.resolve("part.log"), folder.resolve("tmp"), ready);
  }

  static boolean runs(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  /** Prints a line and waits for ever. */
  static final class Waits {
    public static void main(String[] args) throws InterruptedException {
      System.out.println("waiting");
      Thread.currentThread().join();
    }
  }

  /** Leaves a temporary file behind and waits for ever. */
  static final class Litters {
    public static void main(String[] args) throws IOException, InterruptedException {
      Files.createTempFile("library", ".so");
      System.out.println("waiting");
      Thread.currentThread().join();
    }
  }

  /** Prints a line and fails. */
  static final class Fails {
    public static void main(String[] args) {
      System.out.println("no luck today");
      System.exit(3);
    }
  }

  /** Ends by an exception that has a cause, each of many frames. */
  static final class Throws {
    public static void main(String[] args) {
      try {
        deeply(0);
      } catch (IllegalArgumentException e) {
        throw new IllegalStateException("cannot go on", e);
      }
    }

    private static void deeply(int depth) {
      if (depth == 50) {
        throw new IllegalArgumentException("the reason");
      }
      deeply(depth + 1);
    }
  }
}
