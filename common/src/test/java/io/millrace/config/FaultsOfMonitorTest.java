package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millrace.config.RetrainRule.Limit;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FaultsOfMonitorTest {

  @TempDir Path folder;

  static Stream<Arguments> faults() {
    return Stream.of(
        arguments(
            "monitor: {drift: {warn: 0.3}}",
            "monitor.drift.warn: 0.3 isn't below stop, 0.25; lower it or raise stop"),
        arguments(
            "monitor: {drift: {columns: {age: {warn: 0.2, stop: 0.2}}}}",
            "monitor.drift.columns.age.warn: 0.2 isn't below stop, 0.2; lower it or raise stop"),
        arguments(
            "monitor: {drift: {columns: {pday: {warn: 0.2, stop: 0.5}}}}",
            "monitor.drift.columns.pday: nothing watched is named pday; did you mean pdays?"),
        arguments(
            "monitor: {drift: {columns: {zzzzzz: {warn: 0.2, stop: 0.5}}}}",
            "monitor.drift.columns.zzzzzz: nothing watched is named zzzzzz; known columns: age,"
                + " job, label, never, pdays, prediction, probability"),
        arguments(
            "monitor: {retrain: {when: 3 of 5 dates over warn}}",
            "monitor.retrain.when: no rule: 3 of 5 dates over warn; write it like 3 of last 5 dates"
                + " over warn"),
        arguments(
            "monitor: {retrain: {when: 0 of last 5 dates over stop}}",
            "monitor.retrain.when: no date over the limit would be enough; ask for 1 or more"),
        arguments(
            "monitor: {retrain: {when: 6 of last 5 dates over stop}}",
            "monitor.retrain.when: 6 of 5 dates can't be; lower the first number or raise the"
                + " second"),
        arguments(
            "release: {hold-when: [feature-stop, feature-stop]}",
            "release.hold-when[1]: feature-stop stands in the list twice; keep one"),
        arguments(
            "release: {hold-when: [feature-stop, check-warn]}",
            "release.hold-when[1]: check-warn, but no source is checked; add validate or take it"
                + " away"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void eachFaultNamesItsMend(String yaml, String message) {
    String spec = SpecFiles.BANK + yaml + "\n";
    assertThat(SpecFiles.message(folder, () -> SpecFiles.read(folder, spec)))
        .endsWith(": " + message)
        .hasLineCount(1);
  }

  @Test
  void whatNothingTrainsCannotBeTrainedAgain() {
    String yaml =
        """
        pipeline: features-only
        sources: {clients: {kind: csv, path: data/*.csv, key: [id]}}
        population: {source: clients, per: entity}
        monitor: {retrain: {when: 1 of last 1 date over stop}}
        """;
    assertThat(SpecFiles.message(folder, () -> SpecFiles.read(folder, yaml)))
        .endsWith("monitor.retrain: nothing is trained; add train or take retrain away");
  }

  @Test
  void rightOnesAreTaken() {
    String yaml =
        SpecFiles.BANK
            + """
            monitor:
              drift:
                columns:
                  never: {warn: 0.05, stop: 0.1}
                  probability: {warn: 0.05, stop: 0.1}
              retrain: {when: 3 of last 5 dates over warn}
            release: {hold-when: [feature-stop, prediction-warn]}
            """;
    PipelineSpec spec = SpecFiles.read(folder, yaml);
    assertThat(spec.monitor().retrain().flatMap(r -> RetrainRule.parse(r.when())))
        .contains(new RetrainRule(3, 5, Limit.WARN));
  }

  @Test
  void whereFeaturesAreNotListedAnyColumnMayBeOne() {
    String yaml =
        SpecFiles.bank("columns: [age, job, pdays]", "columns: []")
            + "monitor: {drift: {columns: {other: {warn: 0.2, stop: 0.5}}}}\n";
    assertThat(SpecFiles.message(folder, () -> SpecFiles.read(folder, yaml))).isEqualTo("no fault");
  }

  @Test
  void rulesAreReadAndWritten() {
    assertThat(RetrainRule.parse("1 of last 1 date over stop"))
        .contains(new RetrainRule(1, 1, Limit.STOP))
        .map(RetrainRule::toString)
        .contains("1 of last 1 dates over stop");
    assertThat(RetrainRule.parse("3 of last 5 dates over warning")).isEmpty();
    assertThat(RetrainRule.parse("")).isEmpty();
  }
}
