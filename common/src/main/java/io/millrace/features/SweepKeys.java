package io.millrace.features;

import io.millrace.SpecException;
import io.millrace.table.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/**
 * The keys of two sources in one form in which they can be compared: a long, or a text.
 *
 * @param its the key of a row of the source; null where a part of it is
 * @param ours the key of a row of the population
 * @param isLong whether both are longs
 */
record SweepKeys(Column its, Column ours, boolean isLong) {

  /**
   * The keys of a join.
   *
   * @param on columns of the source, each with that of the population
   * @throws SpecException where the types of two columns can't be compared
   */
  static SweepKeys of(Map<String, String> on, String source, StructType its, StructType ours) {
    List<Column> left = new ArrayList<>();
    List<Column> right = new ArrayList<>();
    boolean isLong = on.size() == 1;
    for (Map.Entry<String, String> pair : on.entrySet()) {
      DataType common =
          common(
              source,
              pair.getKey(),
              its.apply(pair.getKey()).dataType(),
              ours.apply(pair.getValue()).dataType());
      isLong &= common.equals(DataTypes.LongType);
      left.add(cast(pair.getKey(), common));
      right.add(cast(pair.getValue(), common));
    }
    return new SweepKeys(one(left, isLong), one(right, isLong), isLong);
  }

  private static DataType common(String source, String name, DataType its, DataType ours) {
    if (its instanceof IntegralType && ours instanceof IntegralType) {
      return DataTypes.LongType;
    } else if (its instanceof NumericType && ours instanceof NumericType) {
      return DataTypes.DoubleType;
    } else if (isDated(its) && isDated(ours)) {
      return DataTypes.TimestampType;
    } else if (its.equals(ours)) {
      return its;
    }
    throw new SpecException(
        "features: the key "
            + name
            + " of "
            + source
            + " is a "
            + its.simpleString()
            + ", that of the population a "
            + ours.simpleString()
            + "; declare the types of both alike, under sources");
  }

  private static boolean isDated(DataType type) {
    return type instanceof DateType || type instanceof TimestampType;
  }

  /** Adding 0 takes the sign off a zero. */
  private static Column cast(String name, DataType type) {
    Column column = Columns.named(name).cast(type);
    return type instanceof DoubleType || type instanceof FloatType
        ? column.plus(functions.lit(0.0))
        : column;
  }

  /** Several texts with their lengths are one text, and no two keys give the same. */
  private static Column one(List<Column> parts, boolean isLong) {
    if (isLong) {
      return parts.get(0);
    } else if (parts.size() == 1) {
      return parts.get(0).cast("string");
    }
    List<Column> texts = new ArrayList<>();
    for (Column part : parts) {
      Column text = part.cast("string");
      texts.add(functions.length(text).cast("string"));
      texts.add(functions.lit(":"));
      texts.add(text);
    }
    return functions.concat(texts.toArray(Column[]::new));
  }
}
