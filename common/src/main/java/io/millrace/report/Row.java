package io.millrace.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One row of a table, read by type; what is null or not there is empty, or NaN as a number. */
final class Row {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Object> values;

  Row(Map<String, Object> values) {
    this.values = values;
  }

  String text(String column) {
    Object value = values.get(column);
    return value == null ? "" : value.toString();
  }

  double number(String column) {
    return values.get(column) instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  boolean isTrue(String column) {
    return Boolean.TRUE.equals(values.get(column));
  }

  Optional<LocalDate> date(String column) {
    Object value = values.get(column);
    if (value instanceof LocalDate date) {
      return Optional.of(date);
    }
    return value == null || value.toString().isEmpty()
        ? Optional.empty()
        : Optional.of(LocalDate.parse(value.toString()));
  }

  boolean isOf(LocalDate date) {
    return date("date").filter(date::equals).isPresent();
  }

  Instant time(String column) {
    return values.get(column) instanceof Instant instant ? instant : Instant.MIN;
  }

  /** The JSON in a text; missing where it is none. */
  JsonNode json(String column) {
    try {
      JsonNode node = JSON.readTree(text(column));
      return node == null ? MissingNode.getInstance() : node;
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  /** The rows of a column of structs. */
  List<Row> structs(String column) {
    List<Row> rows = new ArrayList<>();
    if (values.get(column) instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof Map<?, ?> map) {
          Map<String, Object> struct = new HashMap<>();
          map.forEach((key, value) -> struct.put(String.valueOf(key), value));
          rows.add(new Row(struct));
        }
      }
    }
    return rows;
  }
}
