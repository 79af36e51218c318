package io.millrace.features;

import io.millrace.config.JoinSpec;
import io.millrace.config.PipelineSpec;
import io.millrace.config.WindowSpec;
import io.millrace.table.Columns;
import io.millrace.table.InternalRows;
import io.millrace.table.RawColumns;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Adds what windows and joins know to rows of the population: one sweep after another, each a
 * shuffle by its key and a sort by key and time. Sweeps over the population's own events come
 * first, and read each row once, as event and as one that is asked.
 */
final class PointInTime {

  private static final String KEY = "__key";
  private static final String AT = "__at";
  private static final String ROLE = "__role";
  private static final String INGESTED = "__ingested";
  private static final String ROW_ID = "__row_id";
  private static final String ORDER = "__order";

  private static final int ASKED_EVENT = Sweep.EVENT | Sweep.EMITTED | Sweep.ASKED;
  private static final int EVENT_ONLY = Sweep.EVENT | Sweep.EMITTED;

  private final FeatureSources sources;
  private final PipelineSpec spec;
  private final Collection<LocalDate> dates;
  private final List<SweepGroup> groups;

  PointInTime(FeatureSources sources, Collection<LocalDate> dates) {
    this.sources = sources;
    this.spec = sources.spec();
    this.dates = dates;
    this.groups = SweepGroup.of(spec);
  }

  /** Columns of the population's raw table that sweeps, joins and features read. */
  List<String> needed(FeaturePlan plan, Column[] features) {
    StructType raw = sources.population().schema();
    StructType all =
        plan.all(raw)
            .add(PopulationRows.DATE, DataTypes.DateType)
            .add(PopulationRows.RUN, DataTypes.StringType);
    List<Column> read = new ArrayList<>(List.of(features));
    Set<String> ours = new TreeSet<>();
    for (SweepGroup group : groups) {
      ours.addAll(group.on().values());
      if (group.isOwn(spec)) {
        read.addAll(new SweepColumns(spec, group, raw, 0).inputs());
        if (SweepColumns.isOrdered(group)) {
          ours.addAll(List.of(RawColumns.INGESTED, RawColumns.ROW_ID));
        }
      }
    }
    spec.features().joins().forEach(join -> ours.addAll(join.on().values()));
    ours.addAll(new SqlTypes(sources.spark(), all).columnsOf(read));
    return Stream.of(raw.fieldNames()).filter(ours::contains).toList();
  }

  /** Days of the population's own table that are read as events; empty where none are. */
  Optional<FeatureReach.Days> ownEvents() {
    return groups.stream()
        .filter(group -> group.isOwn(spec))
        .map(this::days)
        .reduce(FeatureReach.Days::and);
  }

  private FeatureReach.Days days(SweepGroup group) {
    List<FeatureReach.Days> days = new ArrayList<>();
    for (LocalDate date : dates) {
      for (WindowSpec window : group.windows()) {
        days.add(FeatureReach.days(spec, window, date));
      }
      for (JoinSpec join : group.joins()) {
        days.add(FeatureReach.days(spec, join, date));
      }
    }
    return days.stream().reduce(FeatureReach.Days::and).orElseThrow();
  }

  /** Adds all columns that windows and joins make. */
  Dataset<Row> add(Dataset<Row> population) {
    Dataset<Row> rows = population;
    boolean asked = false;
    for (SweepGroup group : groups) {
      if (!asked && !group.isOwn(spec)) {
        rows = asked(rows);
        asked = true;
      }
      rows = sweep(rows, group);
    }
    rows = asked ? rows : asked(rows);
    for (JoinSpec join : spec.features().joins()) {
      if (SweepGroup.isOfSnapshot(spec, join)) {
        rows = SnapshotJoin.add(rows, sources, join, dates);
      }
    }
    return rows;
  }

  /** Without the rows that were only looked back to. */
  private static Dataset<Row> asked(Dataset<Row> rows) {
    return rows.where(Columns.named(PopulationRows.RUN).isNotNull());
  }

  private Dataset<Row> sweep(Dataset<Row> rows, SweepGroup group) {
    boolean ordered = SweepColumns.isOrdered(group);
    StructType its = sources.schema(group.source());
    StructType ours = sources.population().schema();
    SweepKeys keys = SweepKeys.of(group.on(), group.source(), its, ours);
    int width = rows.columns().length;
    SweepColumns made = new SweepColumns(spec, group, its, width + (ordered ? 5 : 3));
    Dataset<Row> input =
        group.isOwn(spec)
            ? own(rows, keys, made, ordered)
            : united(rows, events(group, keys, made, ordered), group, keys);
    Optional<SweepOrder> order = order(group, ordered);
    if (order.isPresent()) {
      input = input.withColumn(ORDER, order.get().column(KEY, AT));
    }
    Sweep.Plan plan =
        new Sweep.Plan(
            width,
            keys.isLong(),
            width + 1,
            width + 2,
            order.isPresent() ? input.columns().length - 1 : -1,
            order.map(SweepOrder::timeBits).orElse(0),
            made.lanes(),
            made.outputs().stream().map(StructField::dataType).toArray(DataType[]::new));
    return results(rows, swept(sorted(input, ordered), plan, made.outputs()), group);
  }

  /** Where one long can say the order of the rows; own events are there of all sweeps. */
  private Optional<SweepOrder> order(SweepGroup group, boolean ordered) {
    if (ordered) {
      return Optional.empty();
    }
    FeatureReach.Days days = group.isOwn(spec) ? ownEvents().orElseThrow() : days(group);
    return Optional.of(SweepOrder.of(days, spec.every(), dates)).filter(SweepOrder::fits);
  }

