package io.millrace.features;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.JoinSpec;
import io.millrace.config.PipelineSpec;
import io.millrace.config.WindowSpec;
import io.millrace.features.FeatureLake.Raw;
import io.millrace.features.NaiveMoments.Event;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rows behind a feature and features before a row, against twins that look at all rows. */
class RowReachTest {

  private static final String SOURCES =
      """
      pipeline: pay
      sources:
        customers: {kind: parquet, path: c, key: [id], load: snapshot}
        payments: {kind: parquet, path: p, key: [id], time: at}
        refunds: {kind: parquet, path: r, key: [id], time: at}
        prices: {kind: parquet, path: q, key: [id], time: at}
      entity: [id]
      """;

  private static final String EVENTS =
      SOURCES
          + """
          population: {source: payments, per: event}
          features:
            columns: [amount]
            windows:
              - {source: payments, by: card, over: [6h, 3d], with-present: true, aggregate: {"*": [count]}}
              - {source: payments, by: shop, over: [2d], aggregate: {"*": [count]}}
              - {source: refunds, by: shop, over: [3d], delay: 1d, where: amount < 50, aggregate: {"*": [count]}}
              - {source: refunds, by: card, matches: id, over: [4d], known-at: seen, aggregate: {"*": [count]}}
            joins:
              - {source: prices, on: {shop: shop}, as-of: at, delay: 6h, within: 2d, columns: [id]}
          """;

  private static final String ENTITIES =
      SOURCES
          + """
          population: {source: customers, per: entity}
          features:
            columns: [age]
            windows:
              - {source: refunds, by: card, matches: id, over: [1d, 2d], delay: 1d, known-at: seen, aggregate: {"*": [count]}}
            joins:
              - {source: prices, on: {shop: shop}, as-of: at, columns: [id]}
          """;

  private static final List<LocalDate> DATES = PaymentData.dates();

  private static FeatureLake lake;
  private static List<Event> payments;
  private static List<Event> refunds;
  private static List<Event> prices;

  @BeforeAll
  static void takeIn() {
    lake = new FeatureLake();
    payments = new PaymentData(7).events(80);
    refunds = new PaymentData(8).events(90);
    prices = new PaymentData(9).events(60);
    lake.append("payments", PaymentData.SCHEMA, "a".repeat(32), PaymentData.raw(payments));
    lake.append("refunds", PaymentData.SCHEMA, "b".repeat(32), PaymentData.raw(refunds));
    lake.append("prices", PaymentData.SCHEMA, "c".repeat(32), PaymentData.raw(prices));
    StructType customers =
        new StructType()
            .add("id", DataTypes.LongType)
            .add("shop", DataTypes.StringType)
            .add("age", DataTypes.DoubleType);
    for (int day : List.of(0, 4)) {
      List<Raw> rows = new ArrayList<>();
      for (long id = 0; id < 5; id++) {
        String shop = id == 3 ? null : "shop" + id;
        rows.add(new Raw(DATES.get(day), DATES.get(day), "c" + id, id, shop, 20.0 + id));
      }
      lake.append("customers", customers, String.valueOf(day).repeat(32), rows);
    }
  }

  @Test
  void rowsBehindAnEventAreThoseOfTheTwin() {
    PipelineSpec spec = lake.spec(EVENTS);
    RowReach reach = reach(spec);
    int rows = 0;
    for (Event asked : payments.subList(40, 43)) {
      LocalDate date = PaymentData.day(asked.time());
      List<RowReach.Rows> found = reach.behind(date, is(asked));
      assertThat(only(found.get(0))).isEqualTo(Set.of(asked.values().get("id")));
      rows += requireTwin(spec, found, asked.values(), asked.time(), asked.time(), false);
    }
    assertThat(rows).isGreaterThan(5);
  }

  @Test
  void rowsBehindAnEntityAreThoseOfTheTwin() {
    PipelineSpec spec = lake.spec(ENTITIES);
    RowReach reach = reach(spec);
    int rows = 0;
    for (long id = 0; id < 4; id += id == 0 ? 1 : 2) {
      LocalDate date = DATES.get(4 + (int) id);
      Map<String, Object> asked = new TreeMap<>(Map.of("id", id));
      asked.put("shop", id == 3 ? null : "shop" + id);
      long end = micros(date.plusDays(1));
      List<RowReach.Rows> found = reach.behind(date, col("id").equalTo(id));
      rows += requireTwin(spec, found, asked, end, end - 1, true);
    }
    assertThat(rows).isPositive();
    assertThat(reach.behind(DATES.get(5), col("id").equalTo(99)).get(0).rows().count()).isZero();
  }

