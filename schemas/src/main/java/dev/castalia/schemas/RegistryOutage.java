package dev.castalia.schemas;

import com.microsoft.kiota.ApiException;
import io.vertx.core.VertxException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeoutException;

/**
 * Tells what cannot be read while the registry is away from what can never be read: the first is to
 * be tried again, the second put aside.
 */
public final class RegistryOutage {

  private RegistryOutage() {}

  /**
   * Whether a serde failed because the registry did not answer. Avro, too, throws an {@link
   * java.io.IOException} for bytes that mean nothing, so the network's are named one by one. A
   * connection that is closed before the answer is none of these to the registry's client, but
   * Vert.x's own.
   */
  public static boolean isBehind(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketException
          || cause instanceof UnknownHostException
          || cause instanceof InterruptedIOException
          || cause instanceof ClosedChannelException
          || cause instanceof HttpTimeoutException
          || cause instanceof TimeoutException
          || cause instanceof VertxException
          || cause instanceof ApiException answer && answer.getResponseStatusCode() >= 500) {
        return true;
      }
    }
    return false;
  }
}
