package io.millrace.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How models are made. */
@Doc("How models are made.")
public record TrainSpec(
    @Doc("The learner of the model.") AlgorithmSpec algorithm,
    @Doc("The learner of the simple model beside it, which it should beat.")
        Optional<AlgorithmSpec> baseline,
    @Doc(
            "Logical workers of distributed training. Part of the result's identity: the same"
                + " number gives the same model on any cluster.")
        @Default("2")
        @Within("[1, )")
        int workers,
    @Doc("Seed of everything that draws.") @Default("0") long seed,
    @Doc("How many of the last dates train; absent: all.") @Within("[1, )")
        Optional<Integer> history,
    @Doc("Encoders that overrule the default of a feature's kind.") @Default("{}")
        Map<String, EncoderSpec> encoders,
    @Doc("Weight of each class by its label; balanced: inverse to its frequency.")
        Optional<ClassWeights> classWeights,
    @Doc("Random search over the algorithm's settings.") Optional<TuneSpec> tune,
    @Doc("What is looked for before training: features that know the outcome.") @Default("{}")
        Audit audit) {

  public TrainSpec {
    encoders = SortedMaps.copyOf(encoders);
  }

  /** The search for features that know the outcome. */
  @Doc("The search for features that know the outcome, before training.")
  public record Audit(
      @Doc("warn, or stop before anything is trained.") @Default("warn") OnLeak onLeak,
      @Doc("Features that are not looked at.") @Default("[]") List<String> ignore) {

    public Audit {
      ignore = List.copyOf(ignore);
    }
  }

  /** What a leak does. */
  public enum OnLeak {
    WARN,
    STOP
  }

  /** Weights of classes. */
  @Doc("Weights of classes.")
  public record ClassWeights(
      @Doc("Weigh each class inversely to its frequency.") @Default("false") boolean balanced,
      @Doc("Weight by label.") @Default("{}") @Within("(0, )") Map<String, Double> weights) {

    public ClassWeights {
      weights = SortedMaps.copyOf(weights);
    }
  }
}
