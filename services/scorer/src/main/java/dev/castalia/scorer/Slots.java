package dev.castalia.scorer;

import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.model.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/**
 * What computes: so many checkpoints at once, each on a device. Safe for use by several threads.
 */
final class Slots {

  private static final Logger LOG = Logger.getLogger(Slots.class);

  private final List<Device> devices;
  private final Map<Device, Semaphore> free = new ConcurrentHashMap<>();

  private Slots(List<Device> devices) {
    this.devices = devices;
    for (Device device : devices) {
      free.computeIfAbsent(device, it -> new Semaphore(0, true)).release();
    }
  }

  /**
   * @param device as {@link Device#find} takes it; of a {@code cuda} without a number, or GPUs
   *     found by {@code auto}, each slot has one of its own
   * @throws EvaluationException if a device that nothing may stand in for cannot be used
   */
  static Slots on(String device, int slots) {
    Device.Found first = Device.find(device);
    if (first.fallback() != null) {
      LOG.warnf("Computing on the CPU: %s", first.fallback());
    }
    List<Device> devices = new ArrayList<>(List.of(first.device()));
    boolean oneForAll = first.device().equals(Device.CPU) || device.contains(":");
    while (devices.size() < slots) {
      devices.add(oneForAll ? first.device() : Device.find("cuda:" + devices.size()).device());
    }
    return new Slots(List.copyOf(devices));
  }

  /** Each once. */
  List<Device> devices() {
    return devices.stream().distinct().toList();
  }

  /** Where what the so manyth lane brings is computed. */
  Device ofLane(int lane) {
    return devices.get(lane % devices.size());
  }

  /** The permits to compute on a device. */
  Semaphore on(Device device) {
    return free.get(device);
  }

  int busy() {
    return devices.size() - free.values().stream().mapToInt(Semaphore::availablePermits).sum();
  }
}
