package dev.castalia.scoring.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.schemas.Glob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A suite of training runs. Pythia's is part of Castalia; another one is a file in the same form.
 *
 * @param suite its name, which its models' names begin with
 * @param language BCP 47 tag of the training data
 * @param tokensPerStep training tokens a step
 * @param sizes in ascending order
 * @param runs by size, then in the file's order
 */
public record Catalog(
    String suite, String language, long tokensPerStep, List<String> sizes, List<CatalogRun> runs) {

  private static final Pattern SELECTION =
      Pattern.compile("(?<from>\\*|[0-9.]+[a-z]?)(?:\\.\\.(?<to>[0-9.]+[a-z]?))?(?<suffix>-\\S+)?");
  private static final Pattern STEPS =
      Pattern.compile("(\\d{1,12})(?:\\.\\.(\\d{1,12})/(\\d{1,12}))?");
  private static final int MOST_STEPS = 100_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A suite's file cannot be read, or has no such runs. The message says which, and the remedy. */
  public static final class CatalogException extends RuntimeException {
    CatalogException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Whether this names runs of a suite: {@code SUITE:SIZES}, where a suite is Pythia's name or a
   * file that ends in .json.
   */
  public static boolean isSelection(String text) {
    int colon = text.lastIndexOf(':');
    return colon > 0 && SELECTION.matcher(text.substring(colon + 1)).matches();
  }

  /**
   * A suite by its name, or by the path of its file.
   *
   * @throws CatalogException if there is none, or the file is not one
   */
  public static Catalog of(String suite) {
    try {
      return read(suite);
    } catch (JsonProcessingException e) {
      throw new CatalogException(suite + ": not a suite's file: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CatalogException(suite + ": cannot be read (" + e + ")", e);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new CatalogException(
          suite + ": not a suite's file: " + e.getMessage() + "; see Pythia's for its form", e);
    }
  }

  private static Catalog read(String suite) throws IOException {
    if (suite.endsWith(".json")) {
      return JSON.readValue(Files.readAllBytes(Path.of(suite)), File.class).catalog();
    }
    try (InputStream in =
        suite.matches("[a-z0-9-]+")
            ? Catalog.class.getResourceAsStream("/catalog/" + suite + ".json")
            : null) {
      if (in == null) {
        throw new CatalogException(
            "no suite is called '" + suite + "': write pythia, or the path of a suite's .json",
            null);
      }
      return JSON.readValue(in, File.class).catalog();
    }
  }

  /**
   * The runs that a selection names.
   *
   * @param selection {@code SUITE:FROM..TO-SUFFIX}, {@code SUITE:SIZE}, {@code SUITE:*}; without a
   *     suffix the plain runs; a suffix may hold {@code *}
   * @throws CatalogException if it names none
   */
  public static Selected select(String selection) {
    int colon = selection.lastIndexOf(':');
    Catalog catalog = of(selection.substring(0, Math.max(0, colon)));
    return new Selected(catalog, catalog.runs(selection, selection.substring(colon + 1)));
  }

  /** Runs of a suite. */
  public record Selected(Catalog catalog, List<CatalogRun> runs) {}

  private List<CatalogRun> runs(String selection, String sizes) {
    Matcher matcher = SELECTION.matcher(sizes);
    if (!matcher.matches()) {
      throw new CatalogException(
          "'%s': write %s:SIZE, %s:SIZE..SIZE or %s:*, with a suffix such as -deduped behind"
              .formatted(selection, suite, suite, suite),
          null);
    }
    boolean all = matcher.group("from").equals("*");
    int from = all ? 0 : index(selection, matcher.group("from"));
    int to =
        all
            ? this.sizes.size() - 1
            : matcher.group("to") == null ? from : index(selection, matcher.group("to"));
    String suffix = Objects.requireNonNullElse(matcher.group("suffix"), "");
    Glob wanted = Glob.of(suffix);
    List<CatalogRun> found =
        runs.stream()
            .filter(run -> wanted.matches(suffixOf(run)))
            .filter(run -> between(this.sizes.indexOf(run.size()), from, to))
            .toList();
    if (found.isEmpty()) {
      throw new CatalogException(
          "'%s' names no run of %s; its sizes are %s, its suffixes %s"
              .formatted(selection, suite, String.join(", ", this.sizes), suffixes()),
          null);
    }
    return found;
  }

  private static boolean between(int index, int from, int to) {
    return index >= from && index <= to;
  }

  private int index(String selection, String size) {
    int index = sizes.indexOf(size);
    if (index < 0) {
      throw new CatalogException(
          "'%s': %s has no size '%s', only %s"
              .formatted(selection, suite, size, String.join(", ", sizes)),
          null);
    }
    return index;
  }

  private String suffixOf(CatalogRun run) {
    return run.model().substring((suite + "-" + run.size()).length());
  }

  private String suffixes() {
    return runs.stream()
        .map(this::suffixOf)
        .filter(it -> !it.isEmpty())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  public Optional<CatalogRun> run(String model) {
    return runs.stream().filter(it -> it.model().equals(model)).findFirst();
  }

  /** A suite's file. */
  private record File(
      String suite,
      String repositories,
      String language,
      long tokensPerStep,
      Integer context,
      List<Size> sizes,
      List<Runs> runs) {

    record Size(
        String size,
        int layers,
        int hidden,
        int heads,
        int intermediate,
        int vocabulary,
        Double learningRate,
        Long parameters,
        Long nonEmbeddingParameters) {

      CatalogRun.Shape shape() {
        CatalogRun.Shape shape =
            new CatalogRun.Shape(layers, hidden, heads, intermediate, vocabulary);
        require(
            parameters == null || parameters == shape.parameters(),
            "size %s has %s parameters, but its shape %d",
            size,
            parameters,
            shape.parameters());
        require(
            nonEmbeddingParameters == null
                || nonEmbeddingParameters == shape.nonEmbeddingParameters(),
            "size %s has %s parameters without embeddings, but its shape %d",
            size,
            nonEmbeddingParameters,
            shape.nonEmbeddingParameters());
        return shape;
      }
    }

    /** Runs of several sizes, and of several seeds where {@code seeds} is given. */
    record Runs(
        String suffix,
        String from,
        String to,
        String variant,
        Long seed,
        List<Long> seeds,
        String steps) {}

    Catalog catalog() {
      require(suite != null && sizes != null && runs != null, "suite, sizes or runs is missing");
      require(tokensPerStep > 0, "tokensPerStep is %d", tokensPerStep);
      List<String> names = sizes.stream().map(Size::size).toList();
      List<CatalogRun> all = new ArrayList<>();
      for (Size size : sizes) {
        for (Runs some : runs) {
          if (between(
              names.indexOf(size.size),
              some.from == null ? 0 : names.indexOf(some.from),
              some.to == null ? names.size() : names.indexOf(some.to))) {
            for (Long seed : some.seeds == null ? Arrays.asList(some.seed) : some.seeds) {
              all.add(run(size, some, seed));
            }
          }
        }
      }
      return new Catalog(suite, language == null ? "en" : language, tokensPerStep, names, all);
    }

    private CatalogRun run(Size size, Runs some, Long seed) {
      String suffix = some.suffix == null ? "" : some.suffix.replace("{seed}", "" + seed);
      String model = suite + "-" + size.size + suffix;
      return new CatalogRun(
          model,
          repositories == null ? model : repositories + "/" + model,
          size.size,
          size.shape(),
          some.variant == null ? "standard" : some.variant,
          seed,
          size.learningRate,
          steps(some.steps));
    }
  }

  /** Numbers and {@code FROM..TO/BY}, separated by commas. */
  private static List<Long> steps(String text) {
    TreeSet<Long> steps = new TreeSet<>();
    for (String part : Objects.requireNonNull(text, "steps is missing").split(",")) {
      Matcher matcher = STEPS.matcher(part.strip());
      require(matcher.matches(), "steps has '%s', wanted a number or FROM..TO/BY", part);
      long from = Long.parseLong(matcher.group(1));
      long to = matcher.group(2) == null ? from : Long.parseLong(matcher.group(2));
      long by = matcher.group(3) == null ? 1 : Long.parseLong(matcher.group(3));
      require(by > 0 && (to - from) / by < MOST_STEPS, "steps has '%s', too many", part);
      for (long step = from; step <= to; step += by) {
        steps.add(step);
      }
    }
    return List.copyOf(steps);
  }

  private static void require(boolean right, String otherwise, Object... values) {
    if (!right) {
      throw new IllegalArgumentException(otherwise.formatted(values));
    }
  }
}
