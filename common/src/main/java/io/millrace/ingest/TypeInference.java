package io.millrace.ingest;

import static org.apache.spark.sql.functions.col;

import io.millrace.config.SourceSpec;
import io.millrace.config.SourceSpec.ColumnType;
import io.millrace.config.SourceSpec.SchemaChange.Policy;
import io.millrace.ingest.FileColumns.FileColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
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

  /**
   * One scan in plain Java: as SQL the rules of forty columns make one method that the JVM leaves
   * to its interpreter.
   */
  private static void infer(
      RawRows raw, SourceSpec spec, List<Integer> unknown, List<Optional<ColumnType>> types) {
    if (unknown.isEmpty()) {
      return;
    }
    Column[] texts = unknown.stream().map(i -> col("c" + i)).toArray(Column[]::new);
    TextMasks masks = new TextMasks(unknown.size(), spec.nulls());
    int[] seen =
        raw.rows()
            .where(col(RawRows.BROKEN).isNull())
            .select(texts)
            .toJavaRDD()
            .mapPartitions(masks)
            .fold(new int[unknown.size()], TextMasks::merged);
    for (int i = 0; i < unknown.size(); i++) {
      types.set(unknown.get(i), TextType.of(seen[i]));
    }
  }
}
