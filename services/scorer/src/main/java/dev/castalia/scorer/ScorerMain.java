package dev.castalia.scorer;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;
import sun.misc.Signal;

/**
 * The scorer's process. Told to stop, it drains first and lets the JVM shut down afterwards: ONNX
 * Runtime closes itself in a shutdown hook, and while hooks run nothing can be opened or scored any
 * more.
 */
@QuarkusMain
public class ScorerMain {

  private ScorerMain() {}

  public static void main(String... arguments) {
    for (String signal : List.of("TERM", "INT")) {
      Signal.handle(new Signal(signal), received -> Quarkus.asyncExit());
    }
    Quarkus.run(arguments);
  }
}
