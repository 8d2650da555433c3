package dev.castalia.topology.ledger;

import java.util.regex.Pattern;

/**
 * Scorers that take models up to one size, on machines of one kind.
 *
 * @param name as in requests and metrics; empty for the one pool of a mesh that has no others
 * @param flops operations a second that one of them is thought to do
 * @param mostParameters of the largest model that they take; infinite for any
 */
public record Pool(String name, double flops, double mostParameters) {

  private static final Pattern NAME = Pattern.compile("([a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?)?");

  public Pool {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is no name of a pool: use up to 32 of a-z, 0-9 and -".formatted(name));
    }
    requirePositive("operations a second", name, flops);
    requirePositive("parameters", name, mostParameters);
  }

  private static void requirePositive(String what, String name, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(
          "pool \"%s\" has %s %s: give a positive number".formatted(name, value, what));
    }
  }
}
