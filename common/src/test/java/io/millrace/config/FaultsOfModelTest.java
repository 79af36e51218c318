package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults of training, evaluation and gates. */
class FaultsOfModelTest {

  private static final String REGRESSION =
      SpecFiles.bank("positive: yes", "task: regression").replace("kind: logistic", "kind: linear");

  @TempDir Path folder;

  static Stream<Arguments> spoilt() {
    return Stream.of(
        arguments(
            "kind: logistic",
            "kind: linear",
            "train.baseline.kind: learns numbers, but the task is binary; choose another kind"),
        arguments(
            "rounds: 10",
            "quantile: 0.9",
            "train.algorithm.quantile: learns numbers, but the task is binary; take it away"),
        arguments(
            "rounds: 10",
            "monotone: {agee: rising}",
            "train.algorithm.monotone.agee: no feature agee; did you mean age?"),
        arguments(
            "  baseline:",
            "  encoders: {nevr: {kind: target}}\n  baseline:",
            "train.encoders.nevr: no feature nevr; did you mean never?"),
        arguments(
            "  baseline:",
            "  class-weights: {}\n  baseline:",
            "train.class-weights: neither balanced nor weights; write balanced: true, or a weight"
                + " per label"),
        arguments(
            "  baseline:",
            "  class-weights: {balanced: true, weights: {yes: 2}}\n  baseline:",
            "train.class-weights: both balanced and weights; keep one"),
        tune("{roundz: {values: [1, 2]}}", ".roundz: no setting of xgboost; did you mean rounds?"),
        tune("{}", ": empty; name settings of the algorithm and the values to draw from"),
        tune("{depth: {values: [1.5]}}", ".depth: takes whole numbers, found 1.5"),
        tune(
            "{subsample: {min: 0.5, max: 2}}",
            ".subsample: takes numbers above 0 and at most 1, found 2"),
        tune(
            "{depth: {values: [1], min: 2}}",
            ".depth: both values and an interval; write values: [...], or min and max"),
        tune(
            "{depth: {}}",
            ".depth: neither values nor an interval; write values: [...], or min and max"),
        tune("{depth: {min: 1}}", ".depth: an interval with one end; write min and max"),
        tune("{depth: {min: 3, max: 2}}", ".depth: min isn't below max; swap or widen them"),
        tune(
            "{gamma: {min: 0, max: 2, log: true}}",
            ".gamma.min: the logarithm needs a min above 0; raise it or drop log"),
        arguments(
            "  baseline:\n    kind: logistic\n",
            "",
            "promote.gates[0].model: there is no baseline; add train.baseline"),
        arguments(
            "metric: auc",
            "slice: {column: sex}, metric: auc",
            "promote.gates[0].slice.column: sex isn't evaluated; add it to evaluate.slices"),
        arguments(
            "label: {kind: column, column: y, positive: yes}\n",
            "",
            "label: missing, but train needs it; add label or take train away"),
        arguments(
            "{kind: by-hash, train: 0.7, tune: 0.15, test: 0.15}\ntrain:",
            """
            {kind: by-file, test: a*, tune: 0}
            train:
              tune: {trials: 2, space: {depth: {values: [1, 2]}}}\
            """,
            "train.tune: needs tune rows, and split.tune is 0; raise it or take this away"));
  }

  private static Arguments tune(String space, String message) {
    String yaml = "  tune: {trials: 3, space: " + space + "}\n  baseline:";
    return arguments("  baseline:", yaml, "train.tune.space" + message);
  }

  @ParameterizedTest
  @MethodSource("spoilt")
  void namesPlaceFaultAndMend(String right, String wrong, String message) {
    String gate = "{gate: at-least, metric: auc, value: 0.7}";
    String beats = "{gate: beats, model: baseline, metric: auc}";
    String yaml = SpecFiles.bank(right, wrong).replace(gate, beats);

    assertThat(SpecFiles.faults(folder, yaml, Map.of())).isEqualTo("bank.yaml: " + message);
  }

  @Test
  void aRegressionMayEncodeByTarget() {
    String yaml =
        REGRESSION.replace("  baseline:", "  encoders: {job: {kind: target}}\n  baseline:");

    assertThat(SpecFiles.faults(folder, yaml, Map.of())).isEqualTo("no fault");
  }

  @Test
  void aRegressionHasNoClasses() {
    String yaml =
        REGRESSION
            .replace("kind: linear", "kind: logistic")
            .replace("  baseline:", "  class-weights: {balanced: true}\n  baseline:")
            .replace("  slices: [job]", "  value: {true-positive: 1}");

    assertThat(SpecFiles.faults(folder, yaml, Map.of()))
        .isEqualTo(
            """
            bank.yaml: train.baseline.kind: learns classes, but the task is regression; choose \
            xgboost, linear or random-forest
            bank.yaml: train.class-weights: only for classes, but the task is regression; take \
            them away
            bank.yaml: evaluate.value: only for task binary, not regression; take it away\
            """);
  }

  @Test
  void theTwoLearnersDoTheSameTask() {
    String yaml = SpecFiles.bank(", positive: yes", "").replace("rounds: 10", "quantile: 0.9");

    assertThat(SpecFiles.faults(folder, yaml, Map.of()))
        .isEqualTo(
            "bank.yaml: train.baseline.kind: learns classes, the algorithm numbers; change one");
  }

  @Test
  void gatesNeedAModel() {
    int train = SpecFiles.BANK.indexOf("train:\n");
    String yaml =
        SpecFiles.BANK.substring(0, train)
            + SpecFiles.BANK.substring(SpecFiles.BANK.indexOf("evaluate:"));

    assertThat(SpecFiles.faults(folder, yaml, Map.of()))
        .isEqualTo(
            "bank.yaml: promote.gates: nothing is trained; add train or take the gates away");
  }

  @Test
  void kindsEncodersAndConstraintsFitEachOther() {
    String yaml =
        SpecFiles.bank("columns: [age,", "kinds: {age: numeric, job: category}\n  columns: [age,")
            .replace("rounds: 10", "monotone: {job: rising}")
            .replace(
                "  baseline:",
                "  encoders: {age: {kind: one-hot}, job: {kind: numeric}}\n  baseline:");

    assertThat(SpecFiles.faults(folder, yaml, Map.of()))
        .isEqualTo(
            """
            bank.yaml: train.encoders.age.kind: one-hot doesn't fit the kind numeric of \
            features.kinds; change one
            bank.yaml: train.encoders.job.kind: numeric doesn't fit the kind category of \
            features.kinds; change one
            bank.yaml: train.algorithm.monotone.job: a category neither rises nor falls; take it \
            away or change features.kinds\
            """);
  }

  @Test
  void weightsAreOfLabelsThatThereAre() {
    String yaml =
        SpecFiles.bank("positive: yes", "positive: yes, negative: no")
            .replace("  baseline:", "  class-weights: {weights: {yse: 2}}\n  baseline:");

    assertThat(SpecFiles.faults(folder, yaml, Map.of()))
        .isEqualTo("bank.yaml: train.class-weights.weights.yse: no label yse; did you mean yes?");
  }
}
