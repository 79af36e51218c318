package io.millrace.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Columns of another source, joined by key, as they were at the moment of a prediction. */
@Doc("Columns of another source's row of the same key, as it was at the moment of a prediction.")
public record JoinSpec(
    @Doc("The other source.") String source,
    @Doc("Its key columns, each with the population's column: {faa: origin}.")
        Map<String, String> on,
    @Doc(
            "Its time column: the last row at or before the moment counts. Absent: the row of the"
                + " last snapshot, or the last row of the key, that is known at the date's end.")
        Optional<String> asOf,
    @Doc("How old the row may be at the moment; an older one counts as none.")
        Optional<Duration> within,
    @Doc("A row is known so long after its time.") @Default("0d") Duration delay,
    @Doc(
            "The columns; features are named source_column, null where there is no row. Dates"
                + " among them are no features, but expressions and date-parts may use them.")
        List<String> columns) {

  public JoinSpec {
    on = SortedMaps.copyOf(on);
    columns = List.copyOf(columns);
  }

  /** The names of all features. */
  public List<String> features() {
    return columns.stream().map(this::feature).toList();
  }

  /** The name of one feature: {@code weather_temp}. */
  public String feature(String column) {
    return source + "_" + column;
  }
}
