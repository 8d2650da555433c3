package dev.castalia.scoring.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Optional;

/** The process's one environment of ONNX Runtime, to its very end, with its telemetry off. */
final class OnnxRuntime {

  private static final OrtLoggingLevel LEVEL = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
  private static final String NAME = "castalia";

  static final OrtEnvironment ENVIRONMENT = start();

  private OnnxRuntime() {}

  /**
   * ONNX Runtime 1.29 reports to its makers unless ORT_DISABLE_TELEMETRY is in the environment
   * before its library is loaded, and starting that reporter overflows a Java thread's stack of 1
   * MiB: the process dies without a word. Java cannot change its own environment, the C library
   * can. (On Windows there is no such variable and no such reporter; the call below suffices.)
   */
  private static OrtEnvironment start() {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> setenv = linker.defaultLookup().find("setenv");
    if (setenv.isPresent()) {
      setenv(linker, setenv.get(), "ORT_DISABLE_TELEMETRY", "1");
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment(LEVEL, NAME);
    hold();
    try {
      environment.setTelemetry(false);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime's telemetry cannot be turned off", e);
    }
    return environment;
  }

  /**
   * Takes a reference to the environment that nobody gives back. As soon as the process is told to
   * end, ONNX Runtime's Java binding gives its own back (its issue 31352), and with the last one
   * the environment is gone from under those who finish what they have in hand: they fail, or the
   * process dies. There is no way but the binding's private one to take a second.
   */
  private static void hold() {
    try {
      Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
      Method create =
          OrtEnvironment.class.getDeclaredMethod(
              "createHandle", long.class, int.class, String.class);
      api.setAccessible(true);
      create.setAccessible(true);
      create.invoke(null, api.getLong(null), LEVEL.getValue(), NAME);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("ONNX Runtime's environment cannot be held", e);
    }
  }

  private static void setenv(Linker linker, MemorySegment function, String name, String value) {
    FunctionDescriptor signature =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    try (Arena arena = Arena.ofConfined()) {
      int overwrite = 1;
      int failed =
          (int)
              linker
                  .downcallHandle(function, signature)
                  .invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), overwrite);
      if (failed != 0) {
        throw new IllegalStateException("setenv " + name + " failed");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("setenv " + name + " failed", e);
    }
  }
}
