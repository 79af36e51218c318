package io.millrace.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.JoinSpec;
import io.millrace.config.PipelineSpec;
import io.millrace.config.WindowSpec;
import io.millrace.features.FeatureLake.Raw;
import io.millrace.features.NaiveMoments.Event;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Windows of entities, and joins of entities and events, against their slow twin. */
class WindowsOfEntitiesTest {

  private static final String SOURCES =
      """
      pipeline: pay
      sources:
        customers: {kind: parquet, path: c, key: [id], load: snapshot}
        payments: {kind: parquet, path: p, key: [id], time: at}
        prices: {kind: parquet, path: q, key: [id], time: at}
        tiers: {kind: parquet, path: t, key: [id]}
        regions: {kind: parquet, path: r, key: [shop], load: snapshot}
      entity: [id]
      """;

  private static final String JOINS =
      """
        joins:
          - source: prices
            on: {shop: shop}
            as-of: at
            delay: 6h
            within: 2d
            columns: [amount, fraud, shop, seen]
          - {source: prices, on: {shop: shop, card: id}, as-of: at, columns: [id]}
          - {source: tiers, on: {id: id}, columns: [tier]}
          - {source: regions, on: {shop: shop}, columns: [country]}
      """;

  private static final String ENTITIES =
      SOURCES
          + """
          population: {source: customers, per: entity}
          features:
            columns: [age]
            exclude: [regions_country]
            date-parts: {prices_seen: [hour]}
            windows:
              - source: payments
                by: card
                matches: id
                over: [1d, 3d]
                aggregate: {"*": [count, time-since], amount: [sum, max, last, stddev]}
              - source: payments
                by: card
                matches: id
                over: [2d]
                delay: 1d
                known-at: seen
                aggregate: {"*": [count], amount: [sum, min]}
          """
          + JOINS;

  private static final String EVENTS =
      SOURCES
          + """
          population: {source: payments, per: event}
          features:
            columns: [amount]
          """
          + JOINS;

  private static final List<LocalDate> DATES = PaymentData.dates();

  private static FeatureLake lake;
  private static List<Event> payments;
  private static List<Event> prices;
  private static final List<Event> TIERS = new ArrayList<>();

  @BeforeAll
  static void takeIn() {
    lake = new FeatureLake();
    payments = new PaymentData(4).events(120);
    prices = new PaymentData(5).events(100);
    lake.append("payments", PaymentData.SCHEMA, "a".repeat(32), PaymentData.raw(payments));
    lake.append("prices", PaymentData.SCHEMA, "b".repeat(32), PaymentData.raw(prices));
    customers(0, 5);
    customers(4, 7);
    tiers();
    regions(1, "a");
    regions(5, "b");
  }

  private static void customers(int day, int count) {
    StructType schema =
        new StructType()
            .add("id", DataTypes.LongType)
            .add("shop", DataTypes.StringType)
            .add("age", DataTypes.DoubleType);
    List<Raw> rows = new ArrayList<>();
    LocalDate date = DATES.get(day);
    for (long id = 0; id < count; id++) {
      rows.add(new Raw(date, date, "c" + id, id, id == 3 ? null : "shop" + id, 20.0 + id));
    }
    lake.append("customers", schema, String.valueOf(day).repeat(32), rows);
  }

