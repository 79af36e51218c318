package io.millrace.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What each column of the date's tables held. */
record ProfileChapter(List<Table> tables, int left) {

  /** Columns of one table that are shown. */
  private static final int MOST_COLUMNS = 100;

  private static final int MOST_TABLES = 12;
  private static final int MOST_VALUES = 3;
  private static final double FREQUENT = 0.02;
  private static final double MICROS_OF_DAY = 86_400e6;

  /** A slice of a table. */
  record Table(String name, String runId, double rows, List<Column> columns, int left) {}

  /**
   * A column.
   *
   * @param box of a number: its quantiles, in parts of the way from the least to the greatest value
   */
  record Column(
      String name,
      String type,
      double rows,
      double nulls,
      double nans,
      double distinct,
      String min,
      String mean,
      String max,
      Box box,
      List<Value> top,
      String pattern,
      boolean hidden) {}

  /** Where quantiles lie between the least value (0) and the greatest (1). */
  record Box(double p05, double p25, double p50, double p75, double p95, String told) {}

  /** A frequent value and its share of the rows. */
  record Value(String value, double share) {}

  static ProfileChapter of(Facts facts, Hidden hidden) {
    Map<String, List<Row>> slices = new LinkedHashMap<>();
    facts
        .ofDate("profiles")
        .filter(row -> row.text("slice_column").isEmpty())
        .sorted(Comparator.comparingInt(ProfileChapter::place).thenComparing(ProfileChapter::slice))
        .forEach(row -> slices.computeIfAbsent(slice(row), k -> new ArrayList<>()).add(row));
    List<Table> tables = new ArrayList<>();
    slices.values().forEach(rows -> tables.add(table(facts.ofLastRun(rows.stream()), hidden)));
    int most = Math.min(MOST_TABLES, tables.size());
    return new ProfileChapter(List.copyOf(tables.subList(0, most)), tables.size() - most);
  }

  /** In the order of the flow. */
  private static int place(Row row) {
    int place = List.of("raw", "features", "scored").indexOf(row.text("table").split("/", 2)[0]);
    return place < 0 ? Integer.MAX_VALUE : place;
  }

  /** Raw tables are made of many slices; of features and predictions a date has one, the last. */
  private static String slice(Row row) {
    String table = row.text("table");
    return table.startsWith("raw/") ? table + "\n" + row.text("slice_run_id") : table;
  }

  private static Table table(List<Row> rows, Hidden hidden) {
    List<Column> columns =
        rows.stream().limit(MOST_COLUMNS).map(row -> column(row, hidden)).toList();
    Row first = rows.get(0);
    return new Table(
        first.text("table"),
        first.text("slice_run_id"),
        first.number("rows"),
        columns,
        rows.size() - columns.size());
  }

  private static Column column(Row row, Hidden hidden) {
    String name = row.text("column");
    boolean hide = hidden.hides(name);
    return new Column(
        name,
        row.text("type"),
        row.number("rows"),
        row.number("nulls"),
        row.number("nans"),
        row.number("distinct"),
        hide ? "" : Format.value(row.text("min")),
        hide ? "" : mean(row),
        hide ? "" : Format.value(row.text("max")),
        hide ? null : box(row),
        hide ? List.of() : top(row),
        hide ? "" : pattern(row),
        hide);
  }

  /** The mean; of dates and times, whose mean stands in days and microseconds, a date. */
  private static String mean(Row row) {
    double mean = row.number("mean");
    if (Double.isNaN(mean)) {
      return "";
    }
    return switch (row.text("type")) {
      case "date" -> LocalDate.ofEpochDay(Math.round(mean)).toString();
      case "timestamp", "timestamp_ntz" ->
          LocalDate.ofEpochDay((long) Math.floor(mean / MICROS_OF_DAY)).toString();
      default -> Format.number(mean);
    };
  }

  private static List<Value> top(Row row) {
    List<Value> values = new ArrayList<>();
    for (JsonNode entry : row.json("top_values")) {
      if (values.size() < MOST_VALUES) {
        double share = entry.path("count").asDouble() / row.number("rows");
        String value = entry.path("value").asText();
        values.add(new Value(value.isEmpty() ? "(empty)" : value, share));
      }
    }
    return values;
  }

  /** What most values look like; said only where no value is frequent itself. */
  private static String pattern(Row row) {
    double mostFrequent = row.json("top_values").path(0).path("count").asDouble();
    if (mostFrequent > FREQUENT * row.number("rows")) {
      return "";
    }
    JsonNode first = row.json("patterns").path(0);
    return first.path("pattern").asText();
  }

  /** The box of a number; null for what has no quantiles or one value only. */
  private static Box box(Row row) {
    double low = parsed(row.text("min"));
    double high = parsed(row.text("max"));
    double median = row.number("p50");
    if (Double.isNaN(median) || !(low < high) || Double.isInfinite(high - low)) {
      return null;
    }
    Scale scale = new Scale(low, high, 0, 1);
    String told =
        List.of("p05", "p25", "p50", "p75", "p95").stream()
            .map(q -> q + " " + Format.number(row.number(q)))
            .collect(Collectors.joining(", "));
    return new Box(
        within(scale.at(row.number("p05"))),
        within(scale.at(row.number("p25"))),
        within(scale.at(median)),
        within(scale.at(row.number("p75"))),
        within(scale.at(row.number("p95"))),
        told);
  }

  /** Sketches know quantiles to a percent, so one may lie a little outside. */
  private static double within(double part) {
    return Math.min(1, Math.max(0, part));
  }

  private static double parsed(String number) {
    try {
      return Double.parseDouble(number);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
