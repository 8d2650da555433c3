package dev.castalia.scorer;

import dev.castalia.scoring.model.Model;
import dev.castalia.scoring.source.HeldFolder;
import dev.castalia.scoring.tokens.Tokenizer;
import java.util.concurrent.Semaphore;

/**
 * A checkpoint in memory, ready to be scored once there is a slot. For the thread that opened it.
 */
final class Opened implements AutoCloseable {

  private final Model model;
  private final Tokenizer tokenizer;
  private final String fingerprint;
  private final Residents.Stay stay;
  private final HeldFolder folder;
  private Semaphore slots;

  Opened(
      Model model,
      Tokenizer tokenizer,
      String fingerprint,
      Residents.Stay stay,
      HeldFolder folder) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.fingerprint = fingerprint;
    this.stay = stay;
    this.folder = folder;
  }

  Model model() {
    return model;
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  String fingerprint() {
    return fingerprint;
  }

  /** Whether memory that did not suffice for it may do with fewer other models there. */
  boolean ranOutOfMemory() {
    return stay.ranOutOfMemory();
  }

  /**
   * Waits for a slot, unless it has one, and has it until closed: the next one finds the memory
   * free.
   */
  void takeSlot(Semaphore free) throws InterruptedException {
    if (slots == null) {
      free.acquire();
      slots = free;
    }
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
      folder.close();
    }
  }
}
