package io.millrace.config;

import io.millrace.Nearest;
import io.millrace.Task;
import io.millrace.config.FeaturesSpec.FeatureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether training, evaluation and gates fit the label, the features and each other. */
final class ModelCheck {

  private final PipelineSpec spec;
  private final Faults faults;
  private final Optional<Task> task;

  ModelCheck(PipelineSpec spec, Faults faults) {
    this.spec = spec;
    this.faults = faults;
    this.task = spec.label().flatMap(LabelCheck::task);
  }

  void check() {
    spec.train().ifPresent(this::train);
    gates();
    featureKeys();
    if (spec.evaluate().value().isPresent()) {
      onlyBinary(KeyPath.of("evaluate", "value"));
    }
    if (spec.evaluate().top().isPresent()) {
      onlyBinary(KeyPath.of("evaluate", "top"));
    }
    if (spec.split() instanceof SplitSpec.ByPeriod split && split.withoutKnown().isPresent()) {
      onlyBinary(KeyPath.of("split", "without-known"));
    }
  }

  private void onlyBinary(KeyPath at) {
    if (task.isPresent() && task.get() != Task.BINARY) {
      faults.add(at, "only for task binary, not " + word(task.get()) + "; take it away");
    }
  }

  private void train(TrainSpec train) {
    if (spec.label().isEmpty()) {
      faults.add(KeyPath.of("label"), "missing, but train needs it; add label or take train away");
    }
    learner(train.algorithm(), KeyPath.of("train", "algorithm"));
    train.baseline().ifPresent(b -> learner(b, KeyPath.of("train", "baseline")));
    Optional<Task> other = train.baseline().flatMap(ModelCheck::only);
    Optional<Task> own = only(train.algorithm());
    if (task.isEmpty() && own.isPresent() && other.isPresent() && !own.equals(other)) {
      faults.add(
          KeyPath.of("train", "baseline", "kind"),
          "learns " + noun(other.get()) + ", the algorithm " + noun(own.get()) + "; change one");
    }
    train.classWeights().ifPresent(this::classWeights);
    stoppingRows(train);
  }

  /** The task that alone a learner can do; any classification stands as binary. */
  private static Optional<Task> only(AlgorithmSpec learner) {
    if (learner instanceof AlgorithmSpec.Logistic) {
      return Optional.of(Task.BINARY);
    }
    boolean quantile = learner instanceof AlgorithmSpec.Xgboost x && x.quantile().isPresent();
    return quantile || learner instanceof AlgorithmSpec.Linear
        ? Optional.of(Task.REGRESSION)
        : Optional.empty();
  }

  private static String noun(Task task) {
    return task == Task.REGRESSION ? "numbers" : "classes";
  }

  private static String word(Task task) {
    return Words.kebab(task.name());
  }

  private void learner(AlgorithmSpec learner, KeyPath at) {
    Optional<Task> only = only(learner);
    if (task.isEmpty() || only.isEmpty()) {
      return;
    }
    boolean wantsNumbers = task.get() == Task.REGRESSION;
    boolean learnsNumbers = only.get() == Task.REGRESSION;
    if (wantsNumbers != learnsNumbers) {
      boolean quantile = learner instanceof AlgorithmSpec.Xgboost;
      String mend =
          wantsNumbers ? "choose xgboost, linear or random-forest" : "choose another kind";
      faults.add(
          at.then(quantile ? "quantile" : "kind"),
          "learns "
              + noun(only.get())
              + ", but the task is "
              + word(task.get())
              + "; "
              + (quantile ? "take it away" : mend));
    }
  }

  private void classWeights(TrainSpec.ClassWeights weights) {
    KeyPath at = KeyPath.of("train", "class-weights");
    boolean numbers =
        task.isPresent()
            ? task.get() == Task.REGRESSION
            : only(spec.train().orElseThrow().algorithm()).equals(Optional.of(Task.REGRESSION));
    if (numbers) {
      faults.add(at, "only for classes, but the task is regression; take them away");
    }
    Optional<String> positive = spec.label().flatMap(LabelSpec::positive);
    Optional<String> negative = spec.label().flatMap(LabelSpec::negative);
    if (positive.isPresent() && negative.isPresent()) {
      List<String> labels = List.of(positive.get(), negative.get());
      for (String label : weights.weights().keySet()) {
        if (!labels.contains(label)) {
          String mend = Nearest.mend(label, labels, "labels");
          faults.add(at.then("weights", label), "no label " + label + "; " + mend);
        }
      }
    }
  }

