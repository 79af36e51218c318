package io.millrace.ingest;

import static org.apache.spark.sql.functions.bit_or;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.when;

import io.millrace.config.SourceSpec;
import io.millrace.config.SourceSpec.ColumnType;
import io.millrace.config.SourceSpec.SchemaChange.Policy;
import io.millrace.ingest.FileColumns.FileColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The columns of a file and their types: as declared in the spec, as the file tells them, or, of
 * text, the narrowest type that all of its values have, found in one scan over all columns.
 *
 * <ul>
 *   <li>LONG: whole numbers of 64 bits in their shortest form. {@code 01907}, {@code +49} and
 *       {@code -0} keep a column text: such texts are names, and a number would lose them.
 *   <li>DOUBLE: also numbers with a point or an exponent, {@code NaN} and {@code Infinity} or
 *       {@code inf} with or without a sign. A whole number beyond 64 bits keeps a column text.
 *   <li>BOOLEAN: {@code true} and {@code false} in any case, nothing else.
 *   <li>DATE and TIMESTAMP: ISO 8601; both in one column make a TIMESTAMP.
 *   <li>A column with a pattern in {@code formats}: TIMESTAMP if the pattern has hours, else DATE.
 *   <li>No type: every value is null. Such a column is left out until a file has a value.
 * </ul>
 *
 * Of Parquet, ORC and Delta: whole numbers are LONG, other numbers DOUBLE (decimals too, and
 * unsigned 64 bits), times with or without zone TIMESTAMP in UTC, nested values JSON text.
 */
public final class TypeInference {

  static final int LONG = 1;
  static final int DOUBLE = 2;
  static final int BOOLEAN = 4;
  static final int DATE = 8;
  static final int TIMESTAMP = 16;
  static final int TEXT = 32;

  static final String INTEGER = "^(0|-?[1-9][0-9]{0,18})$";
  static final String DECIMAL =
      "^-?((0|[1-9][0-9]*)\\.[0-9]*([eE][+-]?[0-9]+)?|\\.[0-9]+([eE][+-]?[0-9]+)?"
          + "|(0|[1-9][0-9]*)[eE][+-]?[0-9]+|[iI]nf(inity)?)$|^\\+[iI]nf(inity)?$|^[nN]a[nN]$";
  static final String ISO_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
  static final String ISO_TIME =
      "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?"
          + "(Z|[+-][0-9]{2}:?[0-9]{2})?$";

  private TypeInference() {}

  /** The columns of a file of a table that isn't there yet. */
  public static FileColumns columns(SparkSession spark, SourceSpec spec, SourceFile file) {
    return columns(spark, spec, file, ColumnTypes.empty());
  }

  /**
   * The columns of a file. Text columns that the table has already take the table's type without a
   * scan, unless the policy {@code retyped} needs to know.
   *
   * @throws io.millrace.DataException if a name in the header is empty or there twice
   */
  public static FileColumns columns(
      SparkSession spark, SourceSpec spec, SourceFile file, ColumnTypes pinned) {
    RawRows raw = RawRows.open(spark, spec, file);
    List<String> names = ColumnNames.safe(raw.header(), file.uri());
    boolean text = spec instanceof SourceSpec.Csv || spec instanceof SourceSpec.Json;
    List<Optional<ColumnType>> types = new ArrayList<>();
    List<Integer> unknown = new ArrayList<>();
    boolean trustTable = spec.schemaChange().retyped() == Policy.IGNORE;
    for (int i = 0; i < names.size(); i++) {
      Optional<ColumnType> type = declared(spec, names.get(i));
      if (type.isEmpty() && text && trustTable) {
        type = pinned.find(names.get(i)).map(ColumnTypes.Column::type);
      }
      if (type.isEmpty() && text) {
        unknown.add(i);
      }
      types.add(type.isPresent() || text ? type : told(raw, file, i));
    }
    infer(raw, spec, unknown, types);
    List<FileColumn> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      columns.add(new FileColumn(raw.header().get(i), names.get(i), types.get(i)));
    }
    return new FileColumns(file, columns, !text);
  }

  static Optional<ColumnType> declared(SourceSpec spec, String name) {
    Optional<ColumnType> type = Casts.declared(spec.types(), name);
    return type.isPresent()
        ? type
        : Casts.format(spec, name)
            .map(f -> f.matches(".*[HhKkmsSan].*") ? ColumnType.TIMESTAMP : ColumnType.DATE);
  }

  private static Optional<ColumnType> told(RawRows raw, SourceFile file, int column) {
    int held = raw.header().size() - file.constants().size();
    return column < held
        ? Casts.typeOf(raw.type(column))
        : Optional.of(file.constants().get(column - held).type());
  }

  private static void infer(
      RawRows raw, SourceSpec spec, List<Integer> unknown, List<Optional<ColumnType>> types) {
    if (unknown.isEmpty()) {
      return;
    }
    Column[] masks =
        unknown.stream()
            .map(i -> bit_or(mask(Casts.cell(i, raw.type(i), spec))))
            .toArray(Column[]::new);
    Row seen = raw.rows().where(col(RawRows.BROKEN).isNull()).select(masks).head();
    for (int i = 0; i < unknown.size(); i++) {
      types.set(unknown.get(i), type(seen.isNullAt(i) ? 0 : seen.getInt(i)));
    }
  }

  /** One bit for the narrowest type of a value; null for null. */
  static Column mask(Column v) {
    return when(v.isNull(), lit(0))
        .when(v.rlike(INTEGER), when(v.try_cast("bigint").isNotNull(), LONG).otherwise(TEXT))
        .when(v.rlike(DECIMAL), DOUBLE)
        .when(v.rlike(ISO_DATE), when(v.try_cast("date").isNotNull(), DATE).otherwise(TEXT))
        .when(
            v.rlike(ISO_TIME), when(v.try_cast("timestamp").isNotNull(), TIMESTAMP).otherwise(TEXT))
        .when(lower(v).isin("true", "false"), BOOLEAN)
        .otherwise(TEXT);
  }

  static Optional<ColumnType> type(int mask) {
    return switch (mask) {
      case 0 -> Optional.empty();
      case LONG -> Optional.of(ColumnType.LONG);
      case DOUBLE, LONG | DOUBLE -> Optional.of(ColumnType.DOUBLE);
      case BOOLEAN -> Optional.of(ColumnType.BOOLEAN);
      case DATE -> Optional.of(ColumnType.DATE);
      case TIMESTAMP, DATE | TIMESTAMP -> Optional.of(ColumnType.TIMESTAMP);
      default -> Optional.of(ColumnType.STRING);
    };
  }
}
