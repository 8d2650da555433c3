package dev.castalia.cli.harness;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.schemas.Keys;
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
import java.util.stream.Stream;

/**
 * A training run, told from one of the many names it goes by.
 *
 * @param model the one name of the run here
 * @param parameters in all, as published; null when unknown
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

  private static final String PYTHIA_SIZE =
      "14m|19m|31m|70m|125m|160m|350m|410m|800m|1b|1\\.3b|1\\.4b|2\\.7b|2\\.8b|6\\.7b|6\\.9b|12b|13b";

  /** What else names of Pythia's own runs hold. Any other word makes it the name of another run. */
  private static final String PYTHIA_WORD =
      "pythia|v[01](?:\\.[01])?|bf16|long|interven[a-z]*|dedup(?:ed)?"
          + "|(?:data-|weight-)?seed-?\\d{1,9}|(?:global-)?step-?\\d{1,12}";

  private static final Pattern PYTHIA_NAME =
      Pattern.compile(
          "(?:(?:%1$s)-)*(?<size>%2$s)(?:-(?:%1$s))*".formatted(PYTHIA_WORD, PYTHIA_SIZE));

  /** In names of files, other words go before; shots, dates and the like may follow. */
  private static final Pattern PYTHIA_MENTIONED =
      Pattern.compile(
          "(?:.*[-/])?(?<size>%2$s)(?:[-.]+(?:%1$s|evals?|results?|\\d[\\dt]*(?:-?shot)?|[a-z]+-shot|yml))*"
              .formatted(PYTHIA_WORD, PYTHIA_SIZE));

  private static final Pattern SEED = Pattern.compile("((?:data-|weight-)?seed)-?(\\d{1,9})");
  private static final Pattern DEDUPED = Pattern.compile("dedup(ed)?(?=$|[-/.])");

  /** As in opt-125m, bloom-7b1, Llama-3.2-1B. */
  private static final Pattern SIZE_IN_NAME =
      Pattern.compile("(?i)(?:^|[-_/])(\\d{1,4}(?:\\.\\d+)?)([kmb])(\\d?)(?=$|[-_/.])");

  /** Where the hub's own library keeps a repository's files. */
  private static final Pattern HUB_CACHE =
      Pattern.compile("(?:.*/)?models--([^/]+)/snapshots/[^/]+/*");

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
   * @return empty where it is the folder of a step, and does not say of which run
   */
  static Optional<RunName> ofPretrained(String pretrained) {
    String model = withoutFolders(pretrained);
    String name = canonical(model.substring(model.lastIndexOf('/') + 1));
    Matcher pythia = PYTHIA_NAME.matcher(name);
    if (name.contains("pythia") && pythia.matches()) {
      return Optional.of(pythia(pythia.group("size"), name, canonical(pretrained)));
    }
    for (Published run : PUBLISHED) {
      if (pretrained.equalsIgnoreCase(run.model())
          || run.model()
              .toLowerCase(Locale.ROOT)
              .endsWith("/" + pretrained.toLowerCase(Locale.ROOT))) {
        return Optional.of(of(run));
      }
    }
    return model.isEmpty() ? Optional.empty() : Optional.of(unpublished(model));
  }

  /** The run of this name and no other: what is known of it where it is a published run's. */
  static RunName named(String model) {
    return ofPretrained(model)
        .filter(run -> run.model().equals(model))
        .orElseGet(() -> unpublished(model));
  }

  private static RunName of(Published run) {
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

  private static RunName unpublished(String name) {
    return new RunName(Keys.keyable(name), null, null, "standard", null, null, 0, null);
  }

  /**
   * Of a path the folder above that of the step, or else the last one without the step; of a name
   * on a hub the whole. Empty where nothing is left.
   */
  private static String withoutFolders(String pretrained) {
    Matcher cached = HUB_CACHE.matcher(pretrained);
    if (cached.matches()) {
      return cached.group(1).replace("--", "/");
    }
    List<String> folders =
        Stream.of(pretrained.split("/")).filter(it -> !it.matches("\\s*|\\.\\.?")).toList();
    if (folders.isEmpty()) {
      return "";
    }
    if (!isPath(pretrained, folders)) {
      return pretrained;
    }
    for (int i = folders.size() - 1; i >= 0; i--) {
      if (Steps.isStep(folders.get(i))) {
        return i == 0 ? "" : folders.get(i - 1);
      }
    }
    String last = Steps.before(folders.getLast());
    return last.isEmpty() && folders.size() > 1 ? folders.get(folders.size() - 2) : last;
  }

  /** A name on a hub has one slash at most. */
  private static boolean isPath(String pretrained, List<String> folders) {
    return pretrained.startsWith("/")
        || pretrained.startsWith(".")
        || folders.size() > 2
        || Steps.isStep(folders.getLast());
  }

  /**
   * As the name has it, if it has one, as in opt-125m: which may be of something else, as of the
   * tokens it was trained on.
   */
  Long parametersInName() {
    return sizeInName(model);
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
   * The Pythia run that a file's name speaks of.
   *
   * @param text the name, such as {@code 1b-bf16-5shot_step64} or {@code
   *     intervention-19m-deduped-step134000}
   * @param around what else may say that it is an early release or an intervention: folders' names
   */
  static Optional<RunName> ofPythia(String text, String around) {
    String name = canonical(text);
    Matcher found = PYTHIA_MENTIONED.matcher(name);
    return found.matches()
        ? Optional.of(pythia(found.group("size"), name, canonical(around + "/" + text)))
        : Optional.empty();
  }

  private static String canonical(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static RunName pythia(String sizeInName, String name, String context) {
    String size = OLD_SIZES.getOrDefault(sizeInName, sizeInName);
    CatalogRun plain = PYTHIA.run("pythia-" + size).orElseThrow();
    CatalogRun.Shape shape = plain.shape();
    boolean deduped = DEDUPED.matcher(name).find();
    boolean intervention = context.contains("interven");
    boolean longer = intervention && context.contains("long");
    boolean early =
        (name + "-").contains("-v0-") || (context.contains("pythia-v0") && !name.contains("v1"));
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
    return new RunName(
        model,
        shape.parameters(),
        shape.nonEmbeddingParameters(),
        intervention ? (longer ? "long-intervention" : "intervention") : data,
        seeded ? Long.valueOf(seed.group(2)) : plain.seed(),
        early ? "pythia-v0" : "pythia",
        PYTHIA.tokensPerStep(),
        plain.steps().getLast());
  }
}
