package io.millrace.features;

import io.millrace.config.JoinSpec;
import io.millrace.config.PipelineSpec;
import io.millrace.config.PopulationSpec.Per;
import io.millrace.config.WindowSpec;
import io.millrace.config.WindowSpec.Aggregate;
import io.millrace.table.Columns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/**
 * What a sweep reads of its source and what it makes of it.
 *
 * <p>A row that a window's condition leaves out has null in all its columns, and nulls don't count.
 * Rows are counted by a column that is 1.
 */
final class SweepColumns {

  private static final long MICROS = 1_000_000;

  private final boolean events;
  private final StructType schema;
  private final int firstOrdinal;
  private final List<Column> inputs = new ArrayList<>();
  private final List<LanePlan> lanes = new ArrayList<>();
  private final List<StructField> outputs = new ArrayList<>();

  /**
   * @param firstOrdinal where the inputs begin among the columns of the swept rows
   */
  SweepColumns(PipelineSpec spec, SweepGroup group, StructType schema, int firstOrdinal) {
    this.events = spec.population().per() == Per.EVENT;
    this.schema = schema;
    this.firstOrdinal = firstOrdinal;
    group.windows().forEach(this::window);
    for (int i = 0; i < group.joins().size(); i++) {
      join(group.joins().get(i), struct(i));
    }
  }

  /** The struct that holds the row of a group's join. */
  static String struct(int join) {
    return "__row" + join;
  }

  List<Column> inputs() {
    return inputs;
  }

  List<LanePlan> lanes() {
    return lanes;
  }

  /** The results: numbers and values of windows, then a struct for each join. */
  List<StructField> outputs() {
    return outputs;
  }

  /** Whether a result depends on the order of rows of one instant. */
  static boolean isOrdered(SweepGroup group) {
    return !group.joins().isEmpty()
        || group.windows().stream()
            .flatMap(window -> window.aggregate().values().stream())
            .anyMatch(aggregates -> aggregates.contains(Aggregate.LAST));
  }

  private int input(Column column) {
    inputs.add(column.as("__in" + inputs.size()));
    return firstOrdinal + inputs.size() - 1;
  }

  /** A span in microseconds. */
  static long micros(Duration span) {
    return Math.multiplyExact(span.toSeconds(), MICROS);
  }

  private void window(WindowSpec window) {
    int knownAt = window.knownAt().map(name -> input(micros(Columns.named(name)))).orElse(-1);
    List<LanePlan.Input> read = new ArrayList<>();
    List<LanePlan.Output> made = new ArrayList<>();
    for (Map.Entry<String, List<Aggregate>> of : window.aggregate().entrySet()) {
      DataType type =
          of.getKey().equals("*") ? DataTypes.LongType : schema.apply(of.getKey()).dataType();
      Set<Aggregate> asText = EnumSet.noneOf(Aggregate.class);
      Set<Aggregate> asNumber = EnumSet.noneOf(Aggregate.class);
      for (Aggregate aggregate : of.getValue()) {
        boolean text = type instanceof StringType || aggregate == Aggregate.DISTINCT;
        (text ? asText : asNumber).add(aggregate);
      }
      int number = read.size();
      int text = asNumber.isEmpty() ? number : number + 1;
      if (!asNumber.isEmpty()) {
        int ordinal = input(counted(window, number(of.getKey(), type)));
        read.add(new LanePlan.Input(ordinal, false, type instanceof BooleanType, asNumber));
      }
      if (!asText.isEmpty()) {
        int ordinal = input(counted(window, text(of.getKey(), type)));
        read.add(new LanePlan.Input(ordinal, true, false, asText));
      }
      for (Aggregate aggregate : of.getValue()) {
        for (int span = 0; span < window.over().size(); span++) {
          int from = asText.contains(aggregate) ? text : number;
          made.add(new LanePlan.Output(from, span, aggregate));
          String name = window.feature(of.getKey(), aggregate, window.over().get(span));
          outputs.add(new StructField(name, MadeColumns.type(aggregate, type), true, none()));
        }
      }
    }
    lanes.add(
        new LanePlan.Window(
            micros(window.delay()),
            events && window.delay().isZero() && !window.withPresent(),
            knownAt,
            events ? 0 : 1,
            window.over().stream().map(SweepColumns::micros).toList(),
            read,
            made));
  }

  private static org.apache.spark.sql.types.Metadata none() {
    return org.apache.spark.sql.types.Metadata.empty();
  }

  private static Column micros(Column time) {
    return functions.unix_micros(time.cast(DataTypes.TimestampType));
  }

  private static Column counted(WindowSpec window, Column value) {
    Optional<Column> where = window.where().map(functions::expr);
    return where.map(condition -> functions.when(condition, value)).orElse(value);
  }

  private static Column number(String name, DataType type) {
    if (name.equals("*")) {
      return functions.lit(1.0);
    }
    Column value = Columns.named(name);
    boolean isNumber = type instanceof NumericType || type instanceof BooleanType;
    return isNumber
        ? value.cast(DataTypes.DoubleType)
        : functions.when(value.isNotNull(), functions.lit(1.0));
  }

  /** A text for each value: NaN is null, and zero has no sign. */
  private static Column text(String name, DataType type) {
    Column value = Columns.named(name);
    if (!type.equals(DataTypes.DoubleType) && !type.equals(DataTypes.FloatType)) {
      return value.cast(DataTypes.StringType);
    }
    return functions.when(
        functions.not(functions.isnan(value)),
        value.plus(functions.lit(0.0)).cast(DataTypes.StringType));
  }

  private void join(JoinSpec join, String name) {
    StructType row = new StructType();
    List<Column> columns = new ArrayList<>();
    for (String column : join.columns()) {
      row = row.add(column, schema.apply(column).dataType());
      columns.add(Columns.named(column));
    }
    int ordinal = input(functions.struct(columns.toArray(Column[]::new)));
    long within = join.within().map(SweepColumns::micros).orElse(Long.MAX_VALUE);
    lanes.add(new LanePlan.Join(micros(join.delay()), within, ordinal, row.length()));
    outputs.add(new StructField(name, row, true, none()));
  }

  /** The instant of a date or timestamp, as the sweep's clock counts it. */
  static Column clock(Column time, DataType type) {
    if (!(type instanceof DateType) && !(type instanceof TimestampType)) {
      throw new IllegalArgumentException("a time of type " + type.simpleString());
    }
    return micros(time);
  }
}
