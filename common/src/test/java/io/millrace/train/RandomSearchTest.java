package io.millrace.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.SpecException;
import io.millrace.config.AlgorithmSpec;
import io.millrace.config.TuneSpec;
import io.millrace.config.TuneSpec.Range;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RandomSearchTest {

  private static final Range DEPTHS =
      new Range(List.of(3.0, 5.0, 8.0), Optional.empty(), Optional.empty(), false);
  private static final Range RATES =
      new Range(List.of(), Optional.of(0.001), Optional.of(0.1), true);
  private static final TuneSpec SPEC =
      new TuneSpec(200, Optional.empty(), Map.of("depth", DEPTHS, "learning-rate", RATES));

  @Test
  void drawsAreOfTheSeedAlone() {
    assertThat(RandomSearch.draws(SPEC, 5)).isEqualTo(RandomSearch.draws(SPEC, 5));
    assertThat(RandomSearch.draws(SPEC, 5)).isNotEqualTo(RandomSearch.draws(SPEC, 6));
  }

  @Test
  void drawsFillTheRangesAndTheFirstIsTheSpecsOwn() {
    List<Map<String, Double>> draws = RandomSearch.draws(SPEC, 5);
    assertThat(draws).hasSize(200);
    assertThat(draws.get(0)).isEmpty();
    List<Map<String, Double>> drawn = draws.subList(1, 200);
    assertThat(drawn).allMatch(d -> DEPTHS.values().contains(d.get("depth")));
    assertThat(drawn)
        .allMatch(d -> d.get("learning-rate") >= 0.001 && d.get("learning-rate") <= 0.1);
    // The logarithm is even: half of the draws lie below the geometric mean, 0.01.
    assertThat(drawn.stream().filter(d -> d.get("learning-rate") < 0.01).count())
        .isBetween(80L, 120L);
  }

  @Test
  void bestWinsAndOfEqualOnesTheFirst() {
    AlgorithmSpec spec = TrainingData.xgboost(10, Optional.empty());
    List<Map<String, Double>> draws =
        List.of(Map.of(), Map.of("depth", 5.0), Map.of("depth", 2.0), Map.of("depth", 5.0));
    RandomSearch.Outcome<Integer> outcome =
        RandomSearch.run(
            spec,
            draws,
            TuneMetric.RMSE,
            s -> {
              int depth = ((AlgorithmSpec.Xgboost) s).depth();
              return new RandomSearch.Scored<>(depth, 10.0 - depth);
            });
    assertThat(outcome.best()).isEqualTo(5);
    assertThat(((AlgorithmSpec.Xgboost) outcome.spec()).depth()).isEqualTo(5);
    assertThat(outcome.trials())
        .containsExactly(
            new Trial(0, Map.of(), "rmse", 7, false),
            new Trial(1, Map.of("depth", 5.0), "rmse", 5, true),
            new Trial(2, Map.of("depth", 2.0), "rmse", 8, false),
            new Trial(3, Map.of("depth", 5.0), "rmse", 5, false));
  }

  @Test
  void settingsAreReplacedByTheirKeys() {
    AlgorithmSpec.Xgboost spec = TrainingData.xgboost(10, Optional.empty());
    AlgorithmSpec.Xgboost changed =
        (AlgorithmSpec.Xgboost)
            Settings.with(
                spec, Map.of("rounds", 25.4, "min-child-weight", 2.5, "early-stopping", 7.0));
    assertThat(changed.rounds()).isEqualTo(25);
    assertThat(changed.minChildWeight()).isEqualTo(2.5);
    assertThat(changed.earlyStopping()).contains(7);
    assertThat(changed.depth()).isEqualTo(spec.depth());
    assertThatThrownBy(() -> Settings.with(spec, Map.of("dept", 3.0)))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith(
            "train.tune.space.dept: no number of this algorithm; it has [rounds, depth");
  }

  @Test
  void rangesAreChecked() {
    Range both = new Range(List.of(1.0), Optional.of(0.0), Optional.of(1.0), false);
    Range zero = new Range(List.of(), Optional.of(0.0), Optional.of(1.0), true);
    Range turned = new Range(List.of(), Optional.of(2.0), Optional.of(1.0), false);
    assertFault(both, "train.tune.space.depth: give either values, or min and max");
    assertFault(zero, "train.tune.space.depth: log needs a min above 0");
    assertFault(turned, "train.tune.space.depth: min is above max");
  }

  private static void assertFault(Range range, String message) {
    TuneSpec spec = new TuneSpec(3, Optional.empty(), Map.of("depth", range));
    assertThatThrownBy(() -> RandomSearch.draws(spec, 1))
        .isInstanceOf(SpecException.class)
        .hasMessage(message);
  }
}
