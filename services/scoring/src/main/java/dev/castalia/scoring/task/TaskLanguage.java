package dev.castalia.scoring.task;

import java.util.List;
import java.util.regex.Pattern;

/** The language of a task's text, as far as the names tell that tasks usually have. */
public final class TaskLanguage {

  /** A name, or part of one, of tasks in a language. */
  private record Named(String language, Pattern name) {

    static Named of(String language, String name) {
      return new Named(language, Pattern.compile(name, Pattern.CASE_INSENSITIVE));
    }
  }

  /** The first that is found counts. */
  private static final List<Named> NAMES =
      List.of(
          Named.of("en", "_en$"),
          Named.of("ko", "^(?:csatqa|haerae|hrm8k|klue|kmmlu|kobest|korean|kormedmcqa)"),
          Named.of("ko", "^(?:click|kbl)(?![a-z0-9])"),
          Named.of("ko", "(?<![a-z0-9])(?:ko|kor|korean)(?![a-z0-9])"),
          Named.of("fr", "^crows_pairs_french|_fr$"),
          Named.of("de", "_de$"),
          Named.of("es", "_es$"),
          Named.of("it", "_it$"),
          Named.of("ja", "_(?:ja|jp)$"),
          Named.of("zh", "_zh$"));

  private TaskLanguage() {}

  /** BCP 47 tag; English where the name tells of no other. */
  public static String ofName(String task) {
    return NAMES.stream()
        .filter(it -> it.name.matcher(task).find())
        .map(Named::language)
        .findFirst()
        .orElse("en");
  }
}
