package io.millrace.validate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.millrace.table.Columns;
import io.millrace.table.HexDigits;
import io.millrace.table.RawColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Measures columns in one job. */
public final class Profiler {

  /** Bytes of a slice's value; it stands in the row of each column that is measured by it. */
  private static final int LONGEST_VALUE = 256;

  private Profiler() {}

  /**
   * Measures columns over all rows.
   *
   * @param columns columns of the rows, in the order of the result
   */
  public static Map<String, ColumnMeasures> measure(Dataset<Row> rows, List<String> columns) {
    return measure(rows, columns, lit("")).getOrDefault("", empty(rows, columns));
  }

  /**
   * Measures columns by the values of another one, cast to text, in one scan. A value that doesn't
   * occur is absent; null counts as an empty text.
   *
   * @param columns columns of the rows, in the order of the inner maps
   */
  public static Map<String, Map<String, ColumnMeasures>> measureBy(
      Dataset<Row> rows, List<String> columns, String group) {
    return measure(rows, columns, Columns.named(group));
  }

  /**
   * Profiles of the slices of a raw table, and of those of their rows that hold each value of the
   * slice columns (none for a column of more than {@value GroupState#MOST_SLICE_VALUES} values).
   *
   * @param rows rows with a {@code run_id}; columns of Millrace's own aren't measured
   * @param table the table's name
   * @param slices the slices that the rows are of; of others nothing is told
   * @param sliceColumns columns of the rows
   */
  public static List<Profile> profile(
      Dataset<Row> rows, String table, List<Slice> slices, List<String> sliceColumns) {
    ScanColumns columns = new ScanColumns(measured(rows.schema()));
    int group = columns.add(Columns.named(RawColumns.RUN_ID));
    List<Integer> positions = slicePositions(columns, sliceColumns);
    ScanPlan plan =
        new ScanPlan(columns.measured(), true, group, -1, positions, List.of(), List.of(), 0);
    Map<String, GroupState> found = ScanState.scan(columns.select(rows), plan).groups();
    List<Profile> profiles = new ArrayList<>();
    for (Slice slice : slices) {
      GroupState state = found.getOrDefault(slice.runId(), new GroupState(plan));
      profiles.addAll(profiles(table, slice, columns.measured(), sliceColumns, state));
    }
    return profiles;
  }

  /** All columns but those that Millrace adds to a raw table. */
  static StructType measured(StructType schema) {
    return new StructType(
        Arrays.stream(schema.fields())
            .filter(field -> !RawColumns.isOurs(field.name()))
            .toArray(StructField[]::new));
  }

  static List<Integer> slicePositions(ScanColumns columns, List<String> sliceColumns) {
    return sliceColumns.stream()
        .map(name -> columns.cell(name, "evaluate.slices"))
        .map(cell -> cell.isText() ? columns.add(shortened(cell.name())) : columns.text(cell))
        .toList();
  }

  /** A text that is no longer than a name may be; of a longer one its beginning and its hash. */
  private static Column shortened(String name) {
    Column text = Columns.named(name);
    Column hash = HexDigits.of(xxhash64(text));
    return when(
            octet_length(text).gt(LONGEST_VALUE),
            concat(substring(text, 1, LONGEST_VALUE / 4), lit("…#"), hash))
        .otherwise(text);
  }

  /** Profiles of one slice: of all its rows, then by the values of each slice column. */
  static List<Profile> profiles(
      String table, Slice slice, StructType type, List<String> sliceColumns, GroupState state) {
    List<Profile> profiles = new ArrayList<>();
    Profiles make = new Profiles(table, slice, type, profiles);
    make.add(Optional.empty(), Optional.empty(), state.measures());
    for (int i = 0; i < sliceColumns.size(); i++) {
      Optional<String> column = Optional.of(sliceColumns.get(i));
      Map<String, List<ColumnMeasures>> sorted = new TreeMap<>();
      List<List<ColumnMeasures>> ofNull = new ArrayList<>();
      state
          .slice(i)
          .forEach(
              (value, measures) -> {
                if (value == null) {
                  ofNull.add(List.of(measures));
                } else {
                  sorted.put(value.toString(), List.of(measures));
                }
              });
      sorted.forEach((value, measures) -> make.add(column, Optional.of(value), measures));
      ofNull.forEach(measures -> make.add(column, Optional.empty(), measures));
    }
    return profiles;
  }

  private record Profiles(String table, Slice slice, StructType type, List<Profile> to) {

    void add(Optional<String> column, Optional<String> value, List<ColumnMeasures> measures) {
      for (int i = 0; i < measures.size(); i++) {
        StructField field = type.fields()[i];
        to.add(
            new Profile(
                table,
                slice.runId(),
                slice.day(),
                column,
                value,
                field.name(),
                field.dataType().simpleString(),
                measures.get(i)));
      }
    }
  }

  private static Map<String, Map<String, ColumnMeasures>> measure(
      Dataset<Row> rows, List<String> names, Column group) {
    ScanColumns columns = new ScanColumns(picked(rows, names));
    int position = columns.add(coalesce(group.cast("string"), lit("")));
    ScanPlan plan =
        new ScanPlan(columns.measured(), true, position, -1, List.of(), List.of(), List.of(), 0);
    Map<String, Map<String, ColumnMeasures>> byGroup = new TreeMap<>();
    ScanState.scan(columns.select(rows), plan)
        .groups()
        .forEach((value, state) -> byGroup.put(value, named(names, state.measures())));
    return byGroup;
  }

  private static StructType picked(Dataset<Row> rows, List<String> names) {
    return new StructType(
        names.stream().map(name -> rows.schema().apply(name)).toArray(StructField[]::new));
  }

  private static Map<String, ColumnMeasures> empty(Dataset<Row> rows, List<String> names) {
    StructField[] fields = picked(rows, names).fields();
    List<ColumnMeasures> measures = new ArrayList<>();
    for (int i = 0; i < fields.length; i++) {
      measures.add(ColumnMeasures.of(fields[i].dataType(), i));
    }
    return named(names, measures);
  }

  private static Map<String, ColumnMeasures> named(
      List<String> names, List<ColumnMeasures> measures) {
    Map<String, ColumnMeasures> named = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      named.put(names.get(i), measures.get(i));
    }
    return named;
  }
}
