package dev.castalia.cli.page;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A mesh that is to be measured at rest has its own boards and findings to make first. */
final class Idleness {

  private static final double IDLE = 0.15;

  private Idleness() {}

  /** Returns when the whole machine has little to do. */
  static void await() {
    OperatingSystemMXBean machine =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    machine.getCpuLoad();
    Awaitility.await("the machine is idle")
        .atMost(Duration.ofMinutes(3))
        .pollDelay(Duration.ofSeconds(2))
        .pollInterval(Duration.ofSeconds(2))
        .until(() -> machine.getCpuLoad() < IDLE);
  }
}
