package io.millrace.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The columns whose values no page may show, by their name in whatever table. */
final class Hidden {

  /** What stands in place of a value. */
  static final String MASK = "hidden";

  private final Set<String> columns = new TreeSet<>();

  Hidden(List<String> columns) {
    columns.forEach(column -> this.columns.add(column.toLowerCase(Locale.ROOT)));
  }

  /** Whether it, or one of several with commas between, is hidden. */
  boolean hides(String column) {
    String names = column.toLowerCase(Locale.ROOT);
    if (columns.contains(names)) {
      return true;
    }
    for (String name : names.split(",", -1)) {
      if (columns.contains(name.strip())) {
        return true;
      }
    }
    return false;
  }

  /** The text, or the mask where it may tell a value of the column. */
  String of(String column, String text) {
    return hides(column) && !text.isEmpty() ? MASK : text;
  }

  /** A whole row: a JSON object without the hidden values; another text only if none is hidden. */
  String ofRow(Row row, String field) {
    String text = row.text(field);
    if (columns.isEmpty() || text.isEmpty()) {
      return text;
    }
    JsonNode json = row.json(field);
    if (!(json instanceof ObjectNode object)) {
      return MASK;
    }
    List.copyOf(namesOf(object)).stream()
        .filter(this::hides)
        .forEach(name -> object.put(name, MASK));
    return object.toString();
  }

  private static List<String> namesOf(ObjectNode object) {
    return object.properties().stream().map(entry -> entry.getKey()).toList();
  }
}
