package dev.castalia.gateway.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.castalia.gateway.GatewayConfig;
import dev.castalia.gateway.problem.ProblemException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts requests by caller and minute. Operators are not counted, nor are anonymous readers, of
 * whom nobody can tell one from another: what stands before the gateway limits them by address.
 */
@Singleton
public class RequestQuota {

  private static final int MOST_CALLERS = 10_000;

  private final int most;
  private final Cache<String, AtomicInteger> minutes =
      Caffeine.newBuilder()
          .expireAfterWrite(Duration.ofMinutes(1))
          .maximumSize(MOST_CALLERS)
          .build();

  RequestQuota(GatewayConfig config) {
    this.most = config.gateway().access().quota().requests();
  }

  /**
   * Counts one request.
   *
   * @throws ProblemException if there were too many already
   */
  void spend(Caller caller) {
    if (caller.may(Role.OPERATOR) || caller.isAnonymous() && !caller.may(Role.PRODUCER)) {
      return;
    }
    if (minutes.get(caller.name(), any -> new AtomicInteger()).incrementAndGet() > most) {
      throw ProblemException.tooMany(
          "%s has sent more than %d requests in a minute: wait one, and send more in each."
              .formatted(caller.name(), most));
    }
  }
}
