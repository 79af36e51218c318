package io.millrace.validate;

import io.millrace.config.CanonicalJson;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** The sorts of values that are measured as numbers. */
enum NumberKind {
  /** Whole numbers of 8 to 64 bits. */
  WHOLE,
  /** Doubles, floats and decimals; the latter to the nearest double. */
  REAL,
  /** Days since 1970-01-01. */
  DATE,
  /** Microseconds since 1970-01-01T00:00 UTC. */
  TIME;

  static final long MICROS_OF_DAY = 86_400_000_000L;

  private static final double LARGEST_PLAIN = 1e15;

  static Optional<NumberKind> of(DataType type) {
    if (type instanceof ByteType
        || type instanceof ShortType
        || type instanceof IntegerType
        || type instanceof LongType) {
      return Optional.of(WHOLE);
    } else if (type instanceof FloatType
        || type instanceof DoubleType
        || type instanceof DecimalType) {
      return Optional.of(REAL);
    } else if (type instanceof DateType) {
      return Optional.of(DATE);
    }
    return type instanceof TimestampType || type instanceof TimestampNTZType
        ? Optional.of(TIME)
        : Optional.empty();
  }

  /** The text of 64 bits of this kind: of a real number those of its double. */
  String text(long bits) {
    return switch (this) {
      case WHOLE -> Long.toString(bits);
      case REAL -> text(Double.longBitsToDouble(bits));
      case DATE -> LocalDate.ofEpochDay(bits).toString();
      case TIME -> Instant.EPOCH.plus(bits, ChronoUnit.MICROS).toString();
    };
  }

  /** Digits that read back as the same double. */
  static String text(double x) {
    if (!Double.isFinite(x)) {
      return Double.toString(x);
    }
    boolean whole = x == Math.rint(x) && Math.abs(x) < LARGEST_PLAIN;
    return whole ? Long.toString((long) x) : CanonicalJson.of(x);
  }

  /** The number that 64 bits of this kind stand for. */
  double number(long bits) {
    return this == REAL ? Double.longBitsToDouble(bits) : bits;
  }
}
