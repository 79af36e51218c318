package io.millrace.diff;

import org.apache.spark.sql.catalyst.analysis.TypeCoercion;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/** The type as which two values of a column are compared. */
final class WiderType {

  private WiderType() {}

  /** The columns of one version that another has too, each as the wider type of both. */
  static StructType of(StructType before, StructType after) {
    StructType types = new StructType();
    for (StructField field : after.fields()) {
      if (before.getFieldIndex(field.name()).isDefined()) {
        DataType type = of(before.apply(field.name()).dataType(), field.dataType());
        types = types.add(field.name(), type, true);
      }
    }
    return types;
  }

  /**
   * A type that both are cast to without a value becoming another's equal: in the narrower one 1.5
   * would be 1, and a word null. Where none is wider, both are text.
   */
  static DataType of(DataType one, DataType other) {
    if (one.catalogString().equals(other.catalogString())) {
      return other;
    }
    Option<DataType> wider = TypeCoercion.findWiderTypeForTwo(one, other);
    return wider.isDefined() ? wider.get() : DataTypes.StringType;
  }
}
