package io.millrace.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Aggregates over the events of a key in the time before the moment of a prediction. */
@Doc(
    "Aggregates over events of the same key in spans of time before the moment of a prediction:"
        + " the event's time, or the end of the date where entities are scored. Of an event, a span"
        + " holds the rows later than its start and earlier than its end; at its end too where the"
        + " window is delayed or says with-present. Of an entity, the last 1d is the date's last"
        + " day, from its first instant. Null keys match nothing.")
public record WindowSpec(
    @Doc("The source of the events; it is appended to and has a time.") String source,
    @Doc("Its column that holds the key.") String by,
    @Doc("Column of the population that holds the same key; absent: of the same name.")
        Optional<String> matches,
    @Doc("Spans: [1d, 7d, 30d].") List<Duration> over,
    @Doc("The spans end so long before the moment, since later rows aren't known in time.")
        @Default("0d")
        Duration delay,
    @Doc(
            "Whether rows of the very moment count, the event itself among them; only for"
                + " population.per event and without delay.")
        @Default("false")
        boolean withPresent,
    @Doc("Date or timestamp column that says when a row became known; later ones don't count.")
        Optional<String> knownAt,
    @Doc("SQL condition over one row; others don't count.") Optional<String> where,
    @Doc(
            "What to compute of each column; \"*\" stands for the rows: {\"*\": [count]}. Nulls and"
                + " NaN don't count; without a row count and distinct are 0, the others null.")
        Map<String, List<Aggregate>> aggregate) {

  public WindowSpec {
    over = List.copyOf(over);
    aggregate = SortedMaps.copyOf(aggregate);
  }

  /**
   * An aggregate; nulls and NaN don't count. Without a row, count and distinct are 0, the others
   * null. {@code rate} is the share of values that are true or not zero, {@code stddev} that of a
   * sample (null of one row), {@code last} the value of the last row (by time, ingest, row id),
   * {@code time-since} the seconds from the last row to the moment.
   */
  public enum Aggregate {
    COUNT,
    SUM,
    AVG,
    MIN,
    MAX,
    STDDEV,
    DISTINCT,
    LAST,
    RATE,
    TIME_SINCE
  }

  /** The names of all features, column by column. */
  public List<String> features() {
    List<String> names = new ArrayList<>();
    aggregate.forEach(
        (column, aggregates) ->
            aggregates.forEach(a -> over.forEach(span -> names.add(feature(column, a, span)))));
    return names;
  }

  /**
   * The name of one feature: {@code avg_amount_by_customer_7d}, {@code count_by_shop_1d_delay_7d}.
   */
  public String feature(String column, Aggregate aggregate, Duration span) {
    return Words.snake(aggregate.name())
        + (column.equals("*") ? "" : "_" + column)
        + "_by_"
        + by
        + "_"
        + Spans.text(span)
        + (delay.isZero() ? "" : "_delay_" + Spans.text(delay));
  }
}
