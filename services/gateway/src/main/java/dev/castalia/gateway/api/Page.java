package dev.castalia.gateway.api;

import dev.castalia.gateway.problem.ProblemException;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** Which part of a list is wanted. */
public class Page {

  /** What the parameter after means, where a list has it. */
  public static final String AFTER =
      "Only what lies behind the one of this key. With the last of a page it gives the next,"
          + " without gap or repetition whatever came or went before it.";

  private static final int MOST = 1000;

  @Parameter(description = "Page, from 1.", example = "1")
  @QueryParam("page")
  @DefaultValue("1")
  String page;

  @Parameter(description = "Items a page, 1 to 1000.", example = "100")
  @QueryParam("pageSize")
  @DefaultValue("100")
  String pageSize;

  /** Number of the page, from 1. */
  public int number() {
    return (int) Parameters.number("page", page, 1, Integer.MAX_VALUE / MOST);
  }

  public int size() {
    return (int) Parameters.number("pageSize", pageSize, 1, MOST);
  }

  /** The wanted part of a list; empty behind its end. */
  public <T> List<T> of(List<T> all) {
    int from = from(all.size());
    return all.subList(from, Math.min(all.size(), from + size()));
  }

  /** The places of the wanted part in a list of that size. */
  public IntStream places(int total) {
    int from = from(total);
    return IntStream.range(from, Math.min(total, from + size()));
  }

  private int from(int total) {
    return Math.min(total, (number() - 1) * size());
  }

  /**
   * @throws ProblemException if page or size mean nothing
   */
  public void check() {
    number();
    size();
  }
}
