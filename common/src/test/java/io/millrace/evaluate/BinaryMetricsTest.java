package io.millrace.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.config.EvaluateSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BinaryMetricsTest {

  private static final EvaluateSpec.Value WORTH = new EvaluateSpec.Value(60, -10, -100, 1);

  @Test
  void countsAScoreAtTheThresholdAsPositive() {
    Map<String, Double> found =
        metrics(new double[] {0.5, 0.5, 0.4, 0.2}, new boolean[] {true, false, true, false});
    assertThat(found).containsEntry("accuracy", 0.5).containsEntry("selection-rate", 0.5);
    assertThat(found).containsEntry("value", 60.0 - 10 - 100 + 1);
    assertThat(found).containsEntry("value-per-row", -49 / 4.0);
  }

  @Test
  void clipsTheLogLossOfSureMistakes() {
    Map<String, Double> found = metrics(new double[] {0, 1}, new boolean[] {true, false});
    assertThat(found.get("log-loss")).isCloseTo(52 * Math.log(2), within(1e-12));
    assertThat(found).containsEntry("auc", 0.0).containsEntry("brier", 1.0);
    assertThat(found).containsEntry("ece", 1.0);
  }

  @Test
  void isExactWhenPerfect() {
    Map<String, Double> found =
        metrics(new double[] {1, 1, 0, 0}, new boolean[] {true, true, false, false});
    assertThat(found).containsEntry("auc", 1.0).containsEntry("average-precision", 1.0);
    assertThat(found).containsEntry("f1", 1.0).containsEntry("ece", 0.0);
  }

  @Test
  void hasNothingButTheCountAndTheTotalOfNoRows() {
    assertThat(metrics(new double[0], new boolean[0]))
        .containsOnly(Map.entry("rows", 0.0), Map.entry("value", 0.0));
  }

  @Test
  void refusesWhatIsNoProbability() {
    BinaryMetrics metrics = new BinaryMetrics(0.5);
    assertThatThrownBy(() -> metrics.add(1.5, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("score 1.5 is no probability");
    assertThatThrownBy(() -> metrics.add(Double.NaN, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("score NaN is no probability");
  }

  @Test
  void aMetricIsANumber() {
    OptionalDouble none = OptionalDouble.empty();
    assertThatThrownBy(() -> new Metric("auc", "", "", none, none, Double.NaN, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("auc is NaN; leave it out");
  }

  private static Map<String, Double> metrics(double[] scores, boolean[] positive) {
    EvaluateSpec spec = new EvaluateSpec(List.of(), 0.5, Optional.of(WORTH), Optional.empty());
    return BinaryMetrics.of(scores, positive, 0.5).metrics(Slice.ALL, spec).stream()
        .collect(Collectors.toMap(Metric::metric, Metric::value));
  }
}
