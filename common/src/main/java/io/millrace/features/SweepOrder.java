package io.millrace.features;

import io.millrace.config.Every;
import io.millrace.table.Columns;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/**
 * One long by which the rows of a sweep are sorted: a hash of the key, then the time. Spark sorts a
 * single long by radix, without looking at rows; keys of one hash stand interleaved, and the sweep
 * tells them apart.
 *
 * @param base the first microsecond that there can be
 * @param timeBits how many bits the time takes
 */
record SweepOrder(long base, int timeBits) {

  /** With less than 14 bits of a hash too many keys would stand interleaved. */
  private static final int MOST_TIME_BITS = 63 - 14;

  /** The order of rows of some days, and of moments of some dates. */
  static SweepOrder of(FeatureReach.Days days, Every every, Collection<LocalDate> dates) {
    LocalDate first = dates.stream().min(LocalDate::compareTo).orElseThrow();
    LocalDate last = every.next(dates.stream().max(LocalDate::compareTo).orElseThrow());
    FeatureReach.Days all = days.and(new FeatureReach.Days(first, last));
    long base = micros(all.from());
    return new SweepOrder(base, Long.SIZE - Long.numberOfLeadingZeros(micros(all.to()) - base));
  }

  private static long micros(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toEpochSecond() * 1_000_000;
  }

  boolean fits() {
    return timeBits <= MOST_TIME_BITS;
  }

  Column column(String key, String at) {
    Column hash = functions.xxhash64(Columns.named(key));
    Column bucket = functions.shiftleft(functions.shiftrightunsigned(hash, timeBits + 1), timeBits);
    return bucket.plus(Columns.named(at)).minus(functions.lit(base));
  }
}
