package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The settings of a model that was trained by another spec, or another build. */
class StoredSpecTest {

  @Test
  void tellsDefaultsToo() {
    Map<String, String> settings =
        StoredSpec.training(
            """
            pipeline: shop
            split: {kind: by-hash, train: 0.7, tune: 0.15, test: 0.15}
            train:
              algorithm: {kind: xgboost, rounds: 10, monotone: {age: rising}}
              baseline: {kind: logistic}
              seed: 7
            """);

    assertThat(settings)
        .containsEntry("algorithm.kind", "xgboost")
        .containsEntry("algorithm.rounds", "10")
        .containsEntry("algorithm.depth", "6")
        .containsEntry("algorithm.monotone.age", "rising")
        .containsEntry("baseline.iterations", "200")
        .containsEntry("seed", "7")
        .containsEntry("workers", "2")
        .containsEntry("split.kind", "by-hash")
        .containsEntry("split.test", "0.15")
        .doesNotContainKey("algorithm.early-stopping");
  }

  @Test
  void whatThisBuildDoesNotKnowIsAsItWasWritten() {
    assertThat(StoredSpec.training("train: {algorithm: {kind: oracle, depth: 3}, seed: \"***\"}"))
        .isEqualTo(Map.of("algorithm.kind", "oracle", "algorithm.depth", "3", "seed", "***"));
    assertThat(StoredSpec.training("no: spec")).isEmpty();
    assertThat(StoredSpec.training("a: [")).isEmpty();
  }
}