  private void stoppingRows(TrainSpec train) {
    boolean none =
        (spec.split() instanceof SplitSpec.ByFile file && file.tune() == 0)
            || (spec.split() instanceof SplitSpec.ByPeriod periods && periods.tune() == 0);
    String fault = "needs tune rows, and split.tune is 0; raise it or take this away";
    if (none && train.tune().isPresent()) {
      faults.add(KeyPath.of("train", "tune"), fault);
    }
    if (none
        && train.algorithm() instanceof AlgorithmSpec.Xgboost x
        && x.earlyStopping().isPresent()) {
      faults.add(KeyPath.of("train", "algorithm", "early-stopping"), fault);
    }
  }

  private void gates() {
    List<PromoteSpec.Gate> gates = spec.promote().gates();
    if (!gates.isEmpty() && spec.train().isEmpty()) {
      faults.add(
          KeyPath.of("promote", "gates"), "nothing is trained; add train or take the gates away");
    }
    boolean baseline = spec.train().flatMap(TrainSpec::baseline).isPresent();
    for (int i = 0; i < gates.size(); i++) {
      KeyPath at = KeyPath.of("promote", "gates", i);
      if (other(gates.get(i)).equals(Optional.of(PromoteSpec.Model.BASELINE))
          && spec.train().isPresent()
          && !baseline) {
        faults.add(at.then("model"), "there is no baseline; add train.baseline");
      }
      Optional<String> slice = gates.get(i).slice().map(PromoteSpec.Slice::column);
      if (gates.get(i).metric().equals("precision-at-k") && spec.evaluate().top().isEmpty()) {
        faults.add(at.then("metric"), "precision-at-k isn't measured; add evaluate.top");
      }
      if (slice.isPresent() && !spec.evaluate().slices().contains(slice.get())) {
        faults.add(
            at.then("slice", "column"),
            slice.get() + " isn't evaluated; add it to evaluate.slices");
      }
    }
  }

  private static Optional<PromoteSpec.Model> other(PromoteSpec.Gate gate) {
    if (gate instanceof PromoteSpec.Beats beats) {
      return Optional.of(beats.model());
    }
    return gate instanceof PromoteSpec.NoWorseThan noWorse
        ? Optional.of(noWorse.model())
        : Optional.empty();
  }

  /** Where all features are known by name, a key that should be one of them must be. */
  private void featureKeys() {
    Map<String, FeatureKind> kinds = spec.features().kinds();
    List<KeyPath> at = new ArrayList<>();
    kinds.keySet().forEach(name -> at.add(KeyPath.of("features", "kinds", name)));
    if (spec.train().isPresent()) {
      TrainSpec train = spec.train().get();
      train.encoders().forEach((name, encoder) -> encoder(name, encoder, kinds.get(name)));
      train.encoders().keySet().forEach(n -> at.add(KeyPath.of("train", "encoders", n)));
      if (train.algorithm() instanceof AlgorithmSpec.Xgboost x) {
        x.monotone().keySet().forEach(n -> monotone(n, kinds.get(n)));
        x.monotone().keySet().forEach(n -> at.add(KeyPath.of("train", "algorithm", "monotone", n)));
      }
    }
    List<String> names = FeaturesCheck.names(spec.features());
    for (KeyPath path : spec.features().columns().isEmpty() ? List.<KeyPath>of() : at) {
      String name = (String) path.segments().get(path.segments().size() - 1);
      if (!names.contains(name)) {
        faults.add(path, "no feature " + name + "; " + Nearest.mend(name, names, "features"));
      }
    }
  }

  private void encoder(String name, EncoderSpec encoder, FeatureKind kind) {
    boolean numeric = encoder instanceof EncoderSpec.Numeric;
    boolean fits = kind != (numeric ? FeatureKind.CATEGORY : FeatureKind.NUMERIC);
    if (!fits) {
      String word = encoder.getClass().getAnnotation(Kind.class).value();
      faults.add(
          KeyPath.of("train", "encoders", name, "kind"),
          word
              + " doesn't fit the kind "
              + Words.kebab(kind.name())
              + " of features.kinds; change one");
    }
  }

  private void monotone(String name, FeatureKind kind) {
    if (kind == FeatureKind.CATEGORY) {
      faults.add(
          KeyPath.of("train", "algorithm", "monotone", name),
          "a category neither rises nor falls; take it away or change features.kinds");
    }
  }
}
