package dev.castalia.scoring.task.data;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the values of a column of JSON have in common, or those nested in them, as the datasets
 * library sees it: where some numbers are whole and others not, all are reals; where every text is
 * a time, they are times. Values that have nothing in common stay as they are written, and so do
 * objects that do not all have the same keys.
 *
 * <p>Peer: {@code packaged_modules/json} of datasets 5.2, with pyarrow 26.
 */
final class JsonType {

  private enum Kind {
    NOTHING,
    TRUTH,
    WHOLE,
    REAL,
    TEXT,
    TIME,
    LIST,
    OBJECT,
    MIXED
  }

  private static final Set<Kind> NUMBERS = EnumSet.of(Kind.WHOLE, Kind.REAL);
  private static final Set<Kind> TEXTS = EnumSet.of(Kind.TIME, Kind.TEXT);

  private Kind kind = Kind.NOTHING;
  private JsonType items;
  private Map<String, JsonType> fields;

  /** Gives every column of the documents its type. */
  static void settle(List<Map<String, Object>> documents) {
    Map<String, JsonType> columns = new LinkedHashMap<>();
    documents.forEach(
        document ->
            document.forEach(
                (column, value) ->
                    columns.computeIfAbsent(column, _ -> new JsonType()).see(value)));
    columns.values().removeIf(type -> !type.changes());
    documents.forEach(
        document ->
            columns.forEach(
                (column, type) -> document.computeIfPresent(column, (_, value) -> type.of(value))));
  }

  private void see(Object value) {
    if (value == null || kind == Kind.MIXED) {
      return;
    }
    become(kindOf(value));
    if (kind == Kind.LIST) {
      seeItems((List<?>) value);
    } else if (kind == Kind.OBJECT) {
      seeFields((Map<?, ?>) value);
    }
  }

  private Kind kindOf(Object value) {
    return switch (value) {
      case Boolean _ -> Kind.TRUTH;
      case Long _ -> Kind.WHOLE;
      // Whole numbers of more than 64 bits are reals there.
      case Double _, BigInteger _ -> Kind.REAL;
      // Once one text is no time, none need be looked at.
      case String text -> kind != Kind.TEXT && JsonTime.is(text) ? Kind.TIME : Kind.TEXT;
      case List<?> _ -> Kind.LIST;
      case Map<?, ?> _ -> Kind.OBJECT;
      default -> throw new IllegalArgumentException("no value of JSON: " + value);
    };
  }

  private void seeItems(List<?> list) {
    if (items == null) {
      items = new JsonType();
    }
    list.forEach(items::see);
  }

  private void seeFields(Map<?, ?> object) {
    if (fields == null) {
      fields = new LinkedHashMap<>();
      object.keySet().forEach(key -> fields.put((String) key, new JsonType()));
    }
    if (fields.keySet().equals(object.keySet())) {
      fields.forEach((key, type) -> type.see(object.get(key)));
    } else {
      kind = Kind.MIXED;
    }
  }

  private void become(Kind next) {
    if (kind == Kind.NOTHING) {
      kind = next;
    } else if (kind != next) {
      Set<Kind> both = EnumSet.of(kind, next);
      kind = both.equals(NUMBERS) ? Kind.REAL : both.equals(TEXTS) ? Kind.TEXT : Kind.MIXED;
    }
  }

  /** Whether a value of this type may be another than what was read. */
  private boolean changes() {
    return switch (kind) {
      case REAL, TIME, OBJECT -> true;
      case LIST -> items.changes();
      case NOTHING, TRUTH, WHOLE, TEXT, MIXED -> false;
    };
  }

  private Object of(Object value) {
    return switch (value) {
      case Number number when kind == Kind.REAL -> number.doubleValue();
      case String text when kind == Kind.TIME -> JsonTime.of(text);
      case List<?> list when kind == Kind.LIST && items.changes() -> {
        List<Object> typed = new ArrayList<>(list.size());
        list.forEach(item -> typed.add(items.of(item)));
        yield typed;
      }
      case Map<?, ?> object when kind == Kind.OBJECT -> {
        Map<String, Object> typed = new LinkedHashMap<>();
        fields.forEach((key, type) -> typed.put(key, type.of(object.get(key))));
        yield typed;
      }
      case null, default -> value;
    };
  }
}
