package io.millrace.promote;

import static io.millrace.promote.Gates.ALL;
import static io.millrace.promote.Gates.BY_SEX;
import static io.millrace.promote.Gates.against;
import static io.millrace.promote.Gates.assertBlocked;
import static io.millrace.promote.Gates.auc;
import static io.millrace.promote.Gates.challenger;
import static io.millrace.promote.Gates.judge;
import static io.millrace.promote.Gates.metric;
import static io.millrace.promote.Gates.only;
import static io.millrace.promote.Gates.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.PromoteSpec;
import io.millrace.config.PromoteSpec.AtLeast;
import io.millrace.config.PromoteSpec.AtMost;
import io.millrace.config.PromoteSpec.Beats;
import io.millrace.config.PromoteSpec.Gate;
import io.millrace.config.PromoteSpec.Model;
import io.millrace.config.PromoteSpec.NoWorseThan;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeTest {

  @ParameterizedTest
  @CsvSource({
    "0.8412, 0.83, true, auc 0.8412 is at least 0.83",
    "0.83, 0.83, true, auc 0.83 is at least 0.83",
    "0.8123, 0.83, false, auc 0.8123 is below 0.83",
    "0.82999999, 0.83, false, auc 0.82999999 is below 0.83",
    "0.812345678, 0.83, false, auc 0.8123 is below 0.83",
    "0.00001, 0.83, false, auc 0.00001 is below 0.83",
  })
  void atLeast(double value, double bound, boolean passed, String reason) {
    Verdict verdict = only(new AtLeast("auc", bound, ALL), challenger(auc(value)));
    assertThat(verdict)
        .isEqualTo(
            new Verdict(
                "at-least",
                "auc",
                "",
                "",
                OptionalDouble.of(value),
                OptionalDouble.of(bound),
                "at least 0.83",
                passed,
                reason));
  }

  @ParameterizedTest
  @CsvSource({
    "0.31, true, log-loss 0.31 is at most 0.35",
    "0.35, true, log-loss 0.35 is at most 0.35",
    "0.3612, false, log-loss 0.3612 is above 0.35",
  })
  void atMost(double value, boolean passed, String reason) {
    Gate gate = new AtMost("log-loss", 0.35, ALL);
    Verdict verdict = only(gate, challenger(metric("log-loss", "", value, 500)));
    assertThat(verdict.passed()).isEqualTo(passed);
    assertThat(verdict.reason()).isEqualTo(reason);
    assertThat(verdict.bound()).isEqualTo("at most 0.35");
  }

  @ParameterizedTest
  @CsvSource({
    "0.85, 0.83, 0.01, true, is 0.02 better than the champion's 0.83; must be better by more than"
        + " 0.01",
    "0.84, 0.83, 0.01, false, is 0.01 better than the champion's 0.83; must be better by more than"
        + " 0.01",
    "0.83, 0.83, 0, false, equals the champion's; must be better by more than 0",
    "0.82, 0.83, 0, false, is 0.01 worse than the champion's 0.83; must be better by more than 0",
  })
  void beats(double value, double other, double by, boolean passed, String reason) {
    Scores scores = against(Model.CHAMPION, List.of(auc(value)), List.of(auc(other)));
    Verdict verdict = only(new Beats(Model.CHAMPION, "auc", by, ALL), scores);
    assertThat(verdict.reason()).isEqualTo("auc " + value + " " + reason);
    assertThat(verdict.passed()).isEqualTo(passed);
    assertThat(verdict.against()).hasValue(other);
    assertThat(verdict.bound()).startsWith("better than the champion by more than 0");
  }

  @ParameterizedTest
  @CsvSource({
    "0.84, 0.83, true, is 0.01 better than the baseline's 0.83; tolerance 0.002",
    "0.83, 0.83, true, equals the baseline's; tolerance 0.002",
    "0.8103, 0.8123, true, is 0.002 worse than the baseline's 0.8123; tolerance 0.002",
    "0.7911, 0.8034, false, is 0.0123 worse than the baseline's 0.8034; tolerance 0.002",
    "0.80999, 0.812, false, is 0.00201 worse than the baseline's 0.812; tolerance 0.002",
  })
  void noWorseThan(double value, double other, boolean passed, String reason) {
    Scores scores = against(Model.BASELINE, List.of(auc(value)), List.of(auc(other)));
    Verdict verdict = only(new NoWorseThan(Model.BASELINE, "auc", 0.002, ALL), scores);
    assertThat(verdict.reason()).endsWith(reason).startsWith("auc 0.");
    assertThat(verdict.passed()).isEqualTo(passed);
    assertThat(verdict.bound()).isEqualTo("worse than the baseline by at most 0.002");
  }

  @Test
  void lowerIsBetterForLosses() {
    Scores scores =
        against(
            Model.BASELINE,
            List.of(metric("rmse", "", 10.5, 500)),
            List.of(metric("rmse", "", 12, 500)));
    assertThat(only(new Beats(Model.BASELINE, "rmse", 1, ALL), scores).reason())
        .isEqualTo("rmse 10.5 is 1.5 better than the baseline's 12; must be better by more than 1");
    assertThat(only(new Beats(Model.BASELINE, "rmse", 1, ALL), scores).passed()).isTrue();
  }

  @Test
  void judgesEverySliceAndListsThosePassedOver() {
    Scores scores =
        against(
            Model.CHAMPION,
            List.of(
                metric("auc", "Female", 0.7911, 400),
                metric("auc", "Male", 0.82, 500),
                metric("rows", "Other", 12, 12)),
            List.of(metric("auc", "Female", 0.8034, 400), metric("auc", "Male", 0.82, 500)));
    List<Verdict> verdicts = judge(new NoWorseThan(Model.CHAMPION, "auc", 0.002, BY_SEX), scores);
    assertThat(verdicts)
        .extracting(Verdict::sliceValue, Verdict::passed, Verdict::reason)
        .containsExactly(
            row(
                "Female",
                false,
                "auc 0.7911 on sex=Female is 0.0123 worse than the champion's 0.8034; tolerance"
                    + " 0.002"),
            row("Male", true, "auc 0.82 on sex=Male equals the champion's; tolerance 0.002"),
            row("Other", true, "sex=Other was passed over: it has 12 rows, fewer than 100"));
    assertThat(verdicts).allMatch(v -> v.sliceColumn().equals("sex"));
    assertThat(Verdict.promotes(verdicts)).isFalse();
  }

  @Test
  void passesComparisonsWithAChampionThatIsNotThereYet() {
    for (Gate gate :
        List.of(
            new Beats(Model.CHAMPION, "auc", 0.01, ALL),
            new NoWorseThan(Model.CHAMPION, "auc", 0.01, ALL))) {
      Verdict verdict = only(gate, challenger(auc(0.7)));
      assertThat(verdict.passed()).isTrue();
      assertThat(verdict.reason()).isEqualTo("there is no champion yet");
      assertThat(verdict.value()).hasValue(0.7);
      assertThat(verdict.against()).isEmpty();
    }
    assertBlocked(
        new Beats(Model.CHAMPION, "auc", 0.01, ALL),
        challenger(metric("rows", "", 5, 5)),
        "the challenger has no auc; the nearest is `rows`");
  }

  @Test
  void promotesNothingWithoutGates() {
    List<Verdict> verdicts = Judge.judge(new PromoteSpec(List.of()), challenger(auc(1)));
    assertThat(verdicts).hasSize(1);
    assertThat(verdicts.get(0).gate()).isEqualTo("none");
    assertThat(verdicts.get(0).reason())
        .isEqualTo("`promote.gates` is empty, so no model is promoted by itself");
    assertThat(Verdict.promotes(verdicts)).isFalse();
    assertThat(Verdict.promotes(List.of())).isFalse();
  }

  @Test
  void promotesWhenAllGatesPass() {
    Scores scores =
        new Scores(
            List.of(auc(0.9)), Optional.of(List.of(auc(0.9))), Optional.of(List.of(auc(0.8))));
    List<Gate> gates =
        List.of(
            new AtLeast("auc", 0.85, ALL),
            new Beats(Model.BASELINE, "auc", 0, ALL),
            new NoWorseThan(Model.CHAMPION, "auc", 0, ALL));
    List<Verdict> verdicts = Judge.judge(new PromoteSpec(gates), scores);
    assertThat(verdicts)
        .extracting(Verdict::gate)
        .containsExactly("at-least", "beats", "no-worse-than");
    assertThat(Verdict.promotes(verdicts)).isTrue();
  }
}
