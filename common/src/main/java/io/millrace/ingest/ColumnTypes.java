package io.millrace.ingest;

import io.millrace.config.SourceSpec.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Columns in order, each with its type. Names are found whatever their case, as Spark does. */
public record ColumnTypes(List<Column> columns) {

  /** A column and its type. */
  public record Column(String name, ColumnType type) {}

  public ColumnTypes {
    columns = List.copyOf(columns);
  }

  /** No columns: a table that isn't there yet. */
  public static ColumnTypes empty() {
    return new ColumnTypes(List.of());
  }

  /**
   * The source's columns of a raw table, without those that Millrace adds.
   *
   * @throws IllegalArgumentException if a column has a type that ingest never writes
   */
  public static ColumnTypes of(StructType table) {
    List<Column> columns = new ArrayList<>();
    for (StructField field : table.fields()) {
      if (!ColumnNames.isReserved(field.name())) {
        columns.add(new Column(field.name(), typeOf(field)));
      }
    }
    return new ColumnTypes(columns);
  }

  private static ColumnType typeOf(StructField field) {
    for (ColumnType type : ColumnType.values()) {
      if (sparkType(type).equals(field.dataType())) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "column " + field.name() + " has the type " + field.dataType().simpleString());
  }

  /** The column of that name in any case. */
  public Optional<Column> find(String name) {
    return columns.stream().filter(column -> column.name().equalsIgnoreCase(name)).findFirst();
  }

  /** Names in order. */
  public List<String> names() {
    return columns.stream().map(Column::name).toList();
  }

  /** These columns with one of another type, or with one more at the end. */
  public ColumnTypes with(String name, ColumnType type) {
    List<Column> changed = new ArrayList<>(columns);
    changed.replaceAll(
        column -> column.name().equalsIgnoreCase(name) ? new Column(column.name(), type) : column);
    if (find(name).isEmpty()) {
      changed.add(new Column(name, type));
    }
    return new ColumnTypes(changed);
  }

  /** The Spark schema of these columns, all nullable. */
  public StructType schema() {
    StructType schema = new StructType();
    for (Column column : columns) {
      schema = schema.add(column.name(), sparkType(column.type()));
    }
    return schema;
  }

  /** The name of a type in SQL. */
  public static String sqlType(ColumnType type) {
    return sparkType(type).sql();
  }

  /** A type as Spark and Delta hold it; a timestamp is a moment in UTC. */
  public static DataType sparkType(ColumnType type) {
    return switch (type) {
      case STRING -> DataTypes.StringType;
      case BOOLEAN -> DataTypes.BooleanType;
      case LONG -> DataTypes.LongType;
      case DOUBLE -> DataTypes.DoubleType;
      case DATE -> DataTypes.DateType;
      case TIMESTAMP -> DataTypes.TimestampType;
    };
  }

  /** The narrowest type that holds the values of both. */
  public static ColumnType widest(ColumnType one, ColumnType other) {
    if (one == other) {
      return one;
    }
    if (holds(one, other)) {
      return one;
    }
    return holds(other, one) ? other : ColumnType.STRING;
  }

  /** Whether every value of the narrow type is a value of the wide one. */
  static boolean holds(ColumnType wide, ColumnType narrow) {
    return wide == narrow
        || wide == ColumnType.STRING
        || wide == ColumnType.DOUBLE && narrow == ColumnType.LONG
        || wide == ColumnType.TIMESTAMP && narrow == ColumnType.DATE;
  }
}
