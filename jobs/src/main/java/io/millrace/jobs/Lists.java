package io.millrace.jobs;

import io.millrace.SpecException;
import io.millrace.jobs.cli.Listing;
import io.millrace.jobs.console.Console;
import io.millrace.retain.Horizon;
import io.millrace.retain.Rules;
import io.millrace.table.Lake;
import io.millrace.table.RunLog;
import io.millrace.table.SmallTable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists of the small tables, by Kernel alone. */
final class Lists {

  private Lists() {}

  static int runs(Listing listing, Console console) {
    try (Places.Opened opened = Places.open(listing.place(), console)) {
      RunLog log = new RunLog(opened.lake());
      List<Map<String, Object>> rows =
          newest(listing, listing.pipeline().map(log::rows).orElseGet(log::rows), "ended_at");
      List<List<Object>> cells = new ArrayList<>();
      for (Map<String, Object> row : rows) {
        cells.add(
            cells(
                row.get("pipeline"),
                row.get("stage"),
                row.get("date"),
                row.get("status"),
                row.get("rows_in"),
                row.get("rows_out"),
                row.get("rows_quarantined"),
                second(row.get("ended_at")),
                row.get("run_id")));
      }
      print(
          console,
          List.of(
              "pipeline",
              "stage",
              "date",
              "status",
              "rows in",
              "rows out",
              "quarantined",
              "ended",
              "run"),
          cells,
          "no runs yet");
      return 0;
    }
  }

  static int models(Listing listing, Console console) {
    try (Places.Opened opened = Places.open(listing.place(), console)) {
      Lake lake = opened.lake();
      List<Map<String, Object>> promotions =
          rows(listing, new SmallTable(lake, ResultTables.promotions()));
      List<List<Object>> cells = new ArrayList<>();
      for (Map<String, Object> row :
          newest(
              listing, rows(listing, new SmallTable(lake, ResultTables.models())), "trained_at")) {
        cells.add(
            cells(
                row.get("pipeline"),
                row.get("model_version"),
                row.get("date"),
                row.get("algorithm"),
                row.get("rows_train"),
                row.get("rounds"),
                champion(promotions, row),
                second(row.get("trained_at"))));
      }
      print(
          console,
          List.of(
              "pipeline",
              "model",
              "date",
              "algorithm",
              "rows",
              "rounds",
              "champion from",
              "trained"),
          cells,
          "no models yet");
      return 0;
    }
  }

  static int horizon(Listing listing, Console console) {
    try (Places.Opened opened = Places.open(listing.place(), console)) {
      List<Map<String, Object>> models =
          newest(
              listing,
              rows(listing, new SmallTable(opened.lake(), ResultTables.models())),
              "trained_at");
      horizon(opened.lake(), models, Rules.USUAL, console);
      return 0;
    }
  }

  static void horizon(Lake lake, List<Map<String, Object>> models, Rules rules, Console console) {
    if (lake.isBranch()) {
      throw new SpecException(
          "models --horizon: tells until when main keeps what its models came from, and a vacuum takes nothing of a branch; leave --branch out");
    }
    Horizon horizon = Retention.horizon(lake, rules);
    List<List<Object>> cells = new ArrayList<>();
    for (Map<String, Object> row : models) {
      String pipeline = (String) row.get("pipeline");
      String version = (String) row.get("model_version");
      Optional<String> spec =
          horizon.lost(row).isPresent()
              ? Optional.empty()
              : KeptSpec.fault(lake, pipeline, version);
      String told =
          spec.map(fault -> "lost: " + fault.lines().findFirst().orElseThrow())
              .orElseGet(() -> horizon.of(row));
      cells.add(cells(pipeline, version, row.get("date"), told));
    }
    print(console, List.of("pipeline", "model", "date", "horizon"), cells, "no models yet");
  }

  private static String champion(List<Map<String, Object>> promotions, Map<String, Object> model) {
    return promotions.stream()
        .filter(row -> row.get("pipeline").equals(model.get("pipeline")))
        .filter(row -> row.get("model_version").equals(model.get("model_version")))
        .map(row -> row.get("effective_from").toString())
        .sorted()
        .reduce((one, other) -> one + ", " + other)
        .orElse("");
  }

  static int metrics(Listing listing, Console console) {
    try (Places.Opened opened = Places.open(listing.place(), console)) {
      Lake lake = opened.lake();
      List<Map<String, Object>> rows = rows(listing, new SmallTable(lake, ResultTables.metrics()));
      LocalDate last =
          listing
              .date()
              .or(
                  () ->
                      rows.stream()
                          .filter(row -> "evaluate".equals(row.get("stage")))
                          .map(row -> (LocalDate) row.get("date"))
                          .max(Comparator.naturalOrder()))
              .orElse(LocalDate.MIN);
      List<List<Object>> cells = new ArrayList<>();
      rows.stream()
          .filter(row -> last.equals(row.get("date")))
          .sorted(
              Comparator.comparing((Map<String, Object> row) -> (String) row.get("pipeline"))
                  .thenComparing(row -> (String) row.get("slice_column"))
                  .thenComparing(row -> (String) row.get("slice_value"))
                  .thenComparing(row -> (String) row.get("metric"))
                  .thenComparing(row -> (String) row.get("role")))
          .limit(listing.limit())
          .forEach(
              row ->
                  cells.add(
                      cells(
                          row.get("pipeline"),
                          row.get("date"),
                          row.get("role"),
                          row.get("model_version"),
                          row.get("metric"),
                          slice(row),
                          rounded(row.get("value")),
                          rounded(row.get("low")),
                          rounded(row.get("high")),
                          row.get("rows"))));
      print(
          console,
          List.of(
              "pipeline",
              "date",
              "role",
              "model",
              "metric",
              "slice",
              "value",
              "low",
              "high",
              "rows"),
          cells,
          "no metrics yet");
      return 0;
    }
  }

  private static List<Map<String, Object>> rows(Listing listing, SmallTable table) {
    return listing.pipeline().map(table::rows).orElseGet(table::rows);
  }

  private static List<Map<String, Object>> newest(
      Listing listing, List<Map<String, Object>> rows, String time) {
    List<Map<String, Object>> chosen = new ArrayList<>(rows);
    chosen.removeIf(
        row -> listing.date().isPresent() && !listing.date().get().equals(row.get("date")));
    chosen.sort(
        Collections.reverseOrder(
            Comparator.comparing((Map<String, Object> row) -> (Instant) row.get(time))));
    return chosen.subList(0, Math.min(listing.limit(), chosen.size()));
  }

  private static void print(
      Console console, List<String> headers, List<List<Object>> cells, String none) {
    if (cells.isEmpty()) {
      console.info(none);
    } else {
      console.table(headers, cells);
    }
  }

  private static List<Object> cells(Object... values) {
    List<Object> cells = new ArrayList<>();
    for (Object value : values) {
      cells.add(value == null ? "" : value);
    }
    return cells;
  }

  private static String slice(Map<String, Object> row) {
    String column = (String) row.get("slice_column");
    return column.isEmpty() ? "" : column + "=" + row.get("slice_value");
  }

  private static String rounded(Object value) {
    return value == null ? "" : "%.6g".formatted((Double) value);
  }

  private static String second(Object instant) {
    return instant == null ? "" : ((Instant) instant).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
