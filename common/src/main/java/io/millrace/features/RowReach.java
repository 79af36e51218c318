package io.millrace.features;

import static org.apache.spark.sql.functions.lit;

import io.millrace.config.JoinSpec;
import io.millrace.config.PipelineSpec;
import io.millrace.config.PopulationSpec.Per;
import io.millrace.config.Spans;
import io.millrace.config.WindowSpec;
import io.millrace.label.LabelBuilder;
import io.millrace.label.RawSlices;
import io.millrace.table.Columns;
import io.millrace.table.RawColumns;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Which raw rows the features of a prediction were made of, and whose features a raw row reached.
 * Both directions ask the same conditions, which are the sweep's said in SQL's terms.
 */
public final class RowReach {

  private static final Column MOMENT = Columns.named(PopulationRows.MOMENT);
  private static final Column DATE_END = Columns.named(PopulationRows.DATE_END);
  private static final Column DAY = Columns.named(RawColumns.DAY);

  /** A row of the source that is asked about: its key, its clock and when it became known. */
  private static final String KEY = "__key";

  private final FeatureSources sources;
  private final PipelineSpec spec;
  private final Map<LocalDate, FeatureReach> reaches;

  /**
   * @param reaches what each date reads of the sources
   */
  public RowReach(FeatureSources sources, Map<LocalDate, FeatureReach> reaches) {
    this.sources = sources;
    this.spec = sources.spec();
    this.reaches = new TreeMap<>(reaches);
  }

  /**
   * Rows that were read in one way.
   *
   * @param as which way, in words: {@code population}, {@code window by shop, 7d}
   * @param rows with all columns of the raw table, the latest first
   */
  public record Rows(String source, String as, Dataset<Row> rows) {}

  /** The rows of the population, one per date and entity, with their moments. */
  private Dataset<Row> population() {
    Map<LocalDate, String> runs = new TreeMap<>();
    reaches.keySet().forEach(date -> runs.put(date, ""));
    return new PopulationRows(sources, runs, reaches)
        .read(List.of(sources.population().schema().fieldNames()), Optional.empty());
  }

  /**
   * The rows behind the features of one entity at one date; none where the date doesn't have it.
   *
   * @param entity true of the entity's row
   */
  public List<Rows> behind(LocalDate date, Column entity) {
    String source = spec.population().source();
    Dataset<Row> asked =
        new RowReach(sources, Map.of(date, reaches.get(date))).population().where(entity);
    Dataset<Row> own =
        asked.drop(
            PopulationRows.DATE,
            PopulationRows.RUN,
            PopulationRows.MOMENT,
            PopulationRows.DATE_END);
    List<Rows> found = new ArrayList<>(List.of(new Rows(source, "population", own)));
    for (SweepGroup group : SweepGroup.of(spec)) {
      keyed(asked, group.source(), group.on()).ifPresent(row -> found.addAll(of(group, date, row)));
    }
    for (JoinSpec join : spec.features().joins()) {
      if (SweepGroup.isOfSnapshot(spec, join)) {
        keyed(asked, join.source(), join.on())
            .flatMap(row -> ofSnapshot(join, date, row))
            .ifPresent(found::add);
      }
    }
    return found;
  }

  /** The population's row with its key of a sweep; nothing where the key is null. */
  private Optional<Row> keyed(Dataset<Row> asked, String source, Map<String, String> on) {
    return asked
        .select(keys(source, on).ours().as(KEY), MOMENT, DATE_END)
        .where(Columns.named(KEY).isNotNull())
        .collectAsList()
        .stream()
        .findFirst();
  }

  private SweepKeys keys(String source, Map<String, String> on) {
    return SweepKeys.of(on, source, sources.schema(source), sources.population().schema());
  }

  private List<Rows> of(SweepGroup group, LocalDate date, Row asked) {
    List<Rows> found = new ArrayList<>();
    Column key = keys(group.source(), group.on()).its().equalTo(lit(asked.get(0)));
    Column time = clock(group);
    Column moment = lit(atEnd(group) ? asked.getLong(2) : asked.getLong(1));
    for (WindowSpec window : group.windows()) {
      FeatureReach.Days days = FeatureReach.days(spec, window, date);
      Dataset<Row> rows =
          sources
              .read(group.source())
              .where(DAY.geq(lit(days.from())).and(DAY.lt(lit(days.to()))))
              .where(key.and(counts(window, moment, time)).and(known(window, moment)));
      found.add(new Rows(group.source(), words(window), rows.orderBy(latest(time))));
    }
    for (JoinSpec join : group.joins()) {
      Dataset<Row> rows = sources.read(group.source()).where(key.and(counts(join, moment, time)));
      found.add(new Rows(group.source(), words(join), rows.orderBy(latest(time)).limit(1)));
    }
    return found;
  }

