package dev.castalia.scoring.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** The process's one environment of ONNX Runtime, with its telemetry off. */
final class OnnxRuntime {

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
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "castalia");
    try {
      environment.setTelemetry(false);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime's telemetry cannot be turned off", e);
    }
    return environment;
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
