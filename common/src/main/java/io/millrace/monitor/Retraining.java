package io.millrace.monitor;

import io.millrace.config.MonitorSpec;
import io.millrace.config.RetrainRule;
import io.millrace.config.RetrainRule.Limit;
import java.util.List;
import java.util.Optional;

/** Whether the model should be trained again. */
public final class Retraining {

  private Retraining() {}

  /**
   * Why the spec's rule asks for it; empty where it doesn't, or where there is none. A date counts
   * if one column is over the limit, or more. Where there are fewer dates than the rule looks at,
   * those that there are count.
   *
   * @param dates the last dates since the model was trained, oldest first; those beyond the rule's
   *     number are left
   * @throws IllegalArgumentException if the spec's rule is none, which reading a spec refuses
   */
  public static Optional<String> asks(MonitorSpec spec, List<DateVerdict> dates) {
    if (spec.retrain().isEmpty()) {
      return Optional.empty();
    }
    String when = spec.retrain().get().when();
    RetrainRule rule =
        RetrainRule.parse(when)
            .orElseThrow(() -> new IllegalArgumentException("no rule to train again: " + when));
    List<String> over =
        dates.subList(Math.max(0, dates.size() - rule.last()), dates.size()).stream()
            .filter(date -> (rule.over() == Limit.WARN ? date.overWarn() : date.overStop()) > 0)
            .map(DateVerdict::date)
            .toList();
    return over.size() < rule.dates()
        ? Optional.empty()
        : Optional.of(
            "train again: %d of the last %d dates were over %s (%s)"
                .formatted(
                    over.size(),
                    Math.min(rule.last(), dates.size()),
                    rule.over() == Limit.WARN ? "warn" : "stop",
                    String.join(", ", over)));
  }
}
