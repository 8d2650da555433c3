package dev.castalia.cli.harness;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.scoring.catalog.Catalog;
import dev.castalia.scoring.catalog.CatalogRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A training run, told from one of the many names it goes by.
 *
 * @param model the one name of the run here
 * @param parameters in all; null when unknown
 * @param nonEmbeddingParameters null when unknown
 * @param variant what the training data were
 * @param seed null when unknown
 * @param suite null when unknown
 * @param tokensPerStep 0 when unknown
 * @param lastStep of the run, which an unnamed revision is of; null when unknown
 */
record RunName(
    String model,
    Long parameters,
    Long nonEmbeddingParameters,
    String variant,
    Long seed,
    String suite,
    long tokensPerStep,
    Long lastStep) {

  private static final Catalog PYTHIA = Catalog.of("pythia");

  /** Before they were named by all their parameters, Pythia models were named by some of them. */
  private static final Map<String, String> OLD_SIZES =
      Map.of(
          "19m", "70m", "125m", "160m", "350m", "410m", "800m", "1b", "1.3b", "1.4b", "2.7b",
          "2.8b", "6.7b", "6.9b", "13b", "12b");

  private static final Pattern PYTHIA_SIZE =
      Pattern.compile(
          "(?:^|[-/])(14m|19m|31m|70m|125m|160m|350m|410m|800m|1b|1\\.3b|1\\.4b|2\\.7b|2\\.8b|6\\.7b"
              + "|6\\.9b|12b|13b)(?=$|[-/.])");
  private static final Pattern SEED = Pattern.compile("((?:data-|weight-)?seed)-?(\\d{1,9})");
  private static final Pattern DEDUPED = Pattern.compile("dedup(ed)?(?=$|[-/.])");

  /** As in opt-125m, bloom-7b1, Llama-3.2-1B. */
  private static final Pattern SIZE_IN_NAME =
      Pattern.compile("(?i)(?:^|[-_/])(\\d{1,4}(?:\\.\\d+)?)([kmb])(\\d?)(?=$|[-_/.])");

  /** A run whose last checkpoint is all that is published. */
  private record Published(
      String model, String suite, long parameters, long lastStep, long tokensPerStep) {}

  private static final List<Published> PUBLISHED = published();

  private static List<Published> published() {
    try (InputStream in = RunName.class.getResourceAsStream("runs.json")) {
      return List.of(new ObjectMapper().readValue(in, Published[].class));
    } catch (IOException e) {
      throw new UncheckedIOException("runs.json of this package cannot be read", e);
    }
  }

  /**
   * The run of what was loaded.
   *
   * @param pretrained a name on a hub, or a path
   */
  static RunName ofPretrained(String pretrained) {
    if (pretrained.toLowerCase(Locale.ROOT).contains("pythia")) {
      Optional<RunName> pythia = ofPythia(pretrained, "");
      if (pythia.isPresent()) {
        return pythia.get();
      }
    }
    for (Published run : PUBLISHED) {
      if (pretrained.equalsIgnoreCase(run.model())
          || run.model()
              .toLowerCase(Locale.ROOT)
              .endsWith("/" + pretrained.toLowerCase(Locale.ROOT))) {
        return new RunName(
            run.model(),
            run.parameters(),
            null,
            "standard",
            null,
            run.suite(),
            run.tokensPerStep(),
            run.lastStep());
      }
    }
    String model = withoutFolders(pretrained).replaceAll("[|@\\s\\p{Cntrl}]+", "_");
    return new RunName(model, sizeInName(model), null, "standard", null, null, 0, null);
  }

  /** Of a path the last folder that is not a step's; of a name on a hub the whole. */
  private static String withoutFolders(String pretrained) {
    boolean path = pretrained.startsWith("/") || pretrained.startsWith(".");
    if (!path) {
      return pretrained;
    }
    String model = pretrained;
    for (String segment : pretrained.split("/")) {
      if (!segment.isBlank() && Steps.in(segment).isEmpty()) {
        model = segment;
      }
    }
    return model;
  }

  private static Long sizeInName(String name) {
    Matcher size = SIZE_IN_NAME.matcher(name);
    if (!size.find()) {
      return null;
    }
    double unit =
        switch (size.group(2).toLowerCase(Locale.ROOT)) {
          case "k" -> 1e3;
          case "m" -> 1e6;
          default -> 1e9;
        };
    // bloom-7b1 has 7.1 billion.
    double number =
        Double.parseDouble(size.group(1) + (size.group(3).isEmpty() ? "" : "." + size.group(3)));
    return Math.max(1, Math.round(number * unit));
  }

  /**
   * The Pythia run that a name speaks of.
   *
   * @param text the name, such as {@code EleutherAI/pythia-v1.1-1b-bf16} or {@code
   *     intervention-19m-deduped-step134000}
   * @param around what else may say that it is an early release or an intervention: folders' names
   */
  static Optional<RunName> ofPythia(String text, String around) {
    String name = text.toLowerCase(Locale.ROOT).replace('_', '-');
    String context = (around + "/" + name).toLowerCase(Locale.ROOT).replace('_', '-');
    Matcher found = PYTHIA_SIZE.matcher(name);
    if (!found.find()) {
      return Optional.empty();
    }
    String size = OLD_SIZES.getOrDefault(found.group(1), found.group(1));
    CatalogRun plain = PYTHIA.run("pythia-" + size).orElseThrow();
    CatalogRun.Shape shape = plain.shape();
    boolean deduped = DEDUPED.matcher(name).find();
    boolean intervention = context.contains("interven");
    boolean longer = intervention && context.contains("long");
    boolean early = name.endsWith("-v0") || (context.contains("pythia-v0") && !name.contains("v1"));
    Matcher seed = SEED.matcher(name);
    boolean seeded = seed.find();
    String model =
        "pythia-"
            + (intervention ? "intervention-" : "")
            + (longer ? "long-" : "")
            + size
            + (deduped ? "-deduped" : "")
            + (seeded ? "-" + seed.group(1) + seed.group(2) : "")
            + (early ? "-v0" : "");
    String data = deduped ? "deduped" : "standard";
    return Optional.of(
        new RunName(
            model,
            shape.parameters(),
            shape.nonEmbeddingParameters(),
            intervention ? (longer ? "long-intervention" : "intervention") : data,
            seeded ? Long.valueOf(seed.group(2)) : plain.seed(),
            early ? "pythia-v0" : "pythia",
            PYTHIA.tokensPerStep(),
            plain.steps().getLast()));
  }
}