  private Dataset<Row> own(Dataset<Row> rows, SweepKeys keys, SweepColumns made, boolean ordered) {
    List<Column> columns = named(rows);
    columns.add(keys.ours().as(KEY));
    columns.add(Columns.named(PopulationRows.MOMENT).as(AT));
    columns.add(
        functions
            .when(Columns.named(PopulationRows.RUN).isNotNull(), functions.lit(ASKED_EVENT))
            .otherwise(functions.lit(EVENT_ONLY))
            .as(ROLE));
    order(columns, ordered);
    columns.addAll(made.inputs());
    return rows.select(columns.toArray(Column[]::new));
  }

  private static List<Column> named(Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>();
    for (String name : rows.columns()) {
      columns.add(Columns.named(name));
    }
    return columns;
  }

  private static void order(List<Column> columns, boolean ordered) {
    if (ordered) {
      columns.add(Columns.named(RawColumns.INGESTED).as(INGESTED));
      columns.add(Columns.named(RawColumns.ROW_ID).as(ROW_ID));
    }
  }

  /** The rows of another source that may be looked back to. */
  private Dataset<Row> events(
      SweepGroup group, SweepKeys keys, SweepColumns made, boolean ordered) {
    StructType schema = sources.schema(group.source());
    String clock =
        group.clock() == SweepGroup.Clock.INGEST
            ? RawColumns.INGESTED
            : sources.source(group.source()).time().orElseThrow();
    List<Column> columns = new ArrayList<>();
    columns.add(keys.its().as(KEY));
    columns.add(SweepColumns.clock(Columns.named(clock), schema.apply(clock).dataType()).as(AT));
    columns.add(functions.lit(Sweep.EVENT).as(ROLE));
    order(columns, ordered);
    columns.addAll(made.inputs());
    Dataset<Row> rows = sources.read(group.source()).where(reach(group));
    if (group.joins().isEmpty()
        && group.windows().stream().allMatch(window -> window.where().isPresent())) {
      rows =
          rows.where(
              group.windows().stream()
                  .map(window -> functions.expr(window.where().get()))
                  .reduce(Column::or)
                  .orElseThrow());
    }
    return rows.select(columns.toArray(Column[]::new)).where(Columns.named(KEY).isNotNull());
  }

  private Column reach(SweepGroup group) {
    if (group.joins().stream().allMatch(join -> join.asOf().isPresent())) {
      FeatureReach.Days days = days(group);
      Column day = Columns.named(RawColumns.DAY);
      return day.geq(functions.lit(days.from())).and(day.lt(functions.lit(days.to())));
    }
    LocalDate last = dates.stream().max(LocalDate::compareTo).orElseThrow();
    boolean byDay = group.clock() == SweepGroup.Clock.TIME;
    return Columns.named(byDay ? RawColumns.DAY : RawColumns.INGESTED)
        .lt(functions.lit(spec.every().next(last)));
  }

  /** Rows of the population, then events in columns of their own. */
  private Dataset<Row> united(
      Dataset<Row> rows, Dataset<Row> events, SweepGroup group, SweepKeys keys) {
    boolean atEnd = group.moments() == SweepGroup.Moments.DATE_END;
    List<Column> asked = named(rows);
    asked.add(keys.ours().as(KEY));
    asked.add(Columns.named(atEnd ? PopulationRows.DATE_END : PopulationRows.MOMENT).as(AT));
    asked.add(functions.lit(Sweep.EMITTED | Sweep.ASKED).as(ROLE));
    for (StructField field : events.schema().fields()) {
      if (!List.of(KEY, AT, ROLE).contains(field.name())) {
        asked.add(functions.lit(null).cast(field.dataType()).as(field.name()));
      }
    }
    List<Column> other = new ArrayList<>();
    for (StructField field : rows.schema().fields()) {
      other.add(functions.lit(null).cast(field.dataType()).as(field.name()));
    }
    other.addAll(named(events));
    return rows.select(asked.toArray(Column[]::new))
        .unionAll(events.select(other.toArray(Column[]::new)));
  }

  /** Null keys match nothing, and are strewn by time so that they don't make one large task. */
  private static Dataset<Row> sorted(Dataset<Row> rows, boolean ordered) {
    Column key = Columns.named(KEY);
    Column at = Columns.named(AT);
    List<Column> order = new ArrayList<>(List.of(key, at));
    if (List.of(rows.columns()).contains(ORDER)) {
      order = List.of(Columns.named(ORDER));
    } else if (ordered) {
      order.addAll(List.of(Columns.named(INGESTED), Columns.named(ROW_ID)));
    }
    return rows.repartition(key, functions.when(key.isNull(), at))
        .sortWithinPartitions(order.toArray(Column[]::new));
  }

  private static Dataset<Row> swept(
      Dataset<Row> sorted, Sweep.Plan plan, List<StructField> outputs) {
    StructType schema = sorted.schema().asNullable();
    for (StructField field : outputs) {
      schema = schema.add(field);
    }
    JavaRDD<InternalRow> rows =
        InternalRows.of(sorted).mapPartitions(partition -> new Sweep(plan, partition));
    return InternalRows.dataset(sorted.sparkSession(), rows, schema);
  }

  /** The rows as they were, and the features that the sweep made. */
  private static Dataset<Row> results(Dataset<Row> before, Dataset<Row> swept, SweepGroup group) {
    List<Column> columns = named(before);
    group.windows().stream()
        .flatMap(window -> window.features().stream())
        .forEach(name -> columns.add(Columns.named(name)));
    for (int i = 0; i < group.joins().size(); i++) {
      columns.addAll(SnapshotJoin.columns(group.joins().get(i), SweepColumns.struct(i)));
    }
    return swept.select(columns.toArray(Column[]::new));
  }
}
