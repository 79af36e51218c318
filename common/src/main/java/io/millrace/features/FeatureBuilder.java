package io.millrace.features;

import static io.millrace.table.TableDefinition.column;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.config.PipelineSpec;
import io.millrace.config.PopulationSpec.Per;
import io.millrace.config.SplitSpec;
import io.millrace.label.LabelBuilder;
import io.millrace.table.Columns;
import io.millrace.table.RawColumns;
import io.millrace.table.TableDefinition;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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

  /** A task writes about so many rows of one date. */
  private static final long ROWS_PER_FILE = 1_000_000;

  private FeatureBuilder() {}

  /** Resolves the plan against pinned raw tables, with expressions typed by Spark. */
  public static FeaturePlan plan(FeatureSources sources) {
    PipelineSpec spec = sources.spec();
    StructType raw = sources.population().schema();
    List<StructField> made = MadeColumns.of(sources);
    if (spec.features().expressions().isEmpty()) {
      return FeaturePlan.of(spec, raw, made, sql -> DataTypes.NullType);
    }
    StructType all = raw;
    for (StructField field : made) {
      all = all.add(field);
    }
    SqlTypes types = new SqlTypes(sources.spark(), all);
    return FeaturePlan.of(spec, raw, made, sql -> types.of(place(spec, sql), sql));
  }

  private static String place(PipelineSpec spec, String sql) {
    return spec.features().expressions().entrySet().stream()
        .filter(e -> e.getValue().equals(sql))
        .map(e -> "features.expressions." + e.getKey())
        .sorted()
        .findFirst()
        .orElseThrow();
  }

  /** The features table of a pipeline. */
  public static TableDefinition definition(PipelineSpec spec, FeaturePlan plan, StructType raw) {
    StructType all = plan.all(raw);
    List<StructField> fields = new ArrayList<>();
    fields.add(column("run_id", DataTypes.StringType, "Run that wrote the row"));
    fields.add(column("date", DataTypes.DateType, "Logical date"));
    fields.add(column(VERSION, DataTypes.StringType, "Definition of the features"));
    for (String name : LabelBuilder.entity(spec)) {
      fields.add(column(name, type(all, name), "Key of the entity"));
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
      fields.add(column(name, type(all, name), "Kept for slices, no feature"));
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
      throw new SpecException(
          "entity: the source has no column " + name + "; " + SqlTypes.mend(name, raw));
    }
    return raw.apply(name).dataType();
  }

  /**
   * Feature rows of some dates.
   *
   * @param version the definition of the features
   * @param runIds the run of each date
   * @param reaches what each date reads
   * @throws DataException where an entity stands twice at one date
   */
  public static Dataset<Row> build(
      FeatureSources sources,
      FeaturePlan plan,
      String version,
      Map<LocalDate, String> runIds,
      Map<LocalDate, FeatureReach> reaches) {
    PopulationRows population = new PopulationRows(sources, runIds, reaches);
    Column[] columns = columns(sources.spec(), plan);
    Dataset<Row> rows;
    if (plan.made().isEmpty()) {
      rows = population.read(List.of(sources.population().schema().fieldNames()), Optional.empty());
      population.requireUnique(rows);
    } else {
      PointInTime moments = new PointInTime(sources, runIds.keySet());
      List<String> needed = moments.needed(plan, columns);
      rows = population.read(needed, moments.ownEvents());
      population.requireUnique(rows);
      rows = byDate(sources.spec(), moments.add(rows), reaches);
    }
    return rows.select(columns).withColumn(VERSION, functions.lit(version));
  }

  /** Sweeps leave rows by key; a file of each date from each task would be thousands of files. */
  private static Dataset<Row> byDate(
      PipelineSpec spec, Dataset<Row> rows, Map<LocalDate, FeatureReach> reaches) {
    long all = reaches.values().stream().mapToLong(reach -> reach.population().rows()).sum();
    long parts = all / reaches.size() / ROWS_PER_FILE + 1;
    Column[] entity = LabelBuilder.entity(spec).stream().map(Columns::named).toArray(Column[]::new);
    Column part = functions.pmod(functions.xxhash64(entity), functions.lit(parts));
    return rows.repartition(Columns.named(PopulationRows.DATE), part);
  }

  private static Column[] columns(PipelineSpec spec, FeaturePlan plan) {
    List<Column> columns = new ArrayList<>();
    columns.add(Columns.named(PopulationRows.RUN).as("run_id"));
    columns.add(Columns.named(PopulationRows.DATE).as("date"));
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
}
