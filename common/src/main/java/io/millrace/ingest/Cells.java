package io.millrace.ingest;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.elt;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.millrace.config.SourceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;

/** The rows of one file cast to its table's types, and the faults of those that can't be. */
final class Cells {

  /** The file's name in {@link #good}. */
  static final String FILE = "_file";

  private static final String FOUND = "fault";

  private static final Map<Kind, Questions> COMPILED = new ConcurrentHashMap<>();

  private final SparkSession spark;
  private final SourceSpec spec;
  private final RawRows raw;
  private final Reconciled how;
  private final List<Fault> faults = new ArrayList<>();

  /** A way in which one cell of a row can be wrong; with or without its text. */
  private record Fault(
      int at, Expression isFault, String column, boolean told, String reason, String rule) {}

  /** What a cell's questions depend on. */
  private record Kind(
      DataType from, SourceSpec.ColumnType to, Optional<String> format, List<String> nulls) {}

  /** What is asked of a cell. */
  private record Questions(
      Expression typed, Expression isNull, Expression isBroken, Expression isReplaced) {}

  Cells(SparkSession spark, SourceSpec spec, Reconciled how) {
    this.spark = spark;
    this.spec = spec;
    this.how = how;
    this.raw = RawRows.open(spark, spec, how.columns());
    Set<String> keys = spec.key().stream().map(ColumnNames::safe).collect(Collectors.toSet());
    for (ColumnTypes.Column column : how.table().columns()) {
      int at = how.columns().indexOf(column.name());
      if (at >= 0) {
        Questions cell = questions(column, at);
        addCastFault(column, at, cell);
        addEncodingFault(column, at, cell);
        if (keys.contains(column.name())) {
          addNullFault(column, at, cell, "key");
        }
        if (spec.time().map(ColumnNames::safe).filter(column.name()::equals).isPresent()) {
          addNullFault(column, at, cell, "time");
        }
      }
    }
  }

  private Questions questions(ColumnTypes.Column column, int at) {
    Optional<String> format = Casts.format(spec, column.name());
    return COMPILED.computeIfAbsent(
        new Kind(raw.type(at), column.type(), format, Casts.nulls(spec)),
        kind -> compiled(spark, kind));
  }

  private static Questions compiled(SparkSession spark, Kind kind) {
    Column cell = Casts.known(Sealed.value(), kind.from(), kind.nulls());
    Column typed = Casts.cast(cell, kind.from(), kind.to(), kind.format());
    boolean isText = kind.from() instanceof StringType;
    // What a decoder can't read it replaces by a character of its own, and the bytes are lost.
    Column isReplaced = isText ? cell.isNotNull().and(cell.contains(lit("\ufffd"))) : lit(false);
    List<Expression> compiled =
        Sealed.compile(
            spark,
            kind.from(),
            List.of(typed, cell.isNull(), cell.isNotNull().and(typed.isNull()), isReplaced));
    return new Questions(compiled.get(0), compiled.get(1), compiled.get(2), compiled.get(3));
  }

  private void addCastFault(ColumnTypes.Column column, int at, Questions cell) {
    if (!Casts.isSafe(raw.type(at), column.type())) {
      String reason = "not a " + column.type();
      faults.add(new Fault(at, cell.isBroken(), column.name(), true, reason, "cast"));
    }
  }

  private void addEncodingFault(ColumnTypes.Column column, int at, Questions cell) {
    boolean decoded = spec instanceof SourceSpec.Csv || spec instanceof SourceSpec.Json;
    if (decoded && column.type() == SourceSpec.ColumnType.STRING) {
      String encoding = spec instanceof SourceSpec.Csv csv ? csv.encoding() : "UTF-8";
      String reason = "not " + encoding + ", or a \ufffd that was in the file";
      faults.add(new Fault(at, cell.isReplaced(), column.name(), true, reason, "encoding"));
    }
  }

  private void addNullFault(ColumnTypes.Column column, int at, Questions cell, String rule) {
    faults.add(new Fault(at, cell.isNull(), column.name(), false, rule + " is null", rule));
  }

  private Column text(int at) {
    DataType type = raw.type(at);
    return type.equals(DataTypes.BinaryType) ? hex(col("c" + at)) : Casts.text(col("c" + at), type);
  }

  private Column typed(ColumnTypes.Column column) {
    int at = how.columns().indexOf(column.name());
    return at < 0
        ? lit(null).cast(ColumnTypes.sparkType(column.type()))
        : Sealed.ask(questions(column, at).typed(), col("c" + at));
  }

  /** Columns {@code t0 … tN} in the table's order and {@code _file}, of rows without a fault. */
  Dataset<Row> good() {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < how.table().columns().size(); i++) {
      columns.add(typed(how.table().columns().get(i)).as("t" + i));
    }
    columns.add(lit(how.file().name()).as(FILE));
    return raw.rows()
        .where(col(RawRows.BROKEN).isNull().and(found().isNull()))
        .select(columns.toArray(Column[]::new));
  }

  /** Numbers of the faults that a row has; null where it has none. */
  private Column found() {
    return CellFaults.of(
        faults.stream().map(one -> Sealed.ask(one.isFault(), col("c" + one.at()))).toList());
  }

  /** One row per fault, without {@code _row_id}: _file, column, value, reason, rule, row. */
  Dataset<Row> faults() {
    Column isBroken = col(RawRows.BROKEN).isNotNull();
    Column found = found();
    Column unparsed = lit(new int[] {faults.size()});
    return raw.rows()
        .where(isBroken.or(found.isNotNull()))
        .withColumn(FOUND, explode(when(isBroken, unparsed).otherwise(found)))
        .select(
            lit(how.file().name()).as(FILE),
            told(Fault::column).as("column"),
            value().as("value"),
            coalesce(told(Fault::reason), parseReason()).as("reason"),
            coalesce(told(Fault::rule), lit("parse")).as("rule"),
            coalesce(col(RawRows.BROKEN), record()).as("row"));
  }

  /** What is said of a fault; null of a record that isn't a row. */
  private Column told(Function<Fault, String> what) {
    return get(lit(faults.stream().map(what).toArray(String[]::new)), col(FOUND));
  }

  private Column value() {
    List<Column> texts = new ArrayList<>();
    int[] places = new int[faults.size()];
    for (int i = 0; i < places.length; i++) {
      if (faults.get(i).told()) {
        texts.add(text(faults.get(i).at()));
        places[i] = texts.size();
      }
    }
    texts.add(0, get(lit(places), col(FOUND)));
    return texts.size() == 1 ? lit(null).cast("string") : elt(texts.toArray(Column[]::new));
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
