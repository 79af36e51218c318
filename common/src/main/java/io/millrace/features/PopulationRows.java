package io.millrace.features;

import io.millrace.DataException;
import io.millrace.config.Every;
import io.millrace.config.PipelineSpec;
import io.millrace.config.PopulationSpec.Per;
import io.millrace.config.SourceSpec;
import io.millrace.label.LabelBuilder;
import io.millrace.label.RawSlices;
import io.millrace.table.Columns;
import io.millrace.table.RawColumns;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * The raw rows that get features, with what a row must know to be asked: its date and run, its
 * moment, and whether it is asked at all or only an event that others look back to.
 */
final class PopulationRows {

  /** Logical date. */
  static final String DATE = "__date";

  /** Run of the date; null for rows that aren't asked. */
  static final String RUN = "__run";

  /** Moment of the prediction: the last microsecond that may be known. */
  static final String MOMENT = "__moment";

  /** Last microsecond of the date. */
  static final String DATE_END = "__date_end";

  private final FeatureSources sources;
  private final Map<LocalDate, String> runIds;
  private final Map<LocalDate, FeatureReach> reaches;

  PopulationRows(
      FeatureSources sources, Map<LocalDate, String> runIds, Map<LocalDate, FeatureReach> reaches) {
    this.sources = sources;
    this.runIds = runIds;
    this.reaches = reaches;
  }

  /**
   * The rows.
   *
   * @param needed raw columns that they keep
   * @param events days of events that are looked back to, in the population's own table
   */
  Dataset<Row> read(List<String> needed, Optional<FeatureReach.Days> events) {
    if (sources.spec().population().per() == Per.EVENT) {
      return ofEvents(needed, events);
    }
    Dataset<Row> rows = null;
    for (Map.Entry<LocalDate, String> run : runIds.entrySet()) {
      Dataset<Row> one = ofEntities(needed, run, reaches.get(run.getKey()).population());
      rows = rows == null ? one : rows.unionByName(one);
    }
    return rows;
  }

  private Every every() {
    return sources.spec().every();
  }

  private SourceSpec source() {
    return sources.source(sources.spec().population().source());
  }

  private Dataset<Row> ofEvents(List<String> needed, Optional<FeatureReach.Days> events) {
    Column asked =
        reaches.values().stream()
            .map(reach -> reach.population().filter())
            .reduce(Column::or)
            .orElseThrow();
    if (reaches.size() > 12) {
      asked = between();
    }
    Column day = Columns.named(RawColumns.DAY);
    Column filter =
        events.isEmpty()
            ? asked
            : asked.or(
                day.geq(functions.lit(events.get().from()))
                    .and(day.lt(functions.lit(events.get().to()))));
    Column date = start(day);
    Column runId = functions.element_at(LabelBuilder.literal(runIds), date);
    Column time = Columns.named(source().time().orElseThrow()).cast(DataTypes.TimestampType);
    Dataset<Row> rows =
        sources
            .read(sources.spec().population().source())
            .where(filter)
            .select(columns(needed, date, runId, functions.unix_micros(time), dateEnd(date)));
    return events.isEmpty() ? rows.where(Columns.named(RUN).isNotNull()) : rows;
  }

  /** One range instead of hundreds of alternatives; dates between them drop out by run id. */
  private Column between() {
    LocalDate first = runIds.keySet().stream().min(LocalDate::compareTo).orElseThrow();
    LocalDate last = runIds.keySet().stream().max(LocalDate::compareTo).orElseThrow();
    Column day = Columns.named(RawColumns.DAY);
    return day.geq(functions.lit(first)).and(day.lt(functions.lit(every().next(last))));
  }

  private Column start(Column day) {
    return switch (every()) {
      case DAY -> day;
      case WEEK -> functions.trunc(day, "week");
      case MONTH -> functions.trunc(day, "month");
    };
  }