  private Optional<Rows> ofSnapshot(JoinSpec join, LocalDate date, Row asked) {
    return RawSlices.lastSnapshot(sources.table(join.source()), spec.every(), date)
        .map(
            day ->
                sources
                    .read(join.source())
                    .where(DAY.equalTo(lit(day)))
                    .where(keys(join.source(), join.on()).its().equalTo(lit(asked.get(0))))
                    .orderBy(latest(lit(0L)))
                    .limit(1))
        .map(rows -> new Rows(join.source(), words(join), rows));
  }

  private static Column[] latest(Column time) {
    return new Column[] {
      time.desc(),
      Columns.named(RawColumns.INGESTED).desc(),
      Columns.named(RawColumns.ROW_ID).desc()
    };
  }

  /** Microseconds of a row of a sweep's source. */
  private Column clock(SweepGroup group) {
    String name =
        group.clock() == SweepGroup.Clock.INGEST
            ? RawColumns.INGESTED
            : sources.source(group.source()).time().orElseThrow();
    return SweepColumns.clock(
        Columns.named(name), sources.schema(group.source()).apply(name).dataType());
  }

  private static boolean atEnd(SweepGroup group) {
    return group.moments() == SweepGroup.Moments.DATE_END;
  }

  /** Whether the widest span of a window holds a row, by microseconds. */
  private Column counts(WindowSpec window, Column moment, Column time) {
    Duration longest = window.over().stream().max(Duration::compareTo).orElseThrow();
    boolean strict =
        spec.population().per() == Per.EVENT && window.delay().isZero() && !window.withPresent();
    Column end = moment.minus(lit(SweepColumns.micros(window.delay())));
    return time.gt(end.minus(lit(SweepColumns.micros(longest))))
        .and(strict ? time.lt(end) : time.leq(end));
  }

  /** What a window asks of a row besides its key and time. */
  private static Column known(WindowSpec window, Column moment) {
    Column known =
        window
            .knownAt()
            .map(name -> functions.unix_micros(Columns.named(name).cast("timestamp")).leq(moment))
            .orElse(lit(true));
    return window.where().map(functions::expr).map(known::and).orElse(known);
  }

  private static Column counts(JoinSpec join, Column moment, Column time) {
    Column there = time.leq(moment.minus(lit(SweepColumns.micros(join.delay()))));
    return join.within()
        .map(within -> there.and(moment.minus(time).leq(lit(SweepColumns.micros(within)))))
        .orElse(there);
  }

  private static String words(WindowSpec window) {
    Duration longest = window.over().stream().max(Duration::compareTo).orElseThrow();
    return "window by "
        + window.by()
        + ", "
        + Spans.text(longest)
        + (window.delay().isZero() ? "" : ", delay " + Spans.text(window.delay()));
  }

  private static String words(JoinSpec join) {
    return "join on " + String.join(", ", new TreeMap<>(join.on()).keySet());
  }

  /**
   * The predictions whose features read a row: columns {@code date} and those of the entity, each
   * once.
   *
   * @param row true of the row, or of a few, in the raw table of the source
   */
  public Dataset<Row> reached(String source, Column row) {
    Dataset<Row> population = population();
    List<Dataset<Row>> found = new ArrayList<>();
    if (source.equals(spec.population().source())) {
      found.add(population.where(row));
    }
    for (SweepGroup group : SweepGroup.of(spec)) {
      if (group.source().equals(source)) {
        ofSweep(group, row).ifPresent(read -> found.add(population.where(read)));
      }
    }
    for (JoinSpec join : spec.features().joins()) {
      if (join.source().equals(source) && SweepGroup.isOfSnapshot(spec, join)) {
        ofSnapshot(join, row).ifPresent(read -> found.add(population.where(read)));
      }
    }
    List<Column> columns = new ArrayList<>();
    columns.add(Columns.named(PopulationRows.DATE).as("date"));
    LabelBuilder.entity(spec).forEach(name -> columns.add(Columns.named(name)));
    Column[] selected = columns.toArray(Column[]::new);
    return found.stream()
        .map(rows -> rows.select(selected))
        .reduce(Dataset::unionByName)
        .map(Dataset::distinct)
        .orElseGet(() -> population.where("false").select(selected));
  }

