package dev.castalia.scoring.task.helper;

import dev.castalia.scoring.TaskException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Fields of documents, as Python code takes them, and operations on data sets. */
final class Documents {

  private Documents() {}

  static String text(Map<String, Object> document, String field) {
    if (document.get(field) instanceof String text) {
      return text;
    }
    throw new TaskException(field + " is not a text in document " + document);
  }

  static long number(Map<String, Object> document, String field) {
    if (document.get(field) instanceof Number number) {
      return number.longValue();
    }
    throw new TaskException(field + " is not a number in document " + document);
  }

  static List<String> texts(Map<String, Object> document, String field) {
    if (document.get(field) instanceof List<?> list
        && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    throw new TaskException(field + " is not a list of texts in document " + document);
  }

  /** As {@code dataset.filter}. */
  static Helper.OfDocuments filter(Predicate<Map<String, Object>> wanted) {
    return new Helper.OfDocuments(documents -> documents.stream().filter(wanted).toList());
  }

  /** As {@code dataset.map}: the columns that the function gives are added or replaced. */
  static Helper.OfDocuments map(UnaryOperator<Map<String, Object>> columns) {
    return new Helper.OfDocuments(
        documents ->
            documents.stream()
                .map(
                    document -> {
                      Map<String, Object> mapped = new LinkedHashMap<>(document);
                      mapped.putAll(columns.apply(document));
                      return mapped;
                    })
                .toList());
  }
}
