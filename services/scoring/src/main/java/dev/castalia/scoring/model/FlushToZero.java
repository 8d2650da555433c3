package dev.castalia.scoring.model;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Lets the calling thread take denormal numbers for zero until closed.
 *
 * <p>The runtime's exponential turns a masked attention score into 4e−39 rather than 0, and on x86
 * every operation on such a number costs a hundred cycles: half the time of a small model's run.
 * The runtime's own option for it reaches only its own threads and the one that opened the
 * process's first session. So the floating-point environment of glibc is used; it is put back since
 * the rest of Java relies on it. Elsewhere this does nothing: ARM has no such cost.
 */
final class FlushToZero implements AutoCloseable {

  /** {@code fenv_t} of x86-64: 28 bytes of the x87 unit's, then MXCSR. */
  private static final long ENVIRONMENT_BYTES = 32;

  private static final long MXCSR_OFFSET = 28;
  private static final int FLUSH_TO_ZERO = 1 << 15;
  private static final int DENORMALS_ARE_ZERO = 1 << 6;

  private static final boolean SUPPORTED =
      System.getProperty("os.name").equals("Linux")
          && System.getProperty("os.arch").equals("amd64")
          && find("gnu_get_libc_version")
          && find("fegetenv")
          && find("fesetenv");

  private static final MethodHandle GET = SUPPORTED ? function("fegetenv") : null;
  private static final MethodHandle SET = SUPPORTED ? function("fesetenv") : null;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment before = arena.allocate(ENVIRONMENT_BYTES, Long.BYTES);

  FlushToZero() {
    if (SUPPORTED) {
      call(GET, before);
      MemorySegment flushing = arena.allocate(ENVIRONMENT_BYTES, Long.BYTES).copyFrom(before);
      int mxcsr = flushing.get(ValueLayout.JAVA_INT, MXCSR_OFFSET);
      flushing.set(ValueLayout.JAVA_INT, MXCSR_OFFSET, mxcsr | FLUSH_TO_ZERO | DENORMALS_ARE_ZERO);
      call(SET, flushing);
    }
  }

  @Override
  public void close() {
    if (SUPPORTED) {
      call(SET, before);
    }
    arena.close();
  }

  private static void call(MethodHandle function, MemorySegment environment) {
    try {
      int failed = (int) function.invokeExact(environment);
      if (failed != 0) {
        throw new IllegalStateException("the floating-point environment cannot be changed");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("the floating-point environment cannot be changed", e);
    }
  }

  private static boolean find(String name) {
    return Linker.nativeLinker().defaultLookup().find(name).isPresent();
  }

  private static MethodHandle function(String name) {
    return Linker.nativeLinker()
        .downcallHandle(
            Linker.nativeLinker().defaultLookup().find(name).orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
  }
}