  private Column dateEnd(Column date) {
    Map<LocalDate, Long> ends = new LinkedHashMap<>();
    runIds.keySet().forEach(day -> ends.put(day, lastMicro(day)));
    List<Column> entries = new ArrayList<>();
    ends.forEach(
        (day, end) -> {
          entries.add(functions.lit(day));
          entries.add(functions.lit(end));
        });
    return functions.element_at(functions.map(entries.toArray(Column[]::new)), date);
  }

  /** The last microsecond of a date's period. */
  private long lastMicro(LocalDate date) {
    return every().next(date).atStartOfDay(ZoneOffset.UTC).toEpochSecond() * 1_000_000 - 1;
  }

  private Dataset<Row> ofEntities(
      List<String> needed, Map.Entry<LocalDate, String> run, RawSlices slices) {
    PipelineSpec spec = sources.spec();
    Dataset<Row> rows = sources.read(spec.population().source()).where(slices.filter());
    if (source().load() == SourceSpec.Load.APPEND && slices.files() > 1) {
      rows = latest(rows);
    }
    Column end = functions.lit(lastMicro(run.getKey()));
    return rows.select(
        columns(needed, functions.lit(run.getKey()), functions.lit(run.getValue()), end, end));
  }

  /** The last row of each entity: by time, then by ingest, then by row id. */
  private Dataset<Row> latest(Dataset<Row> rows) {
    List<Column> order = new ArrayList<>();
    source().time().ifPresent(time -> order.add(Columns.named(time).desc()));
    order.add(Columns.named(RawColumns.INGESTED).desc());
    order.add(Columns.named(RawColumns.ROW_ID).desc());
    Column[] entity =
        LabelBuilder.entity(sources.spec()).stream().map(Columns::named).toArray(Column[]::new);
    return rows.withColumn(
            "_rank",
            functions
                .row_number()
                .over(Window.partitionBy(entity).orderBy(order.toArray(Column[]::new))))
        .where("_rank = 1")
        .drop("_rank");
  }

  private static Column[] columns(
      List<String> needed, Column date, Column runId, Column moment, Column dateEnd) {
    List<Column> columns = new ArrayList<>();
    needed.forEach(name -> columns.add(Columns.named(name)));
    columns.add(date.as(DATE));
    columns.add(runId.as(RUN));
    columns.add(moment.as(MOMENT));
    columns.add(dateEnd.as(DATE_END));
    return columns.toArray(Column[]::new);
  }

  /**
   * Makes sure that no entity stands twice at one date.
   *
   * @param rows of {@link #read}
   * @throws DataException naming the first that does
   */
  void requireUnique(Dataset<Row> rows) {
    if (reaches.values().stream().noneMatch(reach -> reach.population().files() > 1)) {
      return;
    }
    List<String> entity = LabelBuilder.entity(sources.spec());
    List<Column> key = new ArrayList<>();
    key.add(Columns.named(DATE));
    entity.forEach(name -> key.add(Columns.named(name)));
    List<Row> twice =
        rows.where(Columns.named(RUN).isNotNull())
            .groupBy(key.toArray(Column[]::new))
            .count()
            .where("count > 1")
            .orderBy(key.toArray(Column[]::new))
            .limit(1)
            .collectAsList();
    if (!twice.isEmpty()) {
      throw standsTwice(entity, twice.get(0));
    }
  }

  private DataException standsTwice(List<String> entity, Row row) {
    StringBuilder values = new StringBuilder();
    for (int i = 0; i < entity.size(); i++) {
      values.append(i == 0 ? "" : ", ").append(entity.get(i)).append('=').append(row.get(i + 1));
    }
    return new DataException(
        "features/"
            + sources.spec().pipeline()
            + " at "
            + row.get(0)
            + ": "
            + values
            + " stands "
            + row.getLong(entity.size() + 1)
            + " times in "
            + sources.spec().population().source()
            + "; one row per entity and date is needed: mend the files, or widen entity:");
  }
}
