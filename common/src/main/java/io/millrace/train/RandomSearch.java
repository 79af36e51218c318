package io.millrace.train;

import io.millrace.SpecException;
import io.millrace.config.AlgorithmSpec;
import io.millrace.config.TuneSpec;
import io.millrace.config.TuneSpec.Range;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Random search (Bergstra and Bengio 2012) with a bounded number of trials. Trial 0 has the spec's
 * own settings; the draws come from the seed alone.
 */
final class RandomSearch {

  private RandomSearch() {}

  /**
   * The winner and all trials.
   *
   * @param best what the fit of the winning trial gave
   */
  record Outcome<T>(AlgorithmSpec spec, T best, List<Trial> trials) {}

  /** What one trial gave. */
  record Scored<T>(T fitted, double value) {}

  /**
   * Fits every trial; the best value wins, and of equal ones the first.
   *
   * @param fit fits the settings and scores the rows that tune
   */
  static <T> Outcome<T> run(
      AlgorithmSpec spec,
      List<Map<String, Double>> draws,
      TuneMetric metric,
      Function<AlgorithmSpec, Scored<T>> fit) {
    List<Double> values = new ArrayList<>();
    T best = null;
    double bestValue = metric.worst();
    int winner = 0;
    for (int i = 0; i < draws.size(); i++) {
      Scored<T> scored = fit.apply(Settings.with(spec, draws.get(i)));
      values.add(scored.value());
      if (i == 0 || metric.better(scored.value(), bestValue)) {
        best = scored.fitted();
        bestValue = scored.value();
        winner = i;
      }
    }
    List<Trial> trials = new ArrayList<>();
    for (int i = 0; i < draws.size(); i++) {
      trials.add(new Trial(i, draws.get(i), metric.word(), values.get(i), i == winner));
    }
    return new Outcome<>(Settings.with(spec, draws.get(winner)), best, trials);
  }

  /**
   * The settings of each trial: none for the first, then {@code trials - 1} draws.
   *
   * @throws SpecException when there is no trial, or a range holds no value
   */
  static List<Map<String, Double>> draws(TuneSpec spec, long seed) {
    if (spec.trials() < 1 || spec.trials() > 1000) {
      throw new SpecException("train.tune.trials: must be from 1 to 1000, but is " + spec.trials());
    }
    // A map's own order differs from process to process.
    Map<String, Range> space = new TreeMap<>(spec.space());
    space.forEach(RandomSearch::check);
    Random random = new Random(seed);
    List<Map<String, Double>> draws = new ArrayList<>(List.of(Map.of()));
    for (int i = 1; i < spec.trials(); i++) {
      Map<String, Double> settings = new TreeMap<>();
      space.forEach((key, range) -> settings.put(key, draw(range, random)));
      draws.add(Collections.unmodifiableMap(settings));
    }
    return draws;
  }

  private static double draw(Range range, Random random) {
    if (!range.values().isEmpty()) {
      return range.values().get(random.nextInt(range.values().size()));
    }
    double min = range.min().orElseThrow();
    double max = range.max().orElseThrow();
    double u = random.nextDouble();
    return range.log()
        ? StrictMath.exp(StrictMath.log(min) + u * (StrictMath.log(max) - StrictMath.log(min)))
        : min + u * (max - min);
  }

  private static void check(String key, Range range) {
    boolean interval = range.min().isPresent() && range.max().isPresent();
    if (interval == !range.values().isEmpty()) {
      throw new SpecException("train.tune.space." + key + ": give either values, or min and max");
    }
    if (interval && !(range.min().get() <= range.max().get())) {
      throw new SpecException("train.tune.space." + key + ": min is above max");
    }
    if (interval && range.log() && !(range.min().get() > 0)) {
      throw new SpecException("train.tune.space." + key + ": log needs a min above 0");
    }
  }
}
