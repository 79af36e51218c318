package io.millrace.features;

import io.millrace.config.JoinSpec;
import io.millrace.config.WindowSpec;
import io.millrace.config.WindowSpec.Aggregate;
import io.millrace.stats.Moments;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The slow twin of windows and joins: looks at all rows for each moment. */
final class NaiveMoments {

  private NaiveMoments() {}

  /** A row of a source; times in microseconds, {@code order} among rows of one instant. */
  record Event(long time, String order, Map<String, Object> values) {}

  /**
   * What a window knows at a moment.
   *
   * @param end the instant of the moment; of entities, the first after the date
   * @param entity whether entities are scored
   */
  static Map<String, Object> window(
      WindowSpec window,
      List<Event> events,
      Predicate<Event> where,
      Object key,
      long end,
      boolean entity) {
    Map<String, Object> found = new LinkedHashMap<>();
    for (Duration span : window.over()) {
      List<Event> inside =
          events.stream()
              .filter(e -> key != null && key.equals(e.values().get(window.by())))
              .filter(e -> isInside(window, micros(span), e.time(), end, entity))
              .filter(e -> isKnown(window, e, end, entity))
              .filter(where)
              .sorted(Comparator.comparingLong(Event::time).thenComparing(Event::order))
              .toList();
      window
          .aggregate()
          .forEach(
              (column, aggregates) ->
                  aggregates.forEach(
                      aggregate ->
                          found.put(
                              window.feature(column, aggregate, span),
                              aggregate(column, aggregate, inside, end))));
    }
    return found;
  }

  private static boolean isInside(
      WindowSpec window, long span, long time, long end, boolean entity) {
    long last = end - micros(window.delay());
    if (entity) {
      return last - span <= time && time < last;
    }
    boolean closed = window.withPresent() || !window.delay().isZero();
    return last - span < time && (closed ? time <= last : time < last);
  }

  private static boolean isKnown(WindowSpec window, Event event, long end, boolean entity) {
    Optional<String> column = window.knownAt();
    if (column.isEmpty()) {
      return true;
    }
    Long known = (Long) event.values().get(column.get());
    return known != null && (entity ? known < end : known <= end);
  }

  private static long micros(Duration span) {
    return span.toSeconds() * 1_000_000;
  }

  private static Object aggregate(
      String column, Aggregate aggregate, List<Event> inside, long end) {
    List<Event> rows =
        inside.stream().filter(e -> column.equals("*") || isValue(e.values().get(column))).toList();
    List<Object> values = new ArrayList<>();
    rows.forEach(e -> values.add(column.equals("*") ? Double.valueOf(1) : e.values().get(column)));
    if (aggregate == Aggregate.COUNT) {
      return (double) rows.size();
    } else if (aggregate == Aggregate.DISTINCT) {
      return (double) new TreeSet<>(values.stream().map(NaiveMoments::unsigned).toList()).size();
    } else if (rows.isEmpty()) {
      return null;
    } else if (aggregate == Aggregate.LAST) {
      Object last = values.get(values.size() - 1);
      return last instanceof Double d ? (Object) (d + 0.0) : last;
    } else if (aggregate == Aggregate.TIME_SINCE) {
      return (end - rows.get(rows.size() - 1).time()) / 1e6;
    }
    return number(aggregate, values.stream().mapToDouble(NaiveMoments::number).toArray());
  }

  private static String unsigned(Object value) {
    return value instanceof Double d ? String.valueOf(d + 0.0) : String.valueOf(value);
  }

  private static boolean isValue(Object value) {
    return value != null && !(value instanceof Double d && Double.isNaN(d));
  }

  private static double number(Object value) {
    return value instanceof Boolean flag ? (flag ? 1 : 0) : (Double) value + 0.0;
  }

  private static Object number(Aggregate aggregate, double[] x) {
    double value =
        switch (aggregate) {
          case SUM -> sum(x);
          case AVG -> sum(x) / x.length;
          case MIN -> java.util.Arrays.stream(x).min().orElseThrow();
          case MAX -> java.util.Arrays.stream(x).max().orElseThrow();
          case RATE -> java.util.Arrays.stream(x).filter(v -> v != 0).count() / (double) x.length;
          case STDDEV -> deviation(x);
          default -> throw new IllegalArgumentException(aggregate.name());
        };
    return Double.isNaN(value) ? null : value;
  }

  private static double sum(double[] x) {
    BigDecimal sum = BigDecimal.ZERO;
    double infinite = 0;
    for (double v : x) {
      if (Double.isInfinite(v)) {
        infinite += v;
      } else {
        sum = sum.add(new BigDecimal(v));
      }
    }
    return infinite != 0 || Double.isNaN(infinite) ? infinite : sum.doubleValue();
  }

  private static double deviation(double[] x) {
    Moments moments = new Moments();
    for (double v : x) {
      moments.add(v);
    }
    return moments.variance().isEmpty() ? Double.NaN : Math.sqrt(moments.variance().getAsDouble());
  }

  /**
   * The columns of a join at a moment.
   *
   * @param end the last instant at which a row may stand
   */
  static Map<String, Object> join(
      JoinSpec join, List<Event> events, Map<String, Object> asked, long end) {
    Optional<Event> last =
        events.stream()
            .filter(
                e ->
                    join.on().entrySet().stream()
                        .allMatch(
                            pair ->
                                asked.get(pair.getValue()) != null
                                    && Objects.equals(
                                        e.values().get(pair.getKey()), asked.get(pair.getValue()))))
            .filter(e -> e.time() <= end - micros(join.delay()))
            .max(Comparator.comparingLong(Event::time).thenComparing(Event::order))
            .filter(e -> join.within().isEmpty() || end - e.time() <= micros(join.within().get()));
    Map<String, Object> found = new LinkedHashMap<>();
    for (String column : join.columns()) {
      found.put(join.feature(column), last.map(e -> e.values().get(column)).orElse(null));
    }
    return found;
  }
}
