package io.millrace.promote;

import static io.millrace.promote.Gates.ALL;
import static io.millrace.promote.Gates.BY_SEX;
import static io.millrace.promote.Gates.against;
import static io.millrace.promote.Gates.assertBlocked;
import static io.millrace.promote.Gates.auc;
import static io.millrace.promote.Gates.challenger;
import static io.millrace.promote.Gates.judge;
import static io.millrace.promote.Gates.metric;
import static io.millrace.promote.Gates.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.PromoteSpec.AtLeast;
import io.millrace.config.PromoteSpec.AtMost;
import io.millrace.config.PromoteSpec.Beats;
import io.millrace.config.PromoteSpec.Model;
import io.millrace.config.PromoteSpec.NoWorseThan;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgeBlocksTest {

  @Test
  void blocksWhenEverySliceWasPassedOver() {
    Scores scores = challenger(metric("auc", "Female", 0.9, 99));
    assertThat(judge(new AtLeast("auc", 0.8, BY_SEX), scores))
        .extracting(Verdict::sliceValue, Verdict::passed, Verdict::reason)
        .containsExactly(
            row("Female", true, "sex=Female was passed over: it has 99 rows, fewer than 100"),
            row("", false, "no value of sex has 100 rows or more, so the gate can't be judged"));
  }

  @Test
  void blocksWithoutMetricsOfTheSlices() {
    assertBlocked(
        new AtLeast("auc", 0.8, BY_SEX),
        challenger(auc(0.9)),
        "there are no metrics by sex; add it to `evaluate.slices`");
  }

  @Test
  void blocksWhereTheMetricIsUndefined() {
    Scores scores =
        challenger(auc(0.9), metric("auc", "Male", 0.9, 300), metric("rows", "Female", 200, 200));
    assertThat(judge(new AtLeast("auc", 0.8, BY_SEX), scores))
        .extracting(Verdict::sliceValue, Verdict::passed, Verdict::reason)
        .containsExactly(
            row("Female", false, "auc is undefined on sex=Female, so the gate can't be judged"),
            row("Male", true, "auc 0.9 on sex=Male is at least 0.8"));
  }

  @Test
  void blocksOnAMetricThatNobodyKnows() {
    assertBlocked(
        new AtLeast("acu", 0.8, ALL),
        challenger(auc(0.9)),
        "there is no metric `acu`; did you mean `auc`?");
    assertBlocked(
        new AtMost("rmse:yes", 0.8, ALL),
        challenger(auc(0.9)),
        "there is no metric `rmse:yes`; did you mean `rmse`?");
  }

  @Test
  void blocksOnAMetricThatTheChallengerLacks() {
    assertBlocked(
        new AtLeast("recall:Yes", 0.8, ALL),
        challenger(auc(0.9), metric("recall:yes", "", 0.9, 500)),
        "the challenger has no recall:Yes; the nearest is `recall:yes`");
    assertBlocked(new AtMost("rmse", 1, ALL), challenger(), "the challenger has no rmse");
  }

  @Test
  void blocksWithoutABaseline() {
    assertBlocked(
        new Beats(Model.BASELINE, "auc", 0, ALL),
        challenger(auc(0.9)),
        "there is no baseline to compare with; give `train.baseline`");
  }

  @Test
  void blocksWhereTheOtherModelHasNoFigure() {
    assertBlocked(
        new NoWorseThan(Model.CHAMPION, "auc", 0, ALL),
        against(Model.CHAMPION, List.of(auc(0.9)), List.of(metric("rows", "", 500, 500))),
        "the champion has no auc to compare with");
  }

  @Test
  void blocksComparisonsOfDifferentRows() {
    assertBlocked(
        new NoWorseThan(Model.CHAMPION, "auc", 0, ALL),
        against(Model.CHAMPION, List.of(auc(0.9)), List.of(metric("auc", "", 0.8, 499))),
        "auc comes from 500 rows, the champion's from 499; only figures on the same rows compare");
  }

  @Test
  void blocksComparisonsByAMetricWithoutDirection() {
    assertBlocked(
        new Beats(Model.BASELINE, "mean-error", 0, ALL),
        challenger(metric("mean-error", "", 0, 500)),
        "mean-error has no direction in which it is better, so models can't be compared by it;"
            + " use at-least or at-most");
  }

  @Test
  void blocksOnABoundThatIsNoNumber() {
    assertBlocked(
        new AtLeast("auc", Double.NaN, ALL),
        challenger(auc(0.9)),
        "a bound of NaN can't be judged; give a finite number");
    assertBlocked(
        new NoWorseThan(Model.CHAMPION, "auc", Double.POSITIVE_INFINITY, ALL),
        challenger(auc(0.9)),
        "a bound of Infinity can't be judged; give a finite number");
  }
}
