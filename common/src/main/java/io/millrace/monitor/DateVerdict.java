package io.millrace.monitor;

import io.millrace.monitor.Watched.Against;
import java.util.List;

/**
 * How many columns of one date lie over the limits, compared with the training rows.
 *
 * @param date the logical date, as the tables have it
 * @param overWarn columns over the limit of a warning, those over the other one among them
 * @param overStop columns over the limit that stops
 */
public record DateVerdict(String date, int overWarn, int overStop) {

  /** Counts features, predictions and labels; what was compared with the dates before is left. */
  public static DateVerdict of(String date, List<ColumnDrift> columns) {
    List<Verdict> changes =
        columns.stream()
            .filter(column -> column.watched().against() == Against.TRAINING)
            .map(ColumnDrift::verdict)
            .filter(Verdict::isChange)
            .toList();
    long stops = changes.stream().filter(verdict -> verdict == Verdict.STOP).count();
    return new DateVerdict(date, changes.size(), (int) stops);
  }
}
