package io.millrace.promote;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.PromoteSpec;
import io.millrace.config.PromoteSpec.Gate;
import io.millrace.config.PromoteSpec.Model;
import io.millrace.config.PromoteSpec.Slice;
import io.millrace.evaluate.Metric;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.assertj.core.groups.Tuple;

/**
 * What the tests of gates share: one gate judged over a few figures of {@code auc} and its like.
 */
final class Gates {

  static final Optional<Slice> ALL = Optional.empty();
  static final Optional<Slice> BY_SEX = Optional.of(new Slice("sex", 100));

  private Gates() {}

  static void assertBlocked(Gate gate, Scores scores, String reason) {
    Verdict verdict = only(gate, scores);
    assertThat(verdict.reason()).isEqualTo(reason);
    assertThat(verdict.passed()).isFalse();
  }

  static Tuple row(String value, boolean passed, String reason) {
    return Tuple.tuple(value, passed, reason);
  }

  static Verdict only(Gate gate, Scores scores) {
    List<Verdict> verdicts = judge(gate, scores);
    assertThat(verdicts).hasSize(1);
    return verdicts.get(0);
  }

  static List<Verdict> judge(Gate gate, Scores scores) {
    return Judge.judge(new PromoteSpec(List.of(gate)), scores);
  }

  static Scores challenger(Metric... metrics) {
    return new Scores(List.of(metrics), Optional.empty(), Optional.empty());
  }

  static Scores against(Model model, List<Metric> challenger, List<Metric> other) {
    return model == Model.CHAMPION
        ? new Scores(challenger, Optional.of(other), Optional.empty())
        : new Scores(challenger, Optional.empty(), Optional.of(other));
  }

  static Metric auc(double value) {
    return metric("auc", "", value, 500);
  }

  static Metric metric(String name, String sex, double value, long rows) {
    OptionalDouble none = OptionalDouble.empty();
    return new Metric(name, sex.isEmpty() ? "" : "sex", sex, none, none, value, rows);
  }
}
