package io.millrace.train;

import java.util.List;

/**
 * One finding of the audit.
 *
 * @param columns the features that it is of, or the key; empty for all features together
 * @param value the figure: an AUC, a rank correlation, R² or a share, as the rule and task have it
 * @param limit from which value on it is a finding
 * @param rows how many rows the figure was computed from
 * @param message one line that says what was found and what to do
 */
public record Leak(
    LeakRule rule, List<String> columns, double value, double limit, long rows, String message) {

  public Leak {
    columns = List.copyOf(columns);
  }
}
