package dev.castalia.gateway.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.castalia.gateway.GatewayConfig;
import dev.castalia.gateway.problem.ProblemException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the requests by caller and minute that only a producer may send. Reading is not counted: a
 * page that is left open reads all the time, and would use up what its reader publishes and sweeps
 * with. Who reads too much is limited by what stands before the gateway. Nor are operators counted.
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
   * @param needed the role that the request is for
   * @throws ProblemException if there were too many already
   */
  void spend(Caller caller, Role needed) {
    if (needed == Role.READER || caller.may(Role.OPERATOR)) {
      return;
    }
    if (minutes.get(caller.name(), any -> new AtomicInteger()).incrementAndGet() > most) {
      throw ProblemException.tooMany(
          "%s has sent more than %d requests in a minute, reading aside: wait one, and send more in each."
              .formatted(caller.name(), most));
    }
  }
}
