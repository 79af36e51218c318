package io.millrace.train;

import io.millrace.config.AlgorithmSpec;
import io.millrace.config.TrainSpec;
import io.millrace.model.Model;
import io.millrace.train.Learner.Learned;
import io.millrace.train.RandomSearch.Scored;
import io.millrace.train.TrainResult.Fitted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Fits the challenger and the baseline. The result depends on the set of rows, the spec and the
 * number of logical workers: not on the rows' order, their partitions, or the cluster.
 */
public final class Trainer {

  private final TrainSpec spec;
  private final Placement placement;
  private final double[] classWeights;
  private final Map<EncoderFitter.Style, Encoded> encoded =
      new EnumMap<>(EncoderFitter.Style.class);

  private Trainer(TrainSpec spec, Placement placement, double[] classWeights) {
    this.spec = spec;
    this.placement = placement;
    this.classWeights = classWeights;
  }

  /**
   * Trains.
   *
   * @throws io.millrace.SpecException when settings don't go together
   * @throws io.millrace.DataException when no model can come of the rows
   * @throws io.millrace.UnavailableException when the cluster has too few slots
   * @throws IllegalStateException when a converted model differs from its library's scores: a bug
   */
  public static TrainResult train(TrainingSet set, TrainSpec spec) {
    Preflight.check(set.rows().sparkSession(), spec, set.task());
    Algorithms.checkFeatures(spec, set.schema());
    try (Placement placement = Placement.of(set, spec.workers())) {
      Census census = Census.of(placement, spec.workers());
      List<String> warnings = new ArrayList<>(Preflight.check(census, set, spec));
      double[] weights =
          ClassWeighting.of(spec.classWeights(), set.classes(), census.trainClasses());
      Trainer trainer = new Trainer(spec, placement, weights);
      try {
        return trainer.run(census, warnings);
      } finally {
        trainer.encoded.values().forEach(Encoded::close);
      }
    }
  }

  private TrainResult run(Census census, List<String> warnings) {
    List<Trial> trials = new ArrayList<>();
    Fitted challenger = challenger(trials);
    Optional<Fitted> baseline = spec.baseline().map(this::fit);
    new TreeMap<>(challenger.dropped())
        .forEach(
            (feature, reason) ->
                warnings.add("feature " + feature + " is left out of the model: " + reason));
    return new TrainResult(
        challenger,
        baseline,
        trials,
        census.trainRows(),
        census.tuneRows(),
        Arrays.stream(census.trainClasses()).boxed().toList(),
        warnings);
  }

  private Fitted challenger(List<Trial> trials) {
    if (spec.tune().isEmpty()) {
      return fit(spec.algorithm());
    }
    TuneMetric metric =
        TuneMetric.of(spec.tune().get().metric(), placement.set().task(), spec.algorithm());
    RandomSearch.Outcome<Learned> outcome =
        RandomSearch.run(
            spec.algorithm(),
            RandomSearch.draws(spec.tune().get(), spec.seed()),
            metric,
            algorithm -> trial(algorithm, metric));
    trials.addAll(outcome.trials());
    return checked(outcome.spec(), outcome.best());
  }

  private Scored<Learned> trial(AlgorithmSpec algorithm, TuneMetric metric) {
    Algorithms.check(algorithm, "train.tune.space", placement.set().task());
    Learner learner = Algorithms.learner(algorithm, placement, spec.seed());
    Encoded rows = rows(Algorithms.style(algorithm, placement.set().task()));
    Learned learned = learner.fit(rows);
    double quantile = Algorithms.quantile(algorithm).orElse(Double.NaN);
    return new Scored<>(learned, metric.of(rows, learned.predictor(), quantile));
  }

  private Fitted fit(AlgorithmSpec algorithm) {
    Learner learner = Algorithms.learner(algorithm, placement, spec.seed());
    return checked(
        algorithm, learner.fit(rows(Algorithms.style(algorithm, placement.set().task()))));
  }

  private Fitted checked(AlgorithmSpec algorithm, Learned learned) {
    Encoded rows = rows(Algorithms.style(algorithm, placement.set().task()));
    TrainingSet set = placement.set();
    Model model = new Model(set.task(), set.classes(), rows.encoders(), learned.predictor());
    String word = Algorithms.word(algorithm);
    return new Fitted(
        model,
        word,
        Parity.check(word + " model", rows, learned),
        learned.rounds(),
        rows.encoders().dropped());
  }

  /** The encoded rows of a style, made once. */
  private Encoded rows(EncoderFitter.Style style) {
    return encoded.computeIfAbsent(
        style, s -> Encoded.of(placement, spec.encoders(), s, classWeights));
  }
}
