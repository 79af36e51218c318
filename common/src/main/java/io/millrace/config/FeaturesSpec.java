package io.millrace.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a model may know. */
@Doc("What a model may know of a row.")
public record FeaturesSpec(
    @Doc(
            "Columns of the population's source. Empty: all but keys, time, label and the"
                + " excluded.")
        @Default("[]")
        List<String> columns,
    @Doc("SQL expressions over those columns, windows and joined columns, by name.") @Default("{}")
        Map<String, String> expressions,
    @Doc("Parts of date and timestamp columns: {dteday: [month, day-of-week]}.") @Default("{}")
        Map<String, List<DatePart>> dateParts,
    @Doc("Aggregates over the time before the moment of a prediction.") @Default("[]")
        List<WindowSpec> windows,
    @Doc("Columns of other sources, as they were at that moment.") @Default("[]")
        List<JoinSpec> joins,
    @Doc("Kinds that overrule the inferred ones: {zip: category}.") @Default("{}")
        Map<String, FeatureKind> kinds,
    @Doc("Columns that are kept for slices and are never features.") @Default("[]")
        List<String> exclude) {

  public FeaturesSpec {
    columns = List.copyOf(columns);
    expressions = SortedMaps.copyOf(expressions);
    dateParts = SortedMaps.copyOf(dateParts);
    windows = List.copyOf(windows);
    joins = List.copyOf(joins);
    kinds = SortedMaps.copyOf(kinds);
    exclude = List.copyOf(exclude);
  }

  /** The names of the columns that windows and joins make. */
  public List<String> made() {
    List<String> names = new ArrayList<>();
    windows.forEach(window -> names.addAll(window.features()));
    joins.forEach(join -> names.addAll(join.features()));
    return names;
  }

  /** How a feature is read by encoders. */
  public enum FeatureKind {
    NUMERIC,
    CATEGORY,
    BOOLEAN
  }

  /** A part of a date or timestamp; a feature is named {@code <column>_<part>}. */
  public enum DatePart {
    YEAR,
    QUARTER,
    MONTH,
    DAY_OF_MONTH,
    DAY_OF_WEEK,
    DAY_OF_YEAR,
    WEEK_OF_YEAR,
    HOUR,
    MINUTE,
    DAYS_SINCE_EPOCH
  }
}
