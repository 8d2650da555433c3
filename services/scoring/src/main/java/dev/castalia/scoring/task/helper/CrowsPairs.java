package dev.castalia.scoring.task.helper;

import static dev.castalia.scoring.task.helper.Documents.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The more stereotypical sentence against the less, in all categories or one. */
final class CrowsPairs {

  private static final Map<String, String> CATEGORIES =
      Map.of(
          "filter_race_color", "race-color",
          "filter_socio", "socioeconomic",
          "filter_gender", "gender",
          "filter_age", "age",
          "filter_religion", "religion",
          "filter_disability", "disability",
          "filter_orientation", "sexual-orientation",
          "filter_nationality", "nationality",
          "filter_appearance", "physical-appearance",
          "filter_autre", "autre");

  static final HelperFile FILE =
      new HelperFile(
          "crows_pairs/utils.py",
          "5b1e3c31880a82a9fe9072e14edb15ffe143d08939de5d17fea17c2dc2fe0c16",
          functions());

  private CrowsPairs() {}

  private static Map<String, Helper> functions() {
    Map<String, Helper> functions = new HashMap<>();
    functions.put(
        "doc_to_choice",
        new Helper.OfDocument(
            document -> List.of(text(document, "sent_more"), text(document, "sent_less"))));
    functions.put("process_results", new Helper.OfResults(Optional.empty()));
    CATEGORIES.forEach(
        (function, category) ->
            functions.put(
                function,
                Documents.filter(document -> text(document, "bias_type").startsWith(category))));
    return functions;
  }
}