  /** Compares ids of windows' and joins' rows; yields how many rows there were. */
  private static int requireTwin(
      PipelineSpec spec,
      List<RowReach.Rows> found,
      Map<String, Object> asked,
      long end,
      long joined,
      boolean entity) {
    Map<String, Set<Object>> expected = new TreeMap<>();
    for (WindowSpec window : spec.features().windows()) {
      Object key = asked.get(window.matches().orElse(window.by()));
      Set<Object> ids = new TreeSet<>();
      for (Event event : events(window.source())) {
        if (counts(window, event, key, end, entity)) {
          ids.add(event.values().get("id"));
        }
      }
      expected.put(window.source() + " " + window.by(), ids);
    }
    for (JoinSpec join : spec.features().joins()) {
      Object id = NaiveMoments.join(join, prices, asked, joined).get(join.feature("id"));
      expected.put("prices shop", id == null ? Set.of() : Set.of(id));
    }
    Map<String, Set<Object>> ids = new TreeMap<>();
    expected.keySet().forEach(way -> ids.put(way, Set.of()));
    for (RowReach.Rows rows : found.subList(1, found.size())) {
      String by = rows.as().replaceAll("(window by|join on) (\\w+).*", "$2");
      ids.put(rows.source() + " " + by, only(rows));
    }
    assertThat(ids).isEqualTo(expected);
    return ids.values().stream().mapToInt(Set::size).sum();
  }

  private static Set<Object> only(RowReach.Rows rows) {
    Set<Object> ids = new TreeSet<>();
    rows.rows().select("id").collectAsList().forEach(row -> ids.add(row.get(0)));
    return ids;
  }

  @Test
  void predictionsThatARowReachedAreThoseWhoseTwinSeesIt() {
    PipelineSpec spec = lake.spec(EVENTS);
    RowReach reach = reach(spec);
    int reached = 0;
    for (String source : List.of("payments", "refunds", "prices")) {
      for (Event row : events(source).subList(30, 32)) {
        Set<String> expected = new TreeSet<>();
        for (Event asked : payments) {
          if (sees(spec, source, row, asked)) {
            expected.add(PaymentData.day(asked.time()) + " " + asked.values().get("id"));
          }
        }
        assertThat(reached(reach, source, row)).as("%s %s", source, row).isEqualTo(expected);
        reached += expected.size();
      }
    }
    assertThat(reached).isGreaterThan(5);
  }

  @Test
  void entitiesThatARowReachedAreThoseWhoseTwinSeesIt() {
    PipelineSpec spec = lake.spec(ENTITIES);
    RowReach reach = reach(spec);
    int reached = 0;
    for (Event row : refunds.subList(20, 24)) {
      Set<String> expected = new TreeSet<>();
      for (LocalDate date : DATES) {
        for (long id = 0; id < 5; id++) {
          WindowSpec window = spec.features().windows().get(0);
          if (counts(window, row, id, micros(date.plusDays(1)), true)) {
            expected.add(date + " " + id);
          }
        }
      }
      assertThat(reached(reach, "refunds", row)).as("%s", row).isEqualTo(expected);
      reached += expected.size();
    }
    assertThat(reached).isPositive();
  }

  private static Set<String> reached(RowReach reach, String source, Event row) {
    Set<String> found = new TreeSet<>();
    for (Row one : reach.reached(source, is(row)).collectAsList()) {
      found.add(one.get(0) + " " + one.get(1));
    }
    return found;
  }

  private static org.apache.spark.sql.Column is(Event event) {
    return col("id").equalTo(event.values().get("id"));
  }

  private static boolean sees(PipelineSpec spec, String source, Event row, Event asked) {
    boolean sees = source.equals("payments") && row.equals(asked);
    for (WindowSpec window : spec.features().windows()) {
      Object key = asked.values().get(window.matches().orElse(window.by()));
      sees |= window.source().equals(source) && counts(window, row, key, asked.time(), false);
    }
    for (JoinSpec join : spec.features().joins()) {
      Object id =
          NaiveMoments.join(join, prices, asked.values(), asked.time()).get(join.feature("id"));
      sees |= join.source().equals(source) && row.values().get("id").equals(id);
    }
    return sees;
  }

  /** Whether a window of the widest span counts one row, were there no other. */
  private static boolean counts(
      WindowSpec window, Event event, Object key, long end, boolean entity) {
    Duration longest = window.over().stream().max(Duration::compareTo).orElseThrow();
    Map<String, Object> found =
        NaiveMoments.window(
            window, List.of(event), e -> window.where().isEmpty() || below50(e), key, end, entity);
    return found.get(window.feature("*", WindowSpec.Aggregate.COUNT, longest)).equals(1.0);
  }

  private static boolean below50(Event event) {
    Double amount = (Double) event.values().get("amount");
    return amount != null && amount < 50;
  }

  private static List<Event> events(String source) {
    return switch (source) {
      case "payments" -> payments;
      case "refunds" -> refunds;
      default -> prices;
    };
  }

  private static RowReach reach(PipelineSpec spec) {
    FeatureSources sources = lake.sources(spec);
    Map<LocalDate, FeatureReach> reaches = new TreeMap<>();
    DATES.forEach(date -> reaches.put(date, FeatureReach.of(sources, date).orElseThrow()));
    return new RowReach(sources, reaches);
  }

  private static long micros(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toEpochSecond() * 1_000_000;
  }
}
