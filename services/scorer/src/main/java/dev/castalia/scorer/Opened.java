package dev.castalia.scorer;

import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.tokens.Tokenizer;
import java.util.concurrent.Semaphore;

/**
 * A checkpoint in memory, ready to be scored once there is a slot. For the thread that opened it.
 */
final class Opened implements AutoCloseable {

  private final Model model;
  private final long bytes;
  private final Tokenizer tokenizer;
  private final String fingerprint;
  private final Residents.Stay stay;
  private Semaphore slots;

  /**
   * @param bytes of its weights
   */
  Opened(Model model, long bytes, Tokenizer tokenizer, String fingerprint, Residents.Stay stay) {
    this.model = model;
    this.bytes = bytes;
    this.tokenizer = tokenizer;
    this.fingerprint = fingerprint;
    this.stay = stay;
  }

  Model model() {
    return model;
  }

  long bytes() {
    return bytes;
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  String fingerprint() {
    return fingerprint;
  }

  /** Whether no other model of this process is in its device's memory. */
  boolean isAlone() {
    return stay.isAlone();
  }

  /** Waits for a slot, and has it until closed: the next one finds the memory free. */
  void takeSlot(Semaphore free) throws InterruptedException {
    free.acquire();
    slots = free;
  }

  @Override
  public void close() {
    try {
      model.close();
    } finally {
      if (slots != null) {
        slots.release();
      }
      stay.close();
    }
  }
}
