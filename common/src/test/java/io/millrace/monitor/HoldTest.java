package io.millrace.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.CheckSpec.OnFail;
import io.millrace.config.MonitorSpec;
import io.millrace.config.MonitorSpec.Retrain;
import io.millrace.config.ReleaseSpec;
import io.millrace.config.ReleaseSpec.Finding;
import io.millrace.monitor.Watched.Against;
import io.millrace.monitor.Watched.Kind;
import io.millrace.validate.CheckResult;
import io.millrace.validate.ColumnMeasures;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HoldTest {

  private static final ColumnMeasures REFERENCE = parts(500);

  private static ColumnMeasures parts(int ofThousand) {
    return Columns.texts(
        Stream.concat(
                Collections.nCopies(ofThousand, "a").stream(),
                Collections.nCopies(1000 - ofThousand, "b").stream())
            .toList());
  }

  private static Watched watched(Kind kind, String column, Against against, int ofThousand) {
    return new Watched(kind, column, against, REFERENCE, parts(ofThousand));
  }

  /** An ok feature, a feature at warn and one at stop, a prediction at warn, a label at stop. */
  private static List<ColumnDrift> date() {
    return DriftJudge.judge(
        List.of(
            watched(Kind.FEATURE, "same", Against.TRAINING, 500),
            watched(Kind.FEATURE, "some", Against.BEFORE, 300),
            watched(Kind.FEATURE, "much", Against.TRAINING, 100),
            watched(Kind.PREDICTION, "prediction", Against.TRAINING, 300),
            watched(Kind.LABEL, "label", Against.TRAINING, 100)),
        Columns.defaults());
  }

  private static List<String> reasons(Finding... findings) {
    CheckResult passed = check("not-null(age)", OnFail.WARN, true);
    CheckResult warned = check("in-range(age)", OnFail.WARN, false);
    CheckResult quarantined = check("one-of(job)", OnFail.QUARANTINE, false);
    return Hold.of(new ReleaseSpec(List.of(findings)), date(), List.of(passed, warned, quarantined))
        .reasons();
  }

  private static CheckResult check(String name, OnFail onFail, boolean passed) {
    String message = name + ": 3 of 10 rows";
    return new CheckResult(
        "clients", "r1", name, "age", onFail, passed, "30%", "0%", 10, 3, message);
  }

  private static DateVerdict verdict(int day, int overWarn, int overStop) {
    return new DateVerdict("2024-01-0" + day, overWarn, overStop);
  }

  private static Optional<String> asks(String rule, DateVerdict... dates) {
    MonitorSpec spec = new MonitorSpec(Columns.defaults(), 4, Optional.of(new Retrain(rule)));
    return Retraining.asks(spec, List.of(dates));
  }

  @Test
  void whatTheSpecDoesNotNameKeepsNothingBack() {
    assertThat(reasons()).isEmpty();
    assertThat(new Hold(List.of()).isHeld()).isFalse();
    assertThat(reasons(Finding.PREDICTION_STOP)).isEmpty();
  }

  @Test
  void whatItNamesKeepsBackWithAReason() {
    assertThat(reasons(Finding.FEATURE_STOP))
        .singleElement()
        .asString()
        .startsWith("feature-stop against training: much: psi 0.88 (chance 0.0020), ");
    assertThat(reasons(Finding.FEATURE_WARN))
        .hasSize(2)
        .anyMatch(reason -> reason.startsWith("feature-warn against the dates before: some: psi "));
    assertThat(reasons(Finding.PREDICTION_WARN))
        .singleElement()
        .asString()
        .startsWith("prediction-warn against training: prediction: psi ");
    assertThat(reasons(Finding.CHECK_WARN))
        .containsExactly("check-warn: clients: in-range(age): 3 of 10 rows");
    assertThat(reasons(Finding.values())).hasSize(4);
    assertThat(new Hold(reasons(Finding.CHECK_WARN)).isHeld()).isTrue();
  }

  @Test
  void aDateIsCountedByWhatDiffersFromTraining() {
    assertThat(DateVerdict.of("2024-01-01", date())).isEqualTo(new DateVerdict("2024-01-01", 3, 2));
  }

  @Test
  void theRuleLooksAtTheLastDates() {
    DateVerdict none = verdict(1, 0, 0);
    DateVerdict warn = verdict(2, 4, 0);
    DateVerdict stop = verdict(3, 2, 1);
    assertThat(asks("2 of last 3 dates over warn", stop, warn, none, none)).isEmpty();
    assertThat(asks("2 of last 3 dates over warn", none, none, warn, none, stop))
        .contains("train again: 2 of the last 3 dates were over warn (2024-01-02, 2024-01-03)");
    assertThat(asks("2 of last 3 dates over stop", warn, warn, stop)).isEmpty();
    assertThat(asks("1 of last 5 dates over stop", warn, stop))
        .contains("train again: 1 of the last 2 dates were over stop (2024-01-03)");
    assertThat(asks("1 of last 5 dates over stop")).isEmpty();
    MonitorSpec silent = new MonitorSpec(Columns.defaults(), 4, Optional.empty());
    assertThat(Retraining.asks(silent, List.of(stop))).isEmpty();
  }
}
