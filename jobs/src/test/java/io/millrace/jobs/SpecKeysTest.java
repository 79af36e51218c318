package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.CanonicalJson;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SpecReader;
import io.millrace.config.Variables;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecKeysTest {

  @TempDir Path folder;

  /** All that ids of runs are hashes of. */
  private List<String> keys(String more) {
    Path file = folder.resolve("shop.yaml");
    Shop.write(file, Shop.SPEC + more);
    PipelineSpec spec =
        SpecReader.pipeline(file, Variables.of(Map.of("data", "data"), Map.of()), Map.of());
    return Stream.of(
            SpecKeys.ingest(spec, "shop_visits"),
            SpecKeys.ingest(spec, "shop_sales"),
            SpecKeys.label(spec),
            SpecKeys.features(spec),
            SpecKeys.train(spec, 1),
            SpecKeys.evaluate(spec),
            SpecKeys.promote(spec),
            SpecKeys.score(spec),
            spec.monitor(),
            spec.release(),
            spec.validate())
        .map(CanonicalJson::of)
        .toList();
  }

  @Test
  void whenAPipelineIsRunIsNoPartOfAnyRun() {
    String schedule = "schedule: {daily: 0 6 * * *, train: 0 5 1 * *, tasks: stages, retries: 9}\n";
    assertThat(keys(schedule)).isEqualTo(keys(""));
    assertThat(keys("erase: {models: accept}\n")).isEqualTo(keys(""));
    assertThat(keys("erase: {models: retrain}\n")).isNotEqualTo(keys(""));
    assertThat(keys("every: week\n")).isNotEqualTo(keys(""));
  }
}
