package dev.castalia.cli;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long a test that says nothing of it waits for the mesh: so long that a busy machine is no
 * failure. Registered for every test of the module.
 */
public final class Patience implements BeforeAllCallback {

  private static final Duration LONGEST = Duration.ofMinutes(2);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(LONGEST);
  }
}
