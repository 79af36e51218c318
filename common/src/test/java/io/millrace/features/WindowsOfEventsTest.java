package io.millrace.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.TestSpark;
import io.millrace.config.PipelineSpec;
import io.millrace.config.WindowSpec;
import io.millrace.features.NaiveMoments.Event;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Windows of events against their slow twin, whole and day by day. */
class WindowsOfEventsTest {

  private static final String YAML =
      """
      pipeline: pay
      sources:
        payments: {kind: parquet, path: p, key: [id], time: at}
        refunds: {kind: parquet, path: r, key: [id], time: at}
      entity: [id]
      population: {source: payments, per: event}
      features:
        columns: [amount]
        expressions: {spread: max_amount_by_card_7d - min_amount_by_card_7d}
        windows:
          - source: payments
            by: card
            over: [6h, 1d, 7d]
            with-present: true
            aggregate:
              "*": [count, time-since]
              amount: [count, sum, avg, min, max, stddev, distinct, last, rate, time-since]
              fraud: [rate, last, sum]
              shop: [distinct, last, count, time-since]
          - source: payments
            by: shop
            over: [2d]
            aggregate: {"*": [count, time-since], amount: [sum, min, last]}
          - source: payments
            by: shop
            over: [1d, 3d]
            delay: 2d
            where: amount > 1
            aggregate: {fraud: [rate], amount: [avg, max]}
          - source: payments
            by: shop
            over: [5d]
            known-at: seen
            aggregate: {amount: [sum, min, max, last, distinct], "*": [count]}
          - source: refunds
            by: shop
            over: [4d]
            where: amount < 50
            aggregate: {amount: [sum, avg], seen: [count, distinct]}
          - source: refunds
            by: card
            matches: id
            over: [9d]
            aggregate: {"*": [count]}
      """;

  private static FeatureLake lake;
  private static PipelineSpec spec;
  private static List<Event> payments;
  private static List<Event> refunds;

  @BeforeAll
  static void takeIn() {
    lake = new FeatureLake();
    spec = lake.spec(YAML);
    payments = new PaymentData(1).events(400);
    refunds = new PaymentData(2).events(300);
    lake.append("payments", PaymentData.SCHEMA, "a".repeat(32), PaymentData.raw(payments));
    lake.append("refunds", PaymentData.SCHEMA, "b".repeat(32), PaymentData.raw(refunds));
  }

  @Test
  void areThoseOfTheSlowTwinToTheBit() {
    Map<String, Map<String, Object>> found = lake.features(spec, PaymentData.dates());

    assertThat(found).hasSize(payments.size());
    for (Event asked : payments) {
      Map<String, Object> row =
          found.get(PaymentData.day(asked.time()) + " " + asked.values().get("id"));
      Map<String, Object> expected = twin(asked);
      Map<String, Object> windows = new TreeMap<>(row);
      windows.keySet().retainAll(expected.keySet());
      assertThat(windows).as("payment %s", asked).isEqualTo(new TreeMap<>(expected));
    }
  }

  private static Map<String, Object> twin(Event asked) {
    Map<String, Object> expected = new TreeMap<>();
    for (WindowSpec window : spec.features().windows()) {
      String limit = window.where().orElse("");
      expected.putAll(
          NaiveMoments.window(
              window,
              window.source().equals("payments") ? payments : refunds,
              event -> counts(event, limit),
              asked.values().get(window.matches().orElse(window.by())),
              asked.time(),
              false));
    }
    return expected;
  }

  /** Of the two conditions of the spec; Spark holds NaN to be greater than any number. */
  private static boolean counts(Event event, String where) {
    Double amount = (Double) event.values().get("amount");
    return switch (where) {
      case "amount > 1" -> amount != null && (amount > 1 || amount.isNaN());
      case "amount < 50" -> amount != null && amount < 50;
      default -> true;
    };
  }

  @Test
  void expressionsMayUseThem() {
    Map<String, Map<String, Object>> found =
        lake.features(spec, List.of(PaymentData.FIRST.plusDays(3)));
    assertThat(found.values())
        .isNotEmpty()
        .allSatisfy(
            row -> {
              Double max = (Double) row.get("max_amount_by_card_7d");
              Double min = (Double) row.get("min_amount_by_card_7d");
              assertThat(row.get("spread")).isEqualTo(max == null ? null : (Double) (max - min));
            });
  }

  @Test
  void areTheSameDayByDayInAnyOrderAndNumberOfPartitions() {
    Map<String, Map<String, Object>> whole = lake.features(spec, PaymentData.dates());
    List<LocalDate> dates = new ArrayList<>(PaymentData.dates());
    Collections.shuffle(dates, new Random(3));
    Map<String, Map<String, Object>> dayByDay = new TreeMap<>();
    var conf = TestSpark.session().conf();
    String before = conf.get("spark.sql.shuffle.partitions");
    try {
      for (int i = 0; i < dates.size(); i += 3) {
        conf.set("spark.sql.shuffle.partitions", String.valueOf(1 + i));
        dayByDay.putAll(lake.features(spec, dates.subList(i, i + 3)));
      }
    } finally {
      conf.set("spark.sql.shuffle.partitions", before);
    }
    assertThat(dayByDay).isEqualTo(whole);
  }
}
