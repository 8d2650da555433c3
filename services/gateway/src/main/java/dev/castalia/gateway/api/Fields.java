package dev.castalia.gateway.api;

import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.schemas.Keys;
import java.util.List;

/** Checks the fields of a body, and says which one is wrong with what value. */
public final class Fields {

  private final String of;

  /**
   * @param of what the fields belong to, as the message names it
   */
  public Fields(String of) {
    this.of = of;
  }

  public <T> T required(String field, T value) {
    if (value == null) {
      throw invalid(field, "is missing");
    }
    return value;
  }

  public String text(String field, String value) {
    if (required(field, value).isBlank()) {
      throw invalid(field, "is empty");
    }
    return value;
  }

  /** A name that can be part of a key. */
  public String name(String field, String value) {
    try {
      return Keys.requireName(field, required(field, value));
    } catch (IllegalArgumentException e) {
      throw ProblemException.unprocessable(
          "invalid-field", "Invalid field", "In %s: %s.".formatted(of, e.getMessage()));
    }
  }

  public long atLeast(String field, Number value, long least) {
    if (required(field, value).longValue() < least) {
      throw invalid(field, "is %s, where at least %d is wanted".formatted(value, least));
    }
    return value.longValue();
  }

  public double positive(String field, Double value) {
    if (!(required(field, value) > 0) || value.isInfinite()) {
      throw invalid(field, "is %s, where a number above 0 is wanted".formatted(value));
    }
    return value;
  }

  /** Names that can be part of a key; none where none are given. */
  public List<String> names(String field, List<String> values) {
    List<String> given = values == null ? List.of() : values;
    given.forEach(value -> name(field, value));
    return given;
  }

  public <T> List<T> notEmpty(String field, List<T> value) {
    if (required(field, value).isEmpty()) {
      throw invalid(field, "is empty, where at least one is wanted");
    }
    if (value.contains(null)) {
      throw invalid(field, "holds null");
    }
    return value;
  }

  public <T> List<T> notEmpty(String field, List<T> value, int most) {
    if (notEmpty(field, value).size() > most) {
      throw invalid(
          field, "has %d items, where at most %d are wanted".formatted(value.size(), most));
    }
    return value;
  }

  public String oneOf(String field, String value, List<String> known) {
    if (!known.contains(required(field, value))) {
      throw invalid(field, "is \"%s\", where one of %s is wanted".formatted(value, known));
    }
    return value;
  }

  public ProblemException invalid(String field, String what) {
    return ProblemException.unprocessable(
        "invalid-field", "Invalid field", "In %s: %s %s.".formatted(of, field, what));
  }
}
