package io.millrace.monitor;

import io.millrace.config.CheckSpec.OnFail;
import io.millrace.config.ReleaseSpec;
import io.millrace.config.ReleaseSpec.Finding;
import io.millrace.monitor.Watched.Against;
import io.millrace.monitor.Watched.Kind;
import io.millrace.validate.CheckResult;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a date's predictions are kept back. A column over the limit that stops is over that of a
 * warning too; it counts against the training rows and against the dates before.
 *
 * @param reasons a line for each finding that keeps the date back; none where it may be released
 */
public record Hold(List<String> reasons) {

  public Hold {
    reasons = List.copyOf(reasons);
  }

  /**
   * Decides by the findings that the spec names.
   *
   * @param columns verdicts on the columns of the date
   * @param checks verdicts of the checks of its sources
   */
  public static Hold of(ReleaseSpec spec, List<ColumnDrift> columns, List<CheckResult> checks) {
    List<String> reasons = new ArrayList<>();
    for (ColumnDrift column : columns) {
      if (keepsBack(column, spec.holdWhen())) {
        reasons.add(reason(column));
      }
    }
    if (spec.holdWhen().contains(Finding.CHECK_WARN)) {
      checks.stream()
          .filter(check -> !check.passed() && check.onFail() == OnFail.WARN)
          .forEach(check -> reasons.add("check-warn: " + check.source() + ": " + check.message()));
    }
    return new Hold(reasons);
  }

  /** Whether the date is kept back. */
  public boolean isHeld() {
    return !reasons.isEmpty();
  }

  private static boolean keepsBack(ColumnDrift column, List<Finding> findings) {
    if (column.watched().kind() == Kind.LABEL) {
      return false;
    }
    boolean feature = column.watched().kind() == Kind.FEATURE;
    Finding warn = feature ? Finding.FEATURE_WARN : Finding.PREDICTION_WARN;
    Finding stop = feature ? Finding.FEATURE_STOP : Finding.PREDICTION_STOP;
    return column.verdict().isChange() && findings.contains(warn)
        || column.verdict() == Verdict.STOP && findings.contains(stop);
  }

  /** {@code feature-stop against training: pdays: psi 0.50 …}. */
  private static String reason(ColumnDrift column) {
    boolean training = column.watched().against() == Against.TRAINING;
    return "%s-%s against %s: %s"
        .formatted(
            column.watched().kind() == Kind.FEATURE ? "feature" : "prediction",
            column.verdict().word(),
            training ? "training" : "the dates before",
            column.message());
  }
}
