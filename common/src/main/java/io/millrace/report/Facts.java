package io.millrace.report;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The tables of one pipeline as a page of one date reads them. Where a run was done again, its last
 * one counts: the one that ended last, as {@code runs} says.
 */
final class Facts {

  private final ReportSource source;
  private final LocalDate date;
  private final Map<String, List<Row>> tables;
  private final Map<String, Map<LocalDate, List<Row>>> byDate;
  private final Map<String, Instant> ends;

  Facts(ReportSource source, LocalDate date) {
    this(source, date, new HashMap<>(), new HashMap<>(), new HashMap<>());
    rows("runs").forEach(run -> ends.merge(run.text("run_id"), run.time("ended_at"), Facts::later));
  }

  LocalDate date() {
    return date;
  }

  /** The same tables for another date. */
  Facts at(LocalDate other) {
    return new Facts(source, other, tables, byDate, ends);
  }

  private Facts(
      ReportSource source,
      LocalDate date,
      Map<String, List<Row>> tables,
      Map<String, Map<LocalDate, List<Row>>> byDate,
      Map<String, Instant> ends) {
    this.source = source;
    this.date = date;
    this.tables = tables;
    this.byDate = byDate;
    this.ends = ends;
  }

  List<Row> rows(String table) {
    return tables.computeIfAbsent(table, name -> source.rows(name).stream().map(Row::new).toList());
  }

  Stream<Row> ofDate(String table) {
    return byDate.computeIfAbsent(table, this::grouped).getOrDefault(date, List.of()).stream();
  }

  private Map<LocalDate, List<Row>> grouped(String table) {
    Map<LocalDate, List<Row>> rows = new HashMap<>();
    for (Row row : rows(table)) {
      row.date("date").ifPresent(day -> rows.computeIfAbsent(day, k -> new ArrayList<>()).add(row));
    }
    return rows;
  }

  /** Rows of dates up to the page's. */
  Stream<Row> known(String table) {
    return rows(table).stream()
        .filter(row -> row.date("date").filter(day -> !day.isAfter(date)).isPresent());
  }

  /** Of the rows those of the run that ended last. */
  List<Row> ofLastRun(Stream<Row> rows) {
    List<Row> all = rows.toList();
    Optional<String> last = all.stream().map(row -> row.text("run_id")).max(byEnd());
    Predicate<Row> isLast = row -> row.text("run_id").equals(last.orElse(""));
    return all.stream().filter(isLast).toList();
  }

  /** By the end of the run; of runs that ended at once, or aren't in the index, by id. */
  Comparator<String> byEnd() {
    Comparator<String> ended = Comparator.comparing(id -> ends.getOrDefault(id, Instant.MIN));
    return ended.thenComparing(Comparator.naturalOrder());
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