  /** Which rows of the population a sweep lets see the rows; nothing where it lets none. */
  private Optional<Column> ofSweep(SweepGroup group, Column row) {
    SweepKeys keys = keys(group.source(), group.on());
    Column time = clock(group);
    Column moment = atEnd(group) ? DATE_END : MOMENT;
    List<Column> read = new ArrayList<>();
    for (WindowSpec window : group.windows()) {
      Column knownAt =
          window
              .knownAt()
              .map(name -> functions.unix_micros(Columns.named(name).cast("timestamp")))
              .orElse(lit(Long.MIN_VALUE));
      Dataset<Row> rows = sources.read(group.source()).where(row);
      Dataset<Row> counted = window.where().map(rows::where).orElse(rows);
      for (Row one : counted.select(keys.its().as(KEY), time, knownAt).collectAsList()) {
        if (!one.isNullAt(0) && !one.isNullAt(1) && !one.isNullAt(2)) {
          read.add(
              keys.ours()
                  .equalTo(lit(one.get(0)))
                  .and(counts(window, moment, lit(one.getLong(1))))
                  .and(moment.geq(lit(one.getLong(2)))));
        }
      }
    }
    group.joins().forEach(join -> read.addAll(ofJoin(group, join, row)));
    return read.stream().reduce(Column::or);
  }

  /** A joined row counts from its time until the next one of its key takes its place. */
  private List<Column> ofJoin(SweepGroup group, JoinSpec join, Column row) {
    SweepKeys keys = keys(group.source(), group.on());
    Column time = clock(group);
    Column order =
        functions.struct(
            time, Columns.named(RawColumns.INGESTED), Columns.named(RawColumns.ROW_ID));
    Column moment = atEnd(group) ? DATE_END : MOMENT;
    List<Column> read = new ArrayList<>();
    for (Row one :
        sources
            .read(group.source())
            .where(row)
            .select(
                keys.its().as(KEY),
                time,
                Columns.named(RawColumns.INGESTED),
                Columns.named(RawColumns.ROW_ID))
            .collectAsList()) {
      if (one.isNullAt(0) || one.isNullAt(1)) {
        continue;
      }
      Column its = functions.struct(lit(one.get(1)), lit(one.get(2)), lit(one.get(3)));
      Row next =
          sources
              .read(group.source())
              .where(keys.its().equalTo(lit(one.get(0))).and(order.gt(its)))
              .agg(functions.min(time))
              .first();
      Column reads =
          keys.ours().equalTo(lit(one.get(0))).and(counts(join, moment, lit(one.getLong(1))));
      Column delayed = moment.minus(lit(SweepColumns.micros(join.delay())));
      read.add(next.isNullAt(0) ? reads : reads.and(delayed.lt(lit(next.getLong(0)))));
    }
    return read;
  }

  private Optional<Column> ofSnapshot(JoinSpec join, Column row) {
    SweepKeys keys = keys(join.source(), join.on());
    List<Column> read = new ArrayList<>();
    List<Row> rows =
        sources.read(join.source()).where(row).select(keys.its().as(KEY), DAY).collectAsList();
    for (Row one : rows) {
      List<LocalDate> dates =
          reaches.keySet().stream().filter(date -> isOf(join, date, one.get(1))).toList();
      if (!one.isNullAt(0) && !dates.isEmpty()) {
        read.add(
            keys.ours()
                .equalTo(lit(one.get(0)))
                .and(Columns.named(PopulationRows.DATE).isin(dates.toArray())));
      }
    }
    return read.stream().reduce(Column::or);
  }

  private boolean isOf(JoinSpec join, LocalDate date, Object day) {
    return RawSlices.lastSnapshot(sources.table(join.source()), spec.every(), date)
        .map(last -> last.toString().equals(day.toString()))
        .orElse(false);
  }
}
