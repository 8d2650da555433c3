package dev.castalia.gateway.access;

import java.util.Optional;

/**
 * Who asks.
 *
 * @param name of the key, or of the token's principal; {@value #ANONYMOUS} where there is neither
 * @param role none where the caller is known but may do nothing
 */
public record Caller(String name, Optional<Role> role) {

  public static final String ANONYMOUS = "anonymous";

  public boolean may(Role least) {
    return role.filter(own -> own.includes(least)).isPresent();
  }

  public boolean isAnonymous() {
    return name.equals(ANONYMOUS);
  }

  /**
   * Who is said to have asked. Operators may ask in another's name.
   *
   * @param claimed whom the request names; null where it names nobody
   */
  public String actingFor(String claimed) {
    return claimed != null && may(Role.OPERATOR) ? claimed : name;
  }
}
