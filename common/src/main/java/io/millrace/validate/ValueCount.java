package io.millrace.validate;

import io.millrace.config.CanonicalJson;
import java.util.List;
import java.util.Map;

/**
 * A value as text and how often it occurs.
 *
 * @param value the value
 * @param count number of rows
 */
public record ValueCount(String value, long count) {

  /** {@code [{"count":3,"value":"x"}, …]}; null for no values. */
  static String json(List<ValueCount> values) {
    return values.isEmpty()
        ? null
        : CanonicalJson.of(
            values.stream().map(v -> Map.of("value", v.value(), "count", v.count())).toList());
  }
}