  private static void tiers() {
    StructType schema =
        new StructType().add("id", DataTypes.LongType).add("tier", DataTypes.StringType);
    List<Raw> rows = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      LocalDate ingested = DATES.get(i / 2);
      long id = i % 3;
      String rowId = "t" + (99 - i);
      rows.add(new Raw(ingested, ingested, rowId, id, i == 5 ? null : "tier" + i));
      Map<String, Object> values = new TreeMap<>();
      values.put("id", id);
      values.put("tier", i == 5 ? null : "tier" + i);
      TIERS.add(new Event(micros(ingested), rowId, values));
    }
    lake.append("tiers", schema, "t".repeat(32), rows);
  }

  private static void regions(int day, String prefix) {
    StructType schema =
        new StructType().add("shop", DataTypes.StringType).add("country", DataTypes.StringType);
    List<Raw> rows = new ArrayList<>();
    LocalDate date = DATES.get(day);
    for (int i = 0; i < 4; i++) {
      if (i != 2 || prefix.equals("a")) {
        rows.add(new Raw(date, date, "r" + i, "shop" + i, prefix + i));
      }
    }
    rows.add(new Raw(date, date, "r9", "shop0", prefix + "last"));
    lake.append("regions", schema, prefix.repeat(32), rows);
  }

  private static long micros(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toEpochSecond() * 1_000_000;
  }

  @Test
  void ofEntitiesAreThoseOfTheSlowTwin() {
    PipelineSpec spec = lake.spec(ENTITIES);
    Map<String, Map<String, Object>> found = lake.features(spec, DATES);
    assertThat(found).hasSize(4 * 5 + 5 * 7);
    for (LocalDate date : DATES) {
      for (long id = 0; id < (date.isBefore(DATES.get(4)) ? 5 : 7); id++) {
        Map<String, Object> asked = new TreeMap<>(Map.of("id", id));
        asked.put("shop", id == 3 ? null : "shop" + id);
        Map<String, Object> expected = joins(spec, asked, micros(date.plusDays(1)) - 1, date);
        for (WindowSpec window : spec.features().windows()) {
          expected.putAll(
              NaiveMoments.window(
                  window, payments, event -> true, id, micros(date.plusDays(1)), true));
        }
        Object seen = expected.remove("prices_seen");
        expected.put(
            "prices_seen_hour",
            seen == null ? null : (Object) (double) ((Long) seen / 3_600_000_000L % 24));
        requireEqual(found.get(date + " " + id), expected);
      }
    }
  }

  @Test
  void ofEventsAreThoseOfTheSlowTwin() {
    PipelineSpec spec = lake.spec(EVENTS);
    Map<String, Map<String, Object>> found = lake.features(spec, DATES);
    assertThat(found).hasSize(payments.size());
    for (Event asked : payments) {
      LocalDate date = PaymentData.day(asked.time());
      Map<String, Object> expected = joins(spec, asked.values(), asked.time(), date);
      expected.remove("prices_seen");
      requireEqual(found.get(date + " " + asked.values().get("id")), expected);
    }
  }

  @Test
  void ofOneDateAreThoseOfAll() {
    PipelineSpec spec = lake.spec(ENTITIES);
    Map<String, Map<String, Object>> all = lake.features(spec, DATES.subList(2, 8));
    Map<String, Map<String, Object>> one = lake.features(spec, List.of(DATES.get(5)));
    assertThat(one).hasSize(7);
    assertThat(all).containsAllEntriesOf(one);
  }

  private static Map<String, Object> joins(
      PipelineSpec spec, Map<String, Object> asked, long moment, LocalDate date) {
    Map<String, Object> expected = new TreeMap<>();
    for (JoinSpec join : spec.features().joins()) {
      if (join.source().equals("prices")) {
        expected.putAll(NaiveMoments.join(join, prices, asked, moment));
      } else if (join.source().equals("tiers")) {
        long end = micros(date.plusDays(1)) - 1;
        expected.putAll(NaiveMoments.join(join, TIERS, asked, end));
      }
    }
    expected.put("regions_country", country((String) asked.get("shop"), date));
    if (expected.get("prices_id") instanceof Long id) {
      expected.put("prices_id", (double) id);
    }
    return expected;
  }

  private static String country(String shop, LocalDate date) {
    if (shop == null || date.isBefore(DATES.get(1))) {
      return null;
    }
    String prefix = date.isBefore(DATES.get(5)) ? "a" : "b";
    return switch (shop) {
      case "shop0" -> prefix + "last";
      case "shop1", "shop3" -> prefix + shop.charAt(4);
      case "shop2" -> prefix.equals("a") ? "a2" : null;
      default -> null;
    };
  }

  private static void requireEqual(Map<String, Object> row, Map<String, Object> expected) {
    Map<String, Object> found = new TreeMap<>(row);
    found.keySet().retainAll(expected.keySet());
    assertThat(found).isEqualTo(new TreeMap<>(expected));
  }
}
