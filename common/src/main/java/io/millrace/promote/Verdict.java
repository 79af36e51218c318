package io.millrace.promote;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What one gate says of one slice.
 *
 * @param gate kind of the gate as in the spec, such as {@code at-least}; {@code none} where the
 *     spec has no gates
 * @param metric the metric, as in the spec
 * @param sliceColumn the slice's column; empty for all rows
 * @param sliceValue the slice's value; empty for all rows
 * @param value the challenger's figure, where there is one
 * @param against the figure it was compared with: the bound, or the other model's
 * @param bound what is asked, in words
 * @param passed whether the gate lets the challenger through here
 * @param reason a sentence with the figures
 */
public record Verdict(
    String gate,
    String metric,
    String sliceColumn,
    String sliceValue,
    OptionalDouble value,
    OptionalDouble against,
    String bound,
    boolean passed,
    String reason) {

  /** Whether the challenger may be promoted: there are verdicts, and all passed. */
  public static boolean promotes(List<Verdict> verdicts) {
    return !verdicts.isEmpty() && verdicts.stream().allMatch(Verdict::passed);
  }
}
