package io.millrace.jobs;

import io.millrace.retain.PinLog;
import io.millrace.table.Lake;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;

/** People's pins of versions, for plans to name. */
final class PlanPins {

  private PlanPins() {}

  /** Pins of some tables that hold today, as {@code name: table@version}. */
  static List<String> of(Lake lake, Collection<String> tables) {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    return new PinLog(lake)
        .entries().stream()
            .filter(entry -> tables.contains(entry.table()))
            .filter(entry -> entry.until().filter(today::isAfter).isEmpty())
            .map(entry -> entry.pin() + ": " + entry.what())
            .distinct()
            .sorted()
            .toList();
  }
}
