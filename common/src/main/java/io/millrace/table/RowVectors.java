package io.millrace.table;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.defaults.internal.data.DefaultColumnarBatch;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plain Java rows as Kernel's columnar batch, for writing small tables. */
final class RowVectors {

  private RowVectors() {}

  /** A batch with the schema's columns; a row lacks a key or holds null for a null. */
  static FilteredColumnarBatch batch(StructType schema, List<? extends Map<String, ?>> rows) {
    ColumnVector[] vectors = new ColumnVector[schema.length()];
    for (int i = 0; i < vectors.length; i++) {
      StructField field = schema.at(i);
      vectors[i] = new Values(field.getDataType(), column(rows, field.getName()));
    }
    ColumnarBatch batch = new DefaultColumnarBatch(rows.size(), schema, vectors);
    return new FilteredColumnarBatch(batch, Optional.empty());
  }

  private static Object[] column(List<? extends Map<String, ?>> rows, String name) {
    return rows.stream().map(row -> (Object) row.get(name)).toArray();
  }

  private static final class Values implements ColumnVector {

    private final DataType type;
    private final Object[] values;

    Values(DataType type, Object[] values) {
      this.type = type;
      this.values = values;
    }

    @Override
    public DataType getDataType() {
      return type;
    }

    @Override
    public int getSize() {
      return values.length;
    }

    @Override
    public void close() {}

    @Override
    public boolean isNullAt(int row) {
      return values[row] == null;
    }

    @Override
    public boolean getBoolean(int row) {
      return (Boolean) values[row];
    }

    @Override
    public int getInt(int row) {
      return values[row] instanceof LocalDate day
          ? Math.toIntExact(day.toEpochDay())
          : ((Number) values[row]).intValue();
    }

    @Override
    public long getLong(int row) {
      return values[row] instanceof Instant instant
          ? ChronoUnit.MICROS.between(Instant.EPOCH, instant)
          : ((Number) values[row]).longValue();
    }

    @Override
    public double getDouble(int row) {
      return ((Number) values[row]).doubleValue();
    }

    @Override
    public String getString(int row) {
      return (String) values[row];
    }

    @Override
    public ArrayValue getArray(int row) {
      List<?> elements = (List<?>) values[row];
      DataType elementType = ((ArrayType) type).getElementType();
      Values vector = new Values(elementType, elements.toArray());
      return new ArrayValue() {
        @Override
        public int getSize() {
          return elements.size();
        }

        @Override
        public ColumnVector getElements() {
          return vector;
        }
      };
    }

    @Override
    public ColumnVector getChild(int ordinal) {
      StructField field = ((StructType) type).at(ordinal);
      return new Values(
          field.getDataType(),
          java.util.Arrays.stream(values)
              .map(v -> v == null ? null : (Object) ((Map<?, ?>) v).get(field.getName()))
              .toArray());
    }
  }
}
