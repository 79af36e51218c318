package io.millrace.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.millrace.DataException;
import io.millrace.UnavailableException;
import io.millrace.config.SourceSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A file's rows before any cast: columns {@code c0 … cN} by position, as text (CSV, JSON lines) or
 * as the file types them, and {@code broken}, the text of a record that isn't a row. Positions
 * spare every later expression the trouble with names.
 */
final class RawRows {

  /** The column with the text of a record that can't be parsed; null in whole rows. */
  static final String BROKEN = "broken";

  private final Dataset<Row> rows;
  private final List<String> header;

  private RawRows(Dataset<Row> rows, List<String> header) {
    this.rows = rows;
    this.header = header;
  }

  /** Opens a file: reads its header or footer; of JSON lines, the names in all of them. */
  static RawRows open(SparkSession spark, SourceSpec spec, SourceFile file) {
    return open(spark, spec, file, Optional.empty());
  }

  /** Opens a file whose columns are known. */
  static RawRows open(SparkSession spark, SourceSpec spec, FileColumns columns) {
    List<String> header = columns.columns().stream().map(FileColumns.FileColumn::source).toList();
    return open(spark, spec, columns.file(), Optional.of(header));
  }

  private static RawRows open(
      SparkSession spark, SourceSpec spec, SourceFile file, Optional<List<String>> known) {
    if (!"UTC".equals(spark.conf().get("spark.sql.session.timeZone"))) {
      throw new IllegalStateException("ingest needs spark.sql.session.timeZone=UTC");
    }
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try {
      if (spec instanceof SourceSpec.Csv csv) {
        return csv(
            spark, csv, file, known.isPresent() ? known.get() : CsvText.header(csv, file, hadoop));
      }
      if (spec instanceof SourceSpec.Json) {
        return json(file, lines(spark, file), known);
      }
      return typed(reader(spark).format(spec instanceof SourceSpec.Orc ? "orc" : "parquet"), file);
    } catch (IOException e) {
      throw new UnavailableException("%s: %s".formatted(file.uri(), e.getMessage()), e);
    }
  }

  /** Columns {@code c0 … cN} and {@code broken}. */
  Dataset<Row> rows() {
    return rows;
  }

  /** The names in the file, in order. */
  List<String> header() {
    return header;
  }

  /** The type of a column before any cast. */
  DataType type(int column) {
    return rows.schema().fields()[column].dataType();
  }

  /** Folders named like {@code day=1} aren't columns: a recursive lookup takes none. */
  private static DataFrameReader reader(SparkSession spark) {
    return spark
        .read()
        .option("__globPaths__", "false")
        .option("recursiveFileLookup", "true")
        .option("ignoreCorruptFiles", "false")
        .option("ignoreMissingFiles", "false");
  }

  private static RawRows csv(
      SparkSession spark, SourceSpec.Csv spec, SourceFile file, List<String> header) {
    StructType schema = texts(CsvText.positions(header.size())).add(BROKEN, DataTypes.StringType);
    Dataset<Row> read =
        CsvText.options(reader(spark), spec)
            .option("columnNameOfCorruptRecord", BROKEN)
            .schema(schema)
            .csv(file.uri());
    List<Column> columns = new ArrayList<>();
    for (String name : CsvText.positions(header.size())) {
      columns.add(CsvText.decoded(col(name), spec).as(name));
    }
    columns.add(col(BROKEN));
    return new RawRows(read.select(columns.toArray(Column[]::new)), header);
  }

  private static StructType texts(List<String> names) {
    StructType schema = new StructType();
    for (String name : names) {
      schema = schema.add(name, DataTypes.StringType);
    }
    return schema;
  }

  private static Dataset<Row> lines(SparkSession spark, SourceFile file) {
    return reader(spark)
        .text(file.uri())
        .where("trim(value) <> ''")
        .withColumnRenamed("value", "line");
  }

  private static RawRows json(SourceFile file, Dataset<Row> lines, Optional<List<String>> known) {
    List<String> header = known.orElseGet(() -> names(lines));
    if (header.isEmpty()) {
      throw new DataException("%s: no line holds a JSON object".formatted(file.uri()));
    }
    // JSON fields go by their own names, the corrupt record by one that no field has.
    String corrupt = "\u0001";
    StructType schema = texts(header).add(corrupt, DataTypes.StringType);
    Map<String, String> options = new TreeMap<>(Map.of("columnNameOfCorruptRecord", corrupt));
    Dataset<Row> parsed =
        lines.select(col("line"), functions.from_json(col("line"), schema, options).as("o"));
    Column corrupted = col("o").getField(corrupt);
    Column whole = isObject().and(corrupted.isNull());
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < header.size(); i++) {
      columns.add(col("o").getField(header.get(i)).as("c" + i));
    }
    columns.add(functions.when(whole, lit(null).cast("string")).otherwise(col("line")).as(BROKEN));
    return new RawRows(parsed.select(columns.toArray(Column[]::new)), header);
  }

  /** The names in all objects, in alphabetical order: no order of lines enters. */
  private static List<String> names(Dataset<Row> lines) {
    Column object = functions.from_json(col("line"), "map<string,string>", Map.of());
    return lines
        .where(isObject())
        .select(functions.explode(functions.map_keys(object)).as("name"))
        .distinct()
        .sort("name")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  /** Spark takes an array of objects for rows, and what follows an object for nothing. */
  private static Column isObject() {
    return col("line").rlike("^\\s*\\{").and(col("line").rlike("\\}\\s*$"));
  }

  /** Where a Delta file holds its partition columns too, the values of the log stand. */
  private static RawRows typed(DataFrameReader reader, SourceFile file) {
    String[] constants =
        file.constants().stream().map(SourceFile.Constant::column).toArray(String[]::new);
    Dataset<Row> read = reader.load(file.uri()).drop(constants);
    List<String> header =
        new ArrayList<>(Arrays.stream(read.schema().fields()).map(StructField::name).toList());
    List<Column> columns = new ArrayList<>();
    Dataset<Row> positioned = read.toDF(CsvText.positions(header.size()).toArray(String[]::new));
    for (int i = 0; i < header.size(); i++) {
      columns.add(col("c" + i));
    }
    for (SourceFile.Constant constant : file.constants()) {
      columns.add(lit(constant.value().orElse(null)).cast("string").as("c" + header.size()));
      header.add(constant.column());
    }
    columns.add(lit(null).cast("string").as(BROKEN));
    return new RawRows(positioned.select(columns.toArray(Column[]::new)), List.copyOf(header));
  }
}
