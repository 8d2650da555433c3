package dev.castalia.topology.ledger;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The pools of scorers. Every checkpoint is for one of them: the one for the smallest models among
 * those that take it.
 */
public final class Pools {

  private static final double ANY = Double.POSITIVE_INFINITY;

  private final List<Pool> bySize;

  private Pools(List<Pool> pools) {
    bySize = pools.stream().sorted(Comparator.comparingDouble(Pool::mostParameters)).toList();
    Set<Double> sizes = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Pool pool : bySize) {
      if (!names.add(pool.name())) {
        throw new IllegalArgumentException("there are two pools \"" + pool.name() + "\"");
      }
      if (!sizes.add(pool.mostParameters())) {
        throw new IllegalArgumentException(
            "pool \"%s\" takes models of the same size as another: give it another size, or make the two one pool"
                .formatted(pool.name()));
      }
    }
    if (!sizes.contains(ANY)) {
      throw new IllegalArgumentException(
          "no pool takes models of more than %.3g parameters: leave out the size of one"
              .formatted(bySize.isEmpty() ? 0 : bySize.getLast().mostParameters()));
    }
  }

  /** One pool without a name, for everything. */
  public static Pools one(double flops) {
    return new Pools(List.of(new Pool("", flops, ANY)));
  }

  /**
   * @param items each {@code NAME:FLOPS:PARAMETERS}, or {@code NAME:FLOPS} for the one that takes
   *     models of any size
   * @throws IllegalArgumentException naming the item that is wrong, or what is not taken by any
   */
  public static Pools parse(List<String> items) {
    List<Pool> pools = new ArrayList<>();
    for (String item : items) {
      String[] parts = item.strip().split(":", -1);
      if (parts.length < 2 || parts.length > 3) {
        throw notAPool(item);
      }
      try {
        double mostParameters = parts.length == 2 ? ANY : Double.parseDouble(parts[2]);
        pools.add(new Pool(parts[0], Double.parseDouble(parts[1]), mostParameters));
      } catch (NumberFormatException e) {
        throw notAPool(item);
      }
    }
    return new Pools(pools);
  }

  private static IllegalArgumentException notAPool(String item) {
    return new IllegalArgumentException(
        "\"%s\" is no pool: write NAME:FLOPS:PARAMETERS, such as t4:8e12:1.5e9, or NAME:FLOPS"
            .formatted(item));
  }

  /** Which pool a model of that many parameters is for. */
  Pool of(long parameters) {
    return bySize.stream()
        .filter(it -> parameters <= it.mostParameters())
        .findFirst()
        .orElseThrow();
  }

  /** Those for the smallest models first. */
  public List<Pool> all() {
    return bySize;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Pools pools && bySize.equals(pools.bySize);
  }

  @Override
  public int hashCode() {
    return bySize.hashCode();
  }
}
