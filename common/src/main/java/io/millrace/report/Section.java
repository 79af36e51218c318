package io.millrace.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A part of an answer that is told on a terminal, to machines and as a page alike.
 *
 * @param facts by name, in their order; null where one is not known
 * @param headers of the rows
 * @param rows one value per header, which may be null
 */
public record Section(
    String title, Map<String, Object> facts, List<String> headers, List<List<Object>> rows) {

  public Section {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    headers = List.copyOf(headers);
    rows = Collections.unmodifiableList(new ArrayList<>(rows));
  }

  /** One of facts alone. */
  public static Section of(String title, Map<String, Object> facts) {
    return new Section(title, facts, List.of(), List.of());
  }
}
