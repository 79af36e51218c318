package io.millrace.jobs;

import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** People's pins of versions, for plans to name: the table {@code pins}, where there is one. */
final class PlanPins {

  private PlanPins() {}

  /** Pins of some tables as {@code name: table@version}; none where nobody has pinned. */
  static List<String> of(Lake lake, Collection<String> tables) {
    List<String> pins = new ArrayList<>();
    for (Map<String, Object> row : lake.latest("pins").map(PinnedTable::rows).orElse(List.of())) {
      if (tables.contains(String.valueOf(row.get("table")))) {
        pins.add("%s: %s@%s".formatted(row.get("name"), row.get("table"), row.get("version")));
      }
    }
    pins.sort(null);
    return pins.stream().distinct().toList();
  }
}
