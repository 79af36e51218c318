package io.millrace.config;

import io.millrace.config.WindowSpec.Aggregate;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What can be wrong within one window. */
final class WindowCheck {

  /** What can be told of rows without looking at a column. */
  private static final Set<Aggregate> OF_ROWS = Set.of(Aggregate.COUNT, Aggregate.TIME_SINCE);

  private final Faults faults;
  private final KeyPath path;

  WindowCheck(Faults faults, KeyPath path) {
    this.faults = faults;
    this.path = path;
  }

  void check(WindowSpec window) {
    if (window.by().isBlank()) {
      faults.add(path.then("by"), "an empty name; name a column");
    }
    over(window.over());
    window
        .where()
        .flatMap(SqlWords::fault)
        .ifPresent(fault -> faults.add(path.then("where"), fault));
    if (window.withPresent() && !window.delay().isZero()) {
      faults.add(
          path.then("with-present"), "a delayed window ends before the present; keep one of them");
    }
    if (window.aggregate().isEmpty()) {
      faults.add(
          path.then("aggregate"), "empty; say what to compute of a column: {\"*\": [count]}");
    }
    window.aggregate().forEach(this::aggregates);
  }

  private void over(List<Duration> spans) {
    if (spans.isEmpty()) {
      faults.add(path.then("over"), "empty; write at least one span: [7d]");
    }
    Set<Duration> seen = new HashSet<>();
    for (int i = 0; i < spans.size(); i++) {
      KeyPath at = path.then("over", i);
      if (spans.get(i).isZero()) {
        faults.add(at, "a span of nothing; make it longer: 1d");
      } else if (!seen.add(spans.get(i))) {
        faults.add(at, Spans.text(spans.get(i)) + " stands in the list twice; keep one");
      }
    }
  }

  private void aggregates(String column, List<Aggregate> aggregates) {
    KeyPath at = path.then("aggregate", column);
    if (aggregates.isEmpty()) {
      String words = String.join(", ", Words.of(Aggregate.class).toList());
      faults.add(at, "no aggregate; name some of " + words);
    }
    for (int i = 0; i < aggregates.size(); i++) {
      Aggregate aggregate = aggregates.get(i);
      String word = Words.kebab(aggregate.name());
      if (aggregates.indexOf(aggregate) < i) {
        faults.add(at.then(i), word + " stands in the list twice; keep one");
      } else if (column.equals("*") && !OF_ROWS.contains(aggregate)) {
        faults.add(at.then(i), word + " needs a column; of rows there are count and time-since");
      }
    }
  }
}
