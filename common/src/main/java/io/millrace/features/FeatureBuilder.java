package io.millrace.features;

import static io.millrace.table.TableDefinition.column;

import io.millrace.DataException;
import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.config.Every;
import io.millrace.config.PipelineSpec;
import io.millrace.config.PopulationSpec.Per;
import io.millrace.config.SourceSpec;
import io.millrace.config.SplitSpec;
import io.millrace.label.LabelBuilder;
import io.millrace.label.RawSlices;
import io.millrace.table.Columns;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import io.millrace.table.TableDefinition;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Builds feature rows of one or many dates in one pass over the raw rows. */
public final class FeatureBuilder {

  /** When an event happened. */
  public static final String TIME = "_time";

  /** Which definition of the features made the row. */
  public static final String VERSION = "features_version";

  private FeatureBuilder() {}

  /** Resolves the plan against a pinned raw table, with expressions typed by Spark. */
  public static FeaturePlan plan(PipelineSpec spec, PinnedTable raw) {
    return FeaturePlan.of(spec, raw.schema(), sql -> typeOf(spec, raw, sql));
  }

  private static DataType typeOf(PipelineSpec spec, PinnedTable raw, String sql) {
    String name =
        spec.features().expressions().entrySet().stream()
            .filter(e -> e.getValue().equals(sql))
            .map(Map.Entry::getKey)
            .sorted()
            .findFirst()
            .orElse(sql);
    try {
      DataType type = raw.read().select(functions.expr(sql).as("x")).schema().apply("x").dataType();
      requireOfOneRow(name, sql, raw);
      return type;
    } catch (SpecException e) {
      throw e;
    } catch (Exception e) {
      throw new SpecException(
          "features.expressions." + name + ": `" + sql + "` can't be read: " + reason(e, raw), e);
    }
  }

  /** Spark takes no aggregate, window or generator in a filter, and so tells them for us. */
  private static void requireOfOneRow(String name, String sql, PinnedTable raw) {
    try {
      raw.read().where(functions.expr(sql).isNotNull()).schema();
    } catch (Exception e) {
      throw new SpecException(
          "features.expressions."
              + name
              + ": `"
              + sql
              + "` looks beyond its row; an expression gives one value of one row, without"
              + " aggregate, window or explode",
          e);
    }
  }

  /** What Spark says, in one line without its codes; of columns it knows too many. */
  private static String reason(Exception fault, PinnedTable raw) {
    if (fault instanceof AnalysisException analysis
        && String.valueOf(analysis.getCondition()).startsWith("UNRESOLVED_COLUMN")) {
      String name = analysis.getMessageParameters().get("objectName").replace("`", "");
      return "there is no column " + name + "; " + mend(name, raw.schema());
    }
    return String.valueOf(fault.getMessage())
        .strip()
        .replaceFirst("(?s)\\R.*", "")
        .replaceFirst("^\\[[A-Z_.]+] ", "")
        .replaceFirst(" on search path \\[[^]]*]", "")
        .replaceFirst(" SQLSTATE: \\w+", "")
        .replaceFirst("[.;: ]*( line \\d+ pos \\d+)?;?$", "");
  }

  private static String mend(String name, StructType raw) {
    List<String> columns =
        List.of(raw.fieldNames()).stream().filter(c -> !RawColumns.isOurs(c)).toList();
    return Nearest.mend(name, columns, "columns");
  }

  /** The features table of a pipeline. */
  public static TableDefinition definition(PipelineSpec spec, FeaturePlan plan, StructType raw) {
    List<StructField> fields = new ArrayList<>();
    fields.add(column("run_id", DataTypes.StringType, "Run that wrote the row"));
    fields.add(column("date", DataTypes.DateType, "Logical date"));
    fields.add(column(VERSION, DataTypes.StringType, "Definition of the features"));
    for (String name : LabelBuilder.entity(spec)) {
      fields.add(column(name, type(raw, name), "Key of the entity"));
    }
    if (spec.population().per() == Per.EVENT) {
      fields.add(column(TIME, DataTypes.TimestampType, "When the event happened"));
    }
    if (spec.split() instanceof SplitSpec.ByFile) {
      fields.add(column(RawColumns.FILE, DataTypes.StringType, "File that the row came from"));
    }
    for (FeaturePlan.Planned feature : plan.features()) {
      fields.add(column(feature.name(), feature.type(), feature.origin()));
    }
    for (String name : plan.kept()) {
      fields.add(column(name, type(raw, name), "Kept for slices, no feature"));
    }
    return new TableDefinition(
        "features/" + spec.pipeline(),
        "Features of " + spec.pipeline() + ", one row per entity and date",
        new StructType(fields.toArray(StructField[]::new)),
        Optional.of("date"),
        List.of("run_id", VERSION));
  }

  private static DataType type(StructType raw, String name) {
    if (raw.getFieldIndex(name).isEmpty()) {
      throw new SpecException("entity: the source has no column " + name + "; " + mend(name, raw));
    }
    return raw.apply(name).dataType();
  }

