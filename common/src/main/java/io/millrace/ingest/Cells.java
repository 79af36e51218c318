package io.millrace.ingest;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.millrace.config.SourceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** The rows of one file cast to its table's types, and the faults of those that can't be. */
final class Cells {

  /** The file's name in {@link #good}. */
  static final String FILE = "_file";

  private final SourceSpec spec;
  private final RawRows raw;
  private final Reconciled how;
  private final List<Fault> faults = new ArrayList<>();

  /** A way in which one cell of a row can be wrong. */
  private record Fault(Column when, String column, Column value, String reason, String rule) {}

  Cells(SparkSession spark, SourceSpec spec, Reconciled how) {
    this.spec = spec;
    this.how = how;
    this.raw = RawRows.open(spark, spec, how.columns());
    Set<String> keys = spec.key().stream().map(ColumnNames::safe).collect(Collectors.toSet());
    for (ColumnTypes.Column column : how.table().columns()) {
      int at = how.columns().indexOf(column.name());
      if (at >= 0) {
        addCastFault(column, at);
        addEncodingFault(column, at);
        if (keys.contains(column.name())) {
          addNullFault(column, at, "key");
        }
        if (spec.time().map(ColumnNames::safe).filter(column.name()::equals).isPresent()) {
          addNullFault(column, at, "time");
        }
      }
    }
  }

  private void addCastFault(ColumnTypes.Column column, int at) {
    if (!Casts.isSafe(raw.type(at), column.type())) {
      Column cell = cell(at);
      Column isBroken = cell.isNotNull().and(typed(column).isNull());
      String reason = "not a " + column.type();
      faults.add(new Fault(isBroken, column.name(), text(at), reason, "cast"));
    }
  }

  /** What a decoder can't read it replaces by a character of its own, and the bytes are lost. */
  private void addEncodingFault(ColumnTypes.Column column, int at) {
    boolean decoded = spec instanceof SourceSpec.Csv || spec instanceof SourceSpec.Json;
    if (decoded && column.type() == SourceSpec.ColumnType.STRING) {
      String encoding = spec instanceof SourceSpec.Csv csv ? csv.encoding() : "UTF-8";
      String reason = "not " + encoding + ", or a \ufffd that was in the file";
      Column isBroken = cell(at).isNotNull().and(cell(at).contains(lit("\ufffd")));
      faults.add(new Fault(isBroken, column.name(), text(at), reason, "encoding"));
    }
  }

  private void addNullFault(ColumnTypes.Column column, int at, String rule) {
    faults.add(
        new Fault(
            cell(at).isNull(), column.name(), lit(null).cast("string"), rule + " is null", rule));
  }

  private Column cell(int at) {
    return Casts.cell(at, raw.type(at), spec);
  }

  private Column text(int at) {
    DataType type = raw.type(at);
    return type.equals(DataTypes.BinaryType) ? hex(col("c" + at)) : Casts.text(col("c" + at), type);
  }

  private Column typed(ColumnTypes.Column column) {
    int at = how.columns().indexOf(column.name());
    if (at < 0) {
      return lit(null).cast(ColumnTypes.sparkType(column.type()));
    }
    return Casts.cast(cell(at), raw.type(at), column.type(), Casts.format(spec, column.name()));
  }

  /** Columns {@code t0 … tN} in the table's order and {@code _file}, of rows without a fault. */
  Dataset<Row> good() {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < how.table().columns().size(); i++) {
      columns.add(typed(how.table().columns().get(i)).as("t" + i));
    }
    columns.add(lit(how.file().name()).as(FILE));
    return raw.rows().where(hasFault().unary_$bang()).select(columns.toArray(Column[]::new));
  }

  /**
   * The first fault counts. As one disjunction the conditions of forty columns would be generated
   * as one method, which is more than the JVM compiles; Spark splits a coalesce into several.
   */
  private Column hasFault() {
    List<Column> found = new ArrayList<>(List.of(when(col(RawRows.BROKEN).isNotNull(), true)));
    faults.forEach(fault -> found.add(when(fault.when(), true)));
    return coalesce(found.toArray(Column[]::new)).isNotNull();
  }

  /** One row per fault, without {@code _row_id}: _file, column, value, reason, rule, row. */
  Dataset<Row> faults() {
    Column isBroken = col(RawRows.BROKEN).isNotNull();
    List<Column> structs = new ArrayList<>();
    for (Fault fault : faults) {
      structs.add(
          when(
              fault.when(),
              struct(
                  lit(fault.column()).as("column"),
                  fault.value().as("value"),
                  lit(fault.reason()).as("reason"),
                  lit(fault.rule()).as("rule"))));
    }
    Column none = lit(null).cast("string");
    Column unparsed =
        array(
            struct(
                none.as("column"),
                none.as("value"),
                parseReason().as("reason"),
                lit("parse").as("rule")));
    Column found =
        structs.isEmpty()
            ? unparsed
            : when(isBroken, unparsed)
                .otherwise(array_compact(array(structs.toArray(Column[]::new))));
    return raw.rows()
        .where(hasFault())
        .select(coalesce(col(RawRows.BROKEN), record()).as("row"), explode(found).as("f"))
        .select(
            lit(how.file().name()).as(FILE),
            col("f.column"),
            col("f.value"),
            col("f.reason"),
            col("f.rule"),
            col("row"));
  }

  private Column parseReason() {
    if (!(spec instanceof SourceSpec.Csv csv)) {
      return lit("no JSON object");
    }
    UserDefinedFunction count = udf(new FieldCount(csv), DataTypes.IntegerType);
    return concat(
        count.apply(col(RawRows.BROKEN)).cast("string"),
        lit(" fields where the header has " + raw.header().size()));
  }

  /** The whole record as JSON of its texts, by the names in the file. */
  private Column record() {
    List<Column> cells = new ArrayList<>();
    for (int i = 0; i < raw.header().size(); i++) {
      Column text = spec instanceof SourceSpec.Csv ? coalesce(text(i), lit("")) : text(i);
      cells.add(text.as(raw.header().get(i)));
    }
    return to_json(struct(cells.toArray(Column[]::new)));
  }
}
