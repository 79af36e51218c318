package io.millrace.jobs;

import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.diff.DiffTable;
import io.millrace.diff.Moved;
import io.millrace.diff.TableComparison;
import io.millrace.diff.TableDiff;
import io.millrace.diff.TableDiff.CellChange;
import io.millrace.diff.TableDiff.ColumnChange;
import io.millrace.diff.TableDiff.RowChange;
import io.millrace.jobs.cli.Compared;
import io.millrace.jobs.console.Console;
import io.millrace.report.DiffPage;
import io.millrace.report.Pages;
import io.millrace.table.Lake;
import io.millrace.table.PastVersion;
import io.millrace.table.PinnedTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells what changed between two versions of a table. */
final class DiffVerb {

  private static final int MOST_MOVED = 10;

  private DiffVerb() {}

  static int run(Compared asked, Lake lake, Console console) {
    PinnedTable newest = lake.latest(asked.table()).orElseThrow(() -> unknown(asked, lake));
    PinnedTable after = at(lake, newest, asked.after().orElse(newest.version()));
    PinnedTable before = at(lake, newest, asked.before().orElse(after.version() - 1));
    TableComparison comparison = new TableComparison(before, after, asked.by(), asked.allColumns());
    TableDiff diff = comparison.diff(asked.rows());
    console.event("diff", event(diff));
    said(diff).forEach(console::print);
    if (!diff.shown().isEmpty()) {
      cells(diff, console);
    }
    List<Moved> moved =
        asked.statistics()
            ? Moved.between(before, after, comparison.compared(), asked.slice())
            : List.of();
    List<Moved> most = moved.subList(0, Math.min(MOST_MOVED, moved.size()));
    if (asked.statistics()) {
      moved(most, console);
    }
    asked.into().ifPresent(name -> into(name, comparison, lake, console));
    asked.html().ifPresent(file -> TraceVerb.write(file, Pages.diff(new DiffPage(diff, most))));
    return 0;
  }

  private static void into(String name, TableComparison comparison, Lake lake, Console console) {
    lake.requireWritable();
    console.print(
        DiffTable.write(lake, name, comparison)
            .map(rows -> "diffs/%s: %,d rows".formatted(name, rows))
            .orElse("diffs/" + name + ": these differences are there already"));
  }

  private static SpecException unknown(Compared asked, Lake lake) {
    return new SpecException(
        asked.table()
            + ": no such table in the lake; "
            + Nearest.mend(asked.table(), lake.tables(), "tables"));
  }

  private static PinnedTable at(Lake lake, PinnedTable newest, long version) {
    if (version < 0 || version > newest.version()) {
      throw new SpecException(
          "%s has the versions 0 to %d, and no version %d"
              .formatted(newest.name(), newest.version(), version));
    }
    return version == newest.version() ? newest : PastVersion.of(lake, newest.name(), version);
  }

  private static Map<String, Object> event(TableDiff diff) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("table", diff.table());
    event.put("before", diff.before());
    event.put("after", diff.after());
    event.put("rows_before", diff.rowsBefore());
    event.put("rows_after", diff.rowsAfter());
    event.put("added", diff.added());
    event.put("removed", diff.removed());
    event.put("changed", diff.changed());
    Map<String, Object> cells = new LinkedHashMap<>();
    diff.cells().forEach(count -> cells.put(count.column(), count.rows()));
    event.put("cells", cells);
    Map<String, Object> schema = new LinkedHashMap<>();
    diff.columns().forEach(change -> schema.put(change.column(), types(change)));
    event.put("schema", schema);
    event.put("not_compared", diff.notCompared());
    event.put("files_read", diff.filesRead());
    event.put("files", diff.files());
    return event;
  }

  private static String types(ColumnChange change) {
    if (change.before().isEmpty()) {
      return "new, " + change.after().orElseThrow();
    }
    return change.before().get() + change.after().map(type -> " -> " + type).orElse(", gone");
  }

  private static List<String> said(TableDiff diff) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s, version %d to %d, by %s"
            .formatted(diff.table(), diff.before(), diff.after(), String.join(", ", diff.key())));
    lines.add(
        "rows    %,d to %,d: %,d added, %,d removed, %,d changed"
            .formatted(
                diff.rowsBefore(), diff.rowsAfter(), diff.added(), diff.removed(), diff.changed()));
    if (!diff.cells().isEmpty()) {
      lines.add(
          "cells   "
              + diff.cells().stream()
                  .map(count -> "%s %,d".formatted(count.column(), count.rows()))
                  .collect(Collectors.joining(", ")));
    }
    diff.columns().forEach(c -> lines.add("schema  " + c.column() + ": " + types(c)));
    lines.add(
        "read    %d of %d files%s"
            .formatted(
                diff.filesRead(),
                diff.files(),
                diff.notCompared().isEmpty()
                    ? ""
                    : "; not compared: " + String.join(", ", diff.notCompared())));
    return lines;
  }

  private static void cells(TableDiff diff, Console console) {
    List<String> headers = new ArrayList<>(diff.key());
    headers.addAll(List.of("change", "column", "before", "after"));
    List<List<Object>> rows = new ArrayList<>();
    for (RowChange change : diff.shown()) {
      String kind = change.kind().name().toLowerCase(Locale.ROOT);
      if (change.cells().isEmpty()) {
        rows.add(row(change, kind, new CellChange("", "", "")));
      }
      change.cells().forEach(cell -> rows.add(row(change, kind, cell)));
    }
    console.table(headers, rows);
    long all = diff.added() + diff.removed() + diff.changed();
    if (all > diff.shown().size()) {
      console.info(
          "the first %,d of %,d rows; --rows shows more".formatted(diff.shown().size(), all));
    }
  }

  private static List<Object> row(RowChange change, String kind, CellChange cell) {
    List<Object> row = new ArrayList<>(change.key());
    row.add(kind);
    row.add(cell.column());
    row.add(cell.before());
    row.add(cell.after());
    return row;
  }

  private static void moved(List<Moved> moved, Console console) {
    console.table(
        List.of(
            "column", "slice", "jensen_shannon", "psi", "missing_before", "missing_after", "rows"),
        moved.stream()
            .map(
                m ->
                    List.<Object>of(
                        m.column(),
                        m.slice(),
                        m.jensenShannon(),
                        m.psi(),
                        m.missingBefore(),
                        m.missingAfter(),
                        m.rowsAfter()))
            .toList());
  }
}
