package io.millrace.jobs;

import static org.apache.spark.sql.functions.not;

import io.millrace.erase.Subject;
import io.millrace.erase.Texts;
import io.millrace.table.Columns;
import io.millrace.table.DataFile;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import io.millrace.validate.Profile;
import io.millrace.validate.Profiler;
import io.millrace.validate.Slice;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Measures of raw slices that hold a person, made anew of the rows that stay: extremes, frequent
 * values and sketches keep values as they were. Each row keeps the run that measured it. Measures
 * of slices that aren't in raw any more can't be made anew, and go.
 */
final class ErasedProfiles {

  private static final String RAW = "raw/";

  private final Lake lake;
  private final Subject subject;

  /** Runs of raw slices that hold the person, by the table's name. */
  private final Map<String, Set<String>> slices = new TreeMap<>();

  /** Runs of all raw slices there are, by the names of the tables that held the person. */
  private final Map<String, Set<String>> live = new TreeMap<>();

  private final PinnedTable profiles;
  private final List<Map<String, Object>> stale;

  /**
   * @param profiles the table at its newest version
   * @param steps all tables that hold the person, now or in their past
   */
  ErasedProfiles(Lake lake, Subject subject, PinnedTable profiles, List<ErasePlan.Step> steps) {
    this.lake = lake;
    this.subject = subject;
    this.profiles = profiles;
    List<Map<String, Object>> rows = profiles.rows();
    for (ErasePlan.Step step : steps) {
      if (step.name().startsWith(RAW)) {
        slices.put(step.name(), runs(step.table(), step.liveFiles()));
      }
    }
    // What an erasure that was killed had left, or one by another column: raw holds nothing now.
    rows.stream()
        .filter(row -> text(row, "table").startsWith(RAW))
        .filter(row -> subject.isInSketch((String) row.get("sketch")))
        .forEach(
            row ->
                slices
                    .computeIfAbsent(text(row, "table"), any -> new TreeSet<>())
                    .add(text(row, "slice_run_id")));
    for (String table : slices.keySet()) {
      live.put(table, lake.latest(table).map(raw -> runs(raw, names(raw))).orElse(Set.of()));
    }
    this.stale = rows.stream().filter(this::isStale).toList();
  }

  private static Set<String> runs(PinnedTable raw, Set<String> files) {
    Set<String> runs = new TreeSet<>();
    raw.files().stream()
        .filter(file -> files.contains(file.name()))
        .forEach(file -> runs.addAll(file.runIds()));
    return runs;
  }

  private static Set<String> names(PinnedTable raw) {
    return raw.files().stream().map(DataFile::name).collect(Collectors.toSet());
  }

  private static String text(Map<String, Object> row, String column) {
    return (String) row.get(column);
  }

  private boolean isStale(Map<String, Object> row) {
    String table = text(row, "table");
    String slice = text(row, "slice_run_id");
    return slices.containsKey(table)
        && (slices.get(table).contains(slice) || !live.get(table).contains(slice));
  }

  /** Files of the table whose rows have to be made anew. */
  Set<String> files() {
    Set<String> runs =
        stale.stream().map(row -> (String) row.get("run_id")).collect(Collectors.toSet());
    return profiles.files().stream()
        .filter(file -> file.runIds().stream().anyMatch(runs::contains))
        .map(DataFile::name)
        .collect(Collectors.toSet());
  }

  /** Rows of these files with the measures of the rows that stay. */
  Dataset<Row> anew(Dataset<Row> rows) {
    if (stale.isEmpty()) {
      return rows;
    }
    Column replaced = functions.lit(false);
    for (Map.Entry<String, Set<String>> table : slices.entrySet()) {
      Column ofTable = Columns.named("table").eqNullSafe(table.getKey());
      Column slice = Columns.named("slice_run_id");
      Column ofSlice = slice.isin(table.getValue().toArray());
      Column gone = not(slice.isin(live.get(table.getKey()).toArray()));
      replaced =
          replaced.or(ofTable.and(functions.coalesce(ofSlice.or(gone), functions.lit(false))));
    }
    StructType schema = rows.schema();
    List<Row> made = new ArrayList<>();
    measured().forEach(row -> made.add(row(schema, row)));
    return rows.where(not(replaced)).unionByName(lake.spark().createDataFrame(made, schema));
  }

  private static Row row(StructType schema, Map<String, Object> values) {
    Object[] cells = new Object[schema.size()];
    for (int i = 0; i < cells.length; i++) {
      Object value = values.get(schema.fieldNames()[i]);
      cells[i] = value instanceof LocalDate day ? java.sql.Date.valueOf(day) : value;
    }
    return RowFactory.create(cells);
  }

  /** For each validation that measured such slices, its rows anew. */
  private List<Map<String, Object>> measured() {
    Map<String, List<Map<String, Object>>> byRun = new TreeMap<>();
    stale.stream()
        .filter(row -> live.get(text(row, "table")).contains(text(row, "slice_run_id")))
        .forEach(
            row ->
                byRun
                    .computeIfAbsent(
                        row.get("pipeline") + "\0" + row.get("run_id") + "\0" + row.get("table"),
                        any -> new ArrayList<>())
                    .add(row));
    List<Map<String, Object>> made = new ArrayList<>();
    for (List<Map<String, Object>> of : byRun.values()) {
      for (Profile profile : profiles(of)) {
        Map<String, Object> row = profile.toRow();
        row.put("run_id", of.get(0).get("run_id"));
        row.put("pipeline", of.get(0).get("pipeline"));
        made.add(row);
      }
    }
    return made;
  }

  private List<Profile> profiles(List<Map<String, Object>> of) {
    PinnedTable raw = lake.latest((String) of.get(0).get("table")).orElseThrow();
    Map<String, Slice> asked = new TreeMap<>();
    Set<String> by = new TreeSet<>();
    for (Map<String, Object> row : of) {
      LocalDate day = (LocalDate) row.get("day");
      asked.put(
          (String) row.get("slice_run_id"),
          new Slice(
              (String) row.get("slice_run_id"),
              day,
              day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC)));
      if (row.get("slice_column") != null) {
        by.add((String) row.get("slice_column"));
      }
    }
    Column person = subject.rows(raw.name(), raw.schema()).orElse(functions.lit(false));
    Dataset<Row> rest =
        raw.read()
            .where(Columns.named(RawColumns.RUN_ID).isin(asked.keySet().toArray()))
            .where(not(person));
    // Where the value stands in others' rows these are still to be redacted.
    Dataset<Row> told = Texts.redacted(rest, subject, Texts.all(rest.schema()), false);
    return Profiler.profile(told, raw.name(), List.copyOf(asked.values()), List.copyOf(by));
  }
}
