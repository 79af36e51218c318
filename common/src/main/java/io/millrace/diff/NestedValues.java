package io.millrace.diff;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_entries;
import static org.apache.spark.sql.functions.map_from_entries;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Values of nested types as what can be hashed and compared, and as text. */
final class NestedValues {

  /** Nothing that differs may look alike: neither null and absent, nor two microseconds. */
  private static final Map<String, String> JSON =
      Map.of(
          "ignoreNullFields", "false",
          "timestampFormat", "yyyy-MM-dd'T'HH:mm:ss[.SSSSSS][XXX]",
          "timestampNTZFormat", "yyyy-MM-dd'T'HH:mm:ss[.SSSSSS]");

  private NestedValues() {}

  /**
   * A value of which no other has the same hash but by chance. Spark's hash of a nested value
   * passes over nulls and knows no lengths, so either is told within it; a map, which it can't hash
   * at all, becomes its entries in the order of their keys. Other values stay as they are.
   */
  static Column comparable(Column value, DataType type) {
    Column told;
    if (type instanceof MapType map) {
      Column entries =
          transform(
              sorted(value),
              entry ->
                  struct(
                      part(entry.getField("key"), map.keyType()).as("key"),
                      part(entry.getField("value"), map.valueType()).as("value")));
      told = struct(size(value).as("size"), entries.as("of"));
    } else if (type instanceof ArrayType array) {
      Column parts = transform(value, element -> part(element, array.elementType()));
      told = struct(size(value).as("size"), parts.as("of"));
    } else if (type instanceof StructType struct && struct.length() > 0) {
      Column[] parts = new Column[struct.length()];
      for (int i = 0; i < parts.length; i++) {
        StructField field = struct.fields()[i];
        parts[i] = part(value.getField(field.name()), field.dataType()).as("_" + i);
      }
      told = struct(parts);
    } else {
      return value;
    }
    return when(value.isNotNull(), told);
  }

  private static Column part(Column value, DataType type) {
    return struct(value.isNull().as("null"), comparable(value, type).as("is"));
  }

  /** Entries may hold maps, which have no order, so the keys alone give it. */
  private static Column sorted(Column map) {
    return array_sort(
        map_entries(map),
        (one, other) ->
            when(one.getField("key").lt(other.getField("key")), lit(-1))
                .when(one.getField("key").gt(other.getField("key")), lit(1))
                .otherwise(lit(0)));
  }

  static Column text(Column value, DataType type) {
    if (type instanceof MapType) {
      return to_json(map_from_entries(sorted(value)), JSON);
    }
    boolean nested = type instanceof StructType || type instanceof ArrayType;
    return nested ? to_json(value, JSON) : value.cast(DataTypes.StringType);
  }
}
