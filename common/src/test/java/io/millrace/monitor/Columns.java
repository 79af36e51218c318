package io.millrace.monitor;

import io.millrace.config.MonitorSpec;
import io.millrace.config.MonitorSpec.Distance;
import io.millrace.config.MonitorSpec.Limits;
import io.millrace.monitor.Watched.Against;
import io.millrace.monitor.Watched.Kind;
import io.millrace.validate.ColumnMeasures;
import java.util.Collection;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** Columns and specs for tests. */
final class Columns {

  private Columns() {}

  static ColumnMeasures measures(DataType type, Collection<?> values) {
    ColumnMeasures measures = ColumnMeasures.of(type, 0);
    for (Object value : values) {
      Object internal = value instanceof String text ? UTF8String.fromString(text) : value;
      measures.add(new GenericInternalRow(new Object[] {internal}));
    }
    return measures;
  }

  static ColumnMeasures texts(Collection<String> values) {
    return measures(DataTypes.StringType, values);
  }

  static ColumnMeasures numbers(Collection<Double> values) {
    return measures(DataTypes.DoubleType, values);
  }

  static ColumnMeasures numbers(DoubleStream values) {
    return numbers(values.boxed().toList());
  }

  static Watched feature(String column, ColumnMeasures reference, ColumnMeasures current) {
    return new Watched(Kind.FEATURE, column, Against.TRAINING, reference, current);
  }

  static MonitorSpec.Drift spec(Distance metric, double warn, double stop) {
    return new MonitorSpec.Drift(metric, warn, stop, Map.of(), 0.01);
  }

  static MonitorSpec.Drift spec(String column, Limits limits) {
    return new MonitorSpec.Drift(Distance.PSI, 0.1, 0.25, Map.of(column, limits), 0.01);
  }

  /** As a spec without a word about drift has it. */
  static MonitorSpec.Drift defaults() {
    return spec(Distance.PSI, 0.1, 0.25);
  }
}
