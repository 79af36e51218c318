package io.millrace.features;

import io.millrace.features.FeatureLake.Raw;
import io.millrace.features.NaiveMoments.Event;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Random payments with all that is awkward: nulls, NaN, infinities, zeros with a sign, huge beside
 * tiny numbers, many rows of one instant, null keys, and rows that became known late or never.
 */
final class PaymentData {

  static final LocalDate FIRST = LocalDate.of(2026, 3, 1);
  static final int DAYS = 9;

  static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("at", DataTypes.TimestampType)
          .add("card", DataTypes.LongType)
          .add("shop", DataTypes.StringType)
          .add("amount", DataTypes.DoubleType)
          .add("fraud", DataTypes.BooleanType)
          .add("seen", DataTypes.TimestampType);

  private static final double[] AMOUNTS = {
    0.0, -0.0, 0.1, 0.2, -0.3, 57.16, 1e300, -1e300, 1e-300, 3, 3, 1e16, Double.NaN
  };

  private final Random random;

  PaymentData(long seed) {
    this.random = new Random(seed);
  }

  List<Event> events(int rows) {
    List<Event> events = new ArrayList<>();
    long start = FIRST.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
    for (int i = 0; i < rows; i++) {
      boolean whole = random.nextInt(3) > 0;
      long seconds = random.nextInt(DAYS * 86_400);
      long time = (start + (whole ? seconds / 21_600 * 21_600 : seconds)) * 1_000_000;
      Map<String, Object> values = new TreeMap<>();
      values.put("id", (long) i);
      values.put("at", time);
      values.put("card", random.nextInt(12) == 0 ? null : (Object) (long) random.nextInt(5));
      values.put("shop", random.nextInt(12) == 0 ? null : "shop" + random.nextInt(4));
      values.put("amount", amount());
      values.put("fraud", random.nextInt(6) == 0 ? null : (Object) random.nextBoolean());
      values.put("seen", seen(time));
      events.add(new Event(time, ingested(i) + String.format("%08d", i), values));
    }
    return events;
  }

  private Object amount() {
    int kind = random.nextInt(20);
    return kind == 0
        ? null
        : kind == 1
            ? (Object) Double.POSITIVE_INFINITY
            : kind < 10
                ? AMOUNTS[random.nextInt(AMOUNTS.length)]
                : Math.round(random.nextDouble() * 1e4) / 100.0;
  }

  private Object seen(long time) {
    int kind = random.nextInt(6);
    long later = time + random.nextInt(3 * 86_400) * 1_000_000L;
    return kind == 0 ? null : kind < 3 ? (Object) time : later;
  }

  private static LocalDate ingested(int row) {
    return FIRST.plusDays(row % 3);
  }

  /** The same rows as an ingest has them. */
  static List<Raw> raw(List<Event> events) {
    List<Raw> raw = new ArrayList<>();
    for (Event event : events) {
      Map<String, Object> v = event.values();
      raw.add(
          new Raw(
              day(event.time()),
              LocalDate.parse(event.order().substring(0, 10)),
              event.order().substring(10),
              v.get("id"),
              timestamp(v.get("at")),
              v.get("card"),
              v.get("shop"),
              v.get("amount"),
              v.get("fraud"),
              timestamp(v.get("seen"))));
    }
    return raw;
  }

  static Timestamp timestamp(Object micros) {
    return micros == null ? null : Timestamp.from(Instant.ofEpochSecond((Long) micros / 1_000_000));
  }

  static LocalDate day(long micros) {
    return Instant.ofEpochSecond(micros / 1_000_000).atZone(ZoneOffset.UTC).toLocalDate();
  }

  static List<LocalDate> dates() {
    return FIRST.datesUntil(FIRST.plusDays(DAYS)).toList();
  }
}
