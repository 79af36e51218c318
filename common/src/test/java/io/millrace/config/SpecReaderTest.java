package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Task;
import io.millrace.config.AlgorithmSpec.Direction;
import io.millrace.config.AlgorithmSpec.Xgboost;
import io.millrace.config.SourceSpec.ColumnType;
import io.millrace.config.SourceSpec.Csv;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpecReaderTest {

  @TempDir Path folder;

  @Test
  void bindsRecordsKindsListsMapsAndDefaults() {
    PipelineSpec spec = SpecFiles.read(folder, SpecFiles.BANK);

    assertThat(spec.pipeline()).isEqualTo("bank");
    assertThat(spec.description()).isEmpty();
    assertThat(spec.every()).isEqualTo(Every.DAY);
    assertThat(spec.population().per()).isEqualTo(PopulationSpec.Per.EVENT);
    Csv csv = (Csv) spec.sources().get("clients");
    assertThat(csv.separator()).isEqualTo(";");
    assertThat(csv.time()).contains("day");
    assertThat(csv.quote()).isEqualTo("\"");
    assertThat(csv.nulls()).containsExactly("");
    assertThat(csv.header()).isTrue();
    assertThat(csv.schemaChange().missing()).isEqualTo(SourceSpec.SchemaChange.Policy.STOP);
    Xgboost xgboost = (Xgboost) spec.train().orElseThrow().algorithm();
    assertThat(xgboost.rounds()).isEqualTo(10);
    assertThat(xgboost.learningRate()).isEqualTo(0.1);
    assertThat(xgboost.earlyStopping()).isEmpty();
    assertThat(spec.promote().gates())
        .containsExactly(new PromoteSpec.AtLeast("auc", 0.7, Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"yes", "no", "on", "off", "y", "n", "true", "1", "1.10", "-1", "0x1F", "~"})
  void aTextKeepsWhatWasWritten(String written) {
    PipelineSpec spec =
        SpecFiles.read(folder, SpecFiles.bank("positive: yes", "positive: " + written));

    assertThat(spec.label().orElseThrow().positive()).contains(written);
  }

  @Test
  void keysAndItemsOfListsKeepWhatWasWrittenToo() {
    String yaml =
        SpecFiles.bank("key: [id]", "key: [id]\n    nulls: [-1, no, null]\n    types: {n: long}");

    PipelineSpec spec = SpecFiles.read(folder, yaml);

    assertThat(spec.sources().get("clients").nulls()).containsExactly("-1", "no", "null");
    assertThat(spec.sources().get("clients").types()).isEqualTo(Map.of("n", ColumnType.LONG));
  }

  @Test
  void aNumberMayBeWholeQuotedOrWithAnExponent() {
    String yaml =
        SpecFiles.bank(
            "rounds: 10",
            """
            rounds: '20'
                learning-rate: 1
                gamma: 1e-3
                alpha: .5\
            """);

    Xgboost xgboost = (Xgboost) SpecFiles.read(folder, yaml).train().orElseThrow().algorithm();

    assertThat(xgboost.rounds()).isEqualTo(20);
    assertThat(xgboost.learningRate()).isEqualTo(1.0);
    assertThat(xgboost.gamma()).isEqualTo(0.001);
    assertThat(xgboost.alpha()).isEqualTo(0.5);
  }

  @Test
  void enumsAreInKebabCase() {
    String yaml =
        SpecFiles.bank("positive: yes", "task: multi-class")
            .replace("columns: [age", "date-parts: {day: [day-of-week]}\n  columns: [age")
            .replace("rounds: 10", "rounds: 10\n    monotone: {age: rising}");

    PipelineSpec spec = SpecFiles.read(folder, yaml);

    assertThat(spec.label().orElseThrow().task()).contains(Task.MULTI_CLASS);
    assertThat(spec.features().dateParts().get("day"))
        .containsExactly(FeaturesSpec.DatePart.DAY_OF_WEEK);
    Xgboost xgboost = (Xgboost) spec.train().orElseThrow().algorithm();
    assertThat(xgboost.monotone()).isEqualTo(Map.of("age", Direction.RISING));
  }

  @Test
  void anchorsAndMergesAreYaml() {
    String yaml =
        SpecFiles.bank("sources:\n", "sources:\n  first: &base {kind: csv, path: a, trim: true}\n")
            .replace("    kind: csv\n", "    <<: *base\n    kind: csv\n");

    PipelineSpec spec = SpecFiles.read(folder, yaml);

    Csv csv = (Csv) spec.sources().get("clients");
    assertThat(csv.trim()).isTrue();
    assertThat(csv.path()).isEqualTo("data/*.csv");
  }

  @Test
  void mapsAreInTheOrderOfTheirKeysWhateverTheFileSays() {
    String yaml = SpecFiles.bank("{never: \"pdays = -1\"}", "{z: a, b: a, m: a, A: a}");

    PipelineSpec spec = SpecFiles.read(folder, yaml);

    assertThat(spec.features().expressions().keySet()).containsExactly("A", "b", "m", "z");
  }

  @Test
  void overridesAreWrittenIntoTheSpec() {
    Map<String, String> overrides =
        Map.of(
            "train.algorithm.rounds", "50",
            "train.seed", "7",
            "promote.gates.0.value", "0.8",
            "promote.gates[0].metric", "gini",
            "features.columns", "[age, pdays]",
            "sources.clients.path", "*.tsv",
            "evaluate.threshold", "0.25",
            "description", "a: b");

    PipelineSpec spec = SpecFiles.read(folder, SpecFiles.BANK, overrides);

    TrainSpec train = spec.train().orElseThrow();
    assertThat(((Xgboost) train.algorithm()).rounds()).isEqualTo(50);
    assertThat(train.seed()).isEqualTo(7);
    assertThat(spec.promote().gates())
        .isEqualTo(List.of(new PromoteSpec.AtLeast("gini", 0.8, Optional.empty())));
    assertThat(spec.features().columns()).containsExactly("age", "pdays");
    assertThat(spec.sources().get("clients").path()).isEqualTo("*.tsv");
    assertThat(spec.evaluate().threshold()).isEqualTo(0.25);
    assertThat(spec.description()).contains("a: b");
  }

  @Test
  void anOverrideFindsKeysThatHoldDots() {
    String yaml = SpecFiles.bank("key: [id]", "key: [id]\n    formats: {a.b: yyyy}");

    PipelineSpec spec =
        SpecFiles.read(folder, yaml, Map.of("sources.clients.formats.a.b", "yyyy-MM"));

    assertThat(spec.sources().get("clients").formats()).isEqualTo(Map.of("a.b", "yyyy-MM"));
  }

  @Test
  void theExampleOfTheReferenceIsRight() {
    Variables variables = Variables.of(Map.of("data", "x"), Map.of());
    Path file = SpecFiles.write(folder, "churn.yaml", SpecReference.example());

    PipelineSpec spec = SpecReader.pipeline(file, variables, Map.of());

    assertThat(spec.sources().get("customers").path()).isEqualTo("x/telco-churn/*.csv");
    assertThat(spec.promote().gates()).hasSize(3);
  }
}