  /**
   * Feature rows of some dates.
   *
   * @param version the definition of the features
   * @param runIds the run of each date
   * @param reach what each date reads
   * @throws DataException where an entity stands twice at one date
   */
  public static Dataset<Row> build(
      PipelineSpec spec,
      PinnedTable raw,
      FeaturePlan plan,
      String version,
      Map<LocalDate, String> runIds,
      Map<LocalDate, RawSlices> reach) {
    boolean events = spec.population().per() == Per.EVENT;
    Dataset<Row> rows = null;
    if (events) {
      rows = ofEvents(spec, raw, plan, runIds, reach);
    } else {
      for (Map.Entry<LocalDate, String> run : runIds.entrySet()) {
        Dataset<Row> one = ofEntities(spec, raw, plan, run, reach.get(run.getKey()));
        rows = rows == null ? one : rows.unionByName(one);
      }
    }
    if (reach.values().stream().anyMatch(slices -> slices.files() > 1)) {
      requireUnique(spec, rows);
    }
    return rows.withColumn(VERSION, functions.lit(version));
  }

  private static Dataset<Row> ofEvents(
      PipelineSpec spec,
      PinnedTable raw,
      FeaturePlan plan,
      Map<LocalDate, String> runIds,
      Map<LocalDate, RawSlices> reach) {
    Column filter = reach.values().stream().map(RawSlices::filter).reduce(Column::or).orElseThrow();
    if (reach.size() > 12) {
      filter = between(runIds, spec.every());
    }
    Column day = Columns.named(RawColumns.DAY);
    Column date = start(day, spec.every());
    Column runId = functions.element_at(LabelBuilder.literal(runIds), date);
    return raw.read()
        .where(filter)
        .select(columns(spec, plan, date, runId))
        .where(Columns.named("run_id").isNotNull());
  }

  /** One range instead of hundreds of alternatives; dates between them drop out by run id. */
  private static Column between(Map<LocalDate, String> runIds, Every every) {
    LocalDate first = runIds.keySet().stream().min(LocalDate::compareTo).orElseThrow();
    LocalDate last = runIds.keySet().stream().max(LocalDate::compareTo).orElseThrow();
    Column day = Columns.named(RawColumns.DAY);
    return day.geq(functions.lit(java.sql.Date.valueOf(first)))
        .and(day.lt(functions.lit(java.sql.Date.valueOf(every.next(last)))));
  }

  private static Column start(Column day, Every every) {
    return switch (every) {
      case DAY -> day;
      case WEEK -> functions.trunc(day, "week");
      case MONTH -> functions.trunc(day, "month");
    };
  }

  private static Dataset<Row> ofEntities(
      PipelineSpec spec,
      PinnedTable raw,
      FeaturePlan plan,
      Map.Entry<LocalDate, String> run,
      RawSlices slices) {
    Dataset<Row> rows = raw.read().where(slices.filter());
    SourceSpec source = spec.sources().get(spec.population().source());
    if (source.load() == SourceSpec.Load.APPEND && slices.files() > 1) {
      rows = latest(spec, source, rows);
    }
    return rows.select(
        columns(
            spec,
            plan,
            functions.lit(java.sql.Date.valueOf(run.getKey())),
            functions.lit(run.getValue())));
  }

  /** The last row of each entity: by time, then by ingest, then by row id. */
  private static Dataset<Row> latest(PipelineSpec spec, SourceSpec source, Dataset<Row> rows) {
    List<Column> order = new ArrayList<>();
    source.time().ifPresent(time -> order.add(Columns.named(time).desc()));
    order.add(Columns.named(RawColumns.INGESTED).desc());
    order.add(Columns.named(RawColumns.ROW_ID).desc());
    Column[] entity = LabelBuilder.entity(spec).stream().map(Columns::named).toArray(Column[]::new);
    return rows.withColumn(
            "_rank",
            functions
                .row_number()
                .over(Window.partitionBy(entity).orderBy(order.toArray(Column[]::new))))
        .where("_rank = 1")
        .drop("_rank");
  }

  private static Column[] columns(PipelineSpec spec, FeaturePlan plan, Column date, Column runId) {
    List<Column> columns = new ArrayList<>();
    columns.add(runId.as("run_id"));
    columns.add(date.as("date"));
    LabelBuilder.entity(spec).forEach(name -> columns.add(Columns.named(name)));
    if (spec.population().per() == Per.EVENT) {
      String time = spec.sources().get(spec.population().source()).time().orElseThrow();
      columns.add(Columns.named(time).cast("timestamp").as(TIME));
    }
    if (spec.split() instanceof SplitSpec.ByFile) {
      columns.add(Columns.named(RawColumns.FILE));
    }
    plan.features().forEach(feature -> columns.add(feature.value().as(feature.name())));
    plan.kept().forEach(name -> columns.add(Columns.named(name)));
    return columns.toArray(Column[]::new);
  }

  private static void requireUnique(PipelineSpec spec, Dataset<Row> rows) {
    List<String> entity = LabelBuilder.entity(spec);
    List<Column> key = new ArrayList<>();
    key.add(Columns.named("date"));
    entity.forEach(name -> key.add(Columns.named(name)));
    List<Row> twice =
        rows.groupBy(key.toArray(Column[]::new))
            .count()
            .where("count > 1")
            .orderBy(key.toArray(Column[]::new))
            .limit(1)
            .collectAsList();
    if (!twice.isEmpty()) {
      Row row = twice.get(0);
      StringBuilder values = new StringBuilder();
      for (int i = 0; i < entity.size(); i++) {
        values.append(i == 0 ? "" : ", ").append(entity.get(i)).append('=').append(row.get(i + 1));
      }
      throw new DataException(
          "features/"
              + spec.pipeline()
              + " at "
              + row.get(0)
              + ": "
              + values
              + " stands "
              + row.getLong(entity.size() + 1)
              + " times in "
              + spec.population().source()
              + "; one row per entity and date is needed: mend the files, or widen entity:");
    }
  }
}
