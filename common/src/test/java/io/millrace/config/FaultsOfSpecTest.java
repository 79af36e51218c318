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

/** Faults that binding finds: one sort of fault and its whole message a row. */
class FaultsOfSpecTest {

  private static final String DEPTH = "rounds, depth, learning-rate, early-stopping, ";
  private static final String REST =
      "min-child-weight, subsample, column-sample, lambda, alpha, gamma, max-bins, quantile,"
          + " max-categories-one-hot, max-categories-split, monotone";

  @TempDir Path folder;

  static Stream<Arguments> spoilt() {
    return Stream.of(
        arguments(
            "rounds: 10",
            "roundz: 10",
            "train.algorithm.roundz: unknown key; did you mean rounds?"),
        arguments(
            "rounds: 10",
            "learningRate: 1",
            "train.algorithm.learningRate: unknown key; did you mean learning-rate?"),
        arguments(
            "rounds: 10",
            "zzz: 10",
            "train.algorithm.zzz: unknown key; known keys: kind, " + DEPTH + REST),
        arguments(
            "kind: logistic",
            "kind: logistic\n    rounds: 3",
            "train.baseline.rounds: a key of xgboost, not of logistic; take it away or choose"
                + " xgboost"),
        arguments(
            "source: clients",
            "sorce: clients",
            "population.sorce: unknown key; did you mean source?"),
        arguments(
            "rounds: 10",
            "rounds: many",
            "train.algorithm.rounds: expected a whole number, found \"many\""),
        arguments(
            "rounds: 10",
            "rounds: 10.5",
            "train.algorithm.rounds: expected a whole number, found \"10.5\""),
        arguments(
            "rounds: 10",
            "rounds: 3000000000",
            "train.algorithm.rounds: expected a whole number of at most 32 bits, found"
                + " \"3000000000\""),
        arguments(
            "rounds: 10",
            "rounds: 0",
            "train.algorithm.rounds: expected a number at least 1, found 0"),
        arguments(
            "rounds: 10",
            "subsample: 1.5",
            "train.algorithm.subsample: expected a number above 0 and at most 1, found 1.5"),
        arguments(
            "rounds: 10",
            "quantile: 1",
            "train.algorithm.quantile: expected a number above 0 and below 1, found 1"),
        arguments(
            "rounds: 10", "gamma: NaN", "train.algorithm.gamma: expected a number, found \"NaN\""),
        arguments(
            "rounds: 10",
            "gamma: 1e999",
            "train.algorithm.gamma: expected a number that fits 64 bits, found \"1e999\""),
        arguments(
            "rounds: 10",
            "rounds:",
            "train.algorithm.rounds: no value; write one or take the key away"),
        arguments(
            "time: day",
            "header: no",
            "sources.clients.header: expected true or false, found \"no\""),
        arguments(
            "key: [id]",
            "key: id",
            "sources.clients.key: expected a list, found \"id\"; write [id]"),
        arguments(
            "columns: [age, job, pdays]",
            "kinds: [age]",
            "features.kinds: expected a map, found a list"),
        arguments(
            "positive: yes", "positive: [yes]", "label.positive: expected a text, found a list"),
        arguments(
            "slices: [job]",
            "slices: [{a: b}]",
            "evaluate.slices[0]: expected a text, found a map"),
        arguments(
            "per: event",
            "per: evnt",
            "population.per: expected one of entity, event, found \"evnt\"; did you mean event?"),
        arguments(
            "per: event",
            "per: never",
            "population.per: expected one of entity, event, found \"never\""),
        arguments(
            "source: clients, ",
            "",
            "population.source: missing; add it: the source whose rows are scored"),
        arguments(
            "kind: xgboost",
            "kind: xgbost",
            "train.algorithm.kind: unknown kind \"xgbost\"; did you mean xgboost?"),
        arguments(
            "kind: xgboost",
            "kind: neural",
            "train.algorithm.kind: unknown kind \"neural\"; known kinds: xgboost, logistic, linear,"
                + " random-forest"),
        arguments(
            "    kind: xgboost\n",
            "",
            "train.algorithm.kind: missing; add kind: one of xgboost, logistic, linear,"
                + " random-forest"),
        arguments(
            "gate: at-least",
            "gate: atleast",
            "promote.gates[0].gate: unknown gate \"atleast\"; did you mean at-least?"),
        arguments(
            "{source: clients, per: event}",
            "clients",
            "population: expected a map, found \"clients\" with the keys source, per"),
        arguments(
            "{kind: column, column: y, positive: yes}",
            "y",
            "label: expected a map, found \"y\"; it starts with kind: one of column, expression,"
                + " source"));
  }

  @ParameterizedTest
  @MethodSource("spoilt")
  void namesPlaceFaultAndMend(String right, String wrong, String message) {
    assertThat(SpecFiles.faults(folder, SpecFiles.bank(right, wrong), Map.of()))
        .isEqualTo("bank.yaml: " + message);
  }

  static Stream<Arguments> overrides() {
    return Stream.of(
        arguments(
            "train.algorithm.roundz",
            "5",
            "--set: train.algorithm.roundz: unknown key; did you mean rounds?"),
        arguments(
            "train.algorithm.rounds",
            "many",
            "--set: train.algorithm.rounds: expected a whole number, found \"many\""),
        arguments("trian.seed", "5", "--set: trian: unknown key; did you mean train?"),
        arguments(
            "train.algorithm.rounds.x",
            "5",
            "--set: train.algorithm.rounds.x: no key x in the text \"10\"; give the path of a key"
                + " as it stands in the file"),
        arguments(
            "promote.gates.4.value",
            "5",
            "--set: promote.gates.4.value: no position 4 in a list of 1; give the path of a key as"
                + " it stands in the file"),
        arguments(
            "features.columns",
            "[a",
            "--set: features.columns: not YAML: [a; close its brackets and quotes"),
        arguments(
            "onwer",
            "me",
            "--set: onwer: neither a key nor a variable of this spec; did you mean owner?"));
  }

  @ParameterizedTest
  @MethodSource("overrides")
  void namesTheOverride(String path, String value, String message) {
    assertThat(SpecFiles.faults(folder, SpecFiles.BANK, Map.of(path, value))).isEqualTo(message);
  }

  @Test
  void reportsAllFaultsTogether() {
    String yaml =
        SpecFiles.bank("rounds: 10", "roundz: 10\n    depth: deep")
                .replace("per: event", "per: evnt")
                .replace("separator: \";\"", "separator: \"||\"")
                .replace("train: 0.7", "train: 0.8")
            + "pipeline: again\n";

    assertThat(SpecFiles.faults(folder, yaml, Map.of("promote.gates.0.value", "high")))
        .isEqualTo(
            """
            bank.yaml: pipeline: written twice, in lines 1 and 28; keep one
            bank.yaml: sources.clients.separator: expected one character or \\t, found "||"
            bank.yaml: population.per: expected one of entity, event, found "evnt"; did you mean \
            event?
            bank.yaml: split: train, tune and test sum to 1.1; make them sum to 1
            bank.yaml: train.algorithm.roundz: unknown key; did you mean rounds?
            bank.yaml: train.algorithm.depth: expected a whole number, found "deep"
            --set: promote.gates[0].value: expected a number, found "high\"\
            """);
  }
}
