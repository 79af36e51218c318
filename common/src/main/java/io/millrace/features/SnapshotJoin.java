package io.millrace.features;

import io.millrace.config.JoinSpec;
import io.millrace.label.RawSlices;
import io.millrace.table.Columns;
import io.millrace.table.RawColumns;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/** Joins each date with the last snapshot that is known at it. */
final class SnapshotJoin {

  private static final String KEY = "__key";
  private static final String DAY = "__snapshot";

  private SnapshotJoin() {}

  /** Adds the columns of a join; of rows with one key that of the last ingest and row id counts. */
  static Dataset<Row> add(
      Dataset<Row> rows, FeatureSources sources, JoinSpec join, Collection<LocalDate> dates) {
    Map<LocalDate, LocalDate> days = new LinkedHashMap<>();
    for (LocalDate date : dates) {
      RawSlices.lastSnapshot(sources.table(join.source()), sources.spec().every(), date)
          .ifPresent(day -> days.put(date, day));
    }
    StructType its = sources.schema(join.source());
    SweepKeys keys = SweepKeys.of(join.on(), join.source(), its, sources.population().schema());
    Column[] struct = join.columns().stream().map(Columns::named).toArray(Column[]::new);
    Column order =
        functions.struct(Columns.named(RawColumns.INGESTED), Columns.named(RawColumns.ROW_ID));
    Dataset<Row> last =
        sources
            .read(join.source())
            .where(Columns.named(RawColumns.DAY).isin(days.values().stream().distinct().toArray()))
            .groupBy(keys.its().as(KEY), Columns.named(RawColumns.DAY).as(DAY))
            .agg(functions.max_by(functions.struct(struct), order).as(SweepColumns.struct(0)));
    List<Column> columns = new ArrayList<>();
    for (String name : rows.columns()) {
      columns.add(Columns.named(name));
    }
    columns.addAll(columns(join, SweepColumns.struct(0)));
    return rows.withColumns(Map.of(KEY, keys.ours(), DAY, literal(days)))
        .join(last, CollectionConverters.asScala(List.of(KEY, DAY)).toSeq(), "left")
        .select(columns.toArray(Column[]::new));
  }

  /** The columns that a join makes of the struct of a row. */
  static List<Column> columns(JoinSpec join, String struct) {
    return join.columns().stream()
        .map(name -> Columns.named(struct).getField(name).as(join.feature(name)))
        .toList();
  }

  private static Column literal(Map<LocalDate, LocalDate> days) {
    List<Column> entries = new ArrayList<>();
    days.forEach(
        (date, day) -> {
          entries.add(functions.lit(date));
          entries.add(functions.lit(day));
        });
    return days.isEmpty()
        ? functions.lit(null).cast(DataTypes.DateType)
        : functions.element_at(
            functions.map(entries.toArray(Column[]::new)), Columns.named(PopulationRows.DATE));
  }
}
